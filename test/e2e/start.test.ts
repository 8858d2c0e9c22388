import { execFile, spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readExample } from '../../scripts/examples.mjs';
import type { CreatePaymentSessionMutation } from '../../client/src/generated/operations.js';
import { itInBrowser, launchBrowser } from '../support/browser.js';
import { freePort } from '../support/free-port.js';
import { PROGRAM_ENVIRONMENT } from '../support/processes.js';
import { until } from '../support/until.js';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

const folder = mkdtempSync(join(tmpdir(), 'start-test-'));

let launcher: ChildProcess;
let printed = '';

/** The program that `npm start` runs after a build. */
beforeAll(async () => {
  const environment = {
    ...PROGRAM_ENVIRONMENT,
    PORT: String(await freePort()),
    SANDBOX_PORT: String(await freePort()),
    DATABASE_URL: `sqlite:${join(folder, 'payments.db')}`,
  };
  launcher = spawn(process.execPath, ['scripts/start.mjs'], { cwd: ROOT, env: environment });
  await new Promise<void>((resolve, reject) => {
    launcher.stdout?.on('data', (chunk: Buffer) => {
      printed += chunk.toString();
      if (/^curl .+\n/m.test(printed)) resolve();
    });
    launcher.stderr?.on('data', (chunk: Buffer) => (printed += chunk.toString()));
    launcher.once('exit', () => reject(new Error(printed)));
  });
});

afterAll(async () => {
  launcher.kill('SIGTERM');
  const [code] = (await once(launcher, 'exit')) as [number | null];
  rmSync(folder, { recursive: true });
  expect(code).toBe(0);
});

const printedLine = (): string => /^curl .+$/m.exec(printed)?.[0] ?? '';

/** The printed line with another idempotency key, which makes another payment. */
const lineWithFreshKey = (): string => printedLine().replace(/(?<="idempotencyKey":")[^"]+/, randomUUID());

/** Runs a line in a shell and resolves to the paymentUrl of the payment. */
async function paste(line: string): Promise<string> {
  const { stdout } = await promisify(execFile)('sh', ['-c', line]);
  const { data } = JSON.parse(stdout) as { data: CreatePaymentSessionMutation };
  const result = data.createPaymentSession;
  if (result.__typename !== 'CreatePaymentSessionSuccess') throw new Error(stdout);
  return result.paymentSession.paymentUrl ?? '';
}

describe('npm start', () => {
  it('prints a curl command that makes a payment', async () => {
    expect(await paste(printedLine())).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/app\/\?sessionId=/);
  });

  it('connects the webhooks of the sandbox to the gateway', async () => {
    const paymentUrl = new URL(await paste(lineWithFreshKey()));
    const session = `${paymentUrl.origin}/sandbox/sessions/${paymentUrl.searchParams.get('sessionId') ?? ''}`;
    const headers = { 'content-type': 'application/json' };
    await fetch(`${session}/status`, { method: 'POST', headers, body: '{"status":"Accepted"}' });
    const metrics = new URL('/metrics', /http:\S+\/graphql/.exec(printed)?.[0]);
    const moved = 'flinks_pay_status_updates_total{source="WEBHOOK",effect="applied"} 1';
    await until(async () => (await (await fetch(metrics)).text()).includes(moved));
  });

  itInBrowser.each([
    ['Accept', 'Accepted'],
    ['Decline', 'Declined'],
  ])('leads to a payment page on which the payer can %s', async (button, status) => {
    const browser = await launchBrowser();
    try {
      const page = await browser.newPage();
      await page.goto(await paste(lineWithFreshKey()));
      await page.getByText('Alex Tremblay').waitFor();
      await page.getByText('250.10').waitFor();
      await page.getByRole('button', { name: button }).click();
      await page.getByText(status).first().waitFor();
      expect(await page.getByRole('button').count()).toBe(0);
    } finally {
      await browser.close();
    }
  });
});

describe('README.md', () => {
  const readme = readFileSync(`${ROOT}/README.md`, 'utf8');

  it('contains the mutation and input that npm start prints', () => {
    for (const ending of ['.graphql', '.variables.json'])
      expect(readme).toContain(readFileSync(`${ROOT}/examples/operations/create-payment-session${ending}`, 'utf8'));
    const { query, variables } = readExample('create-payment-session');
    expect(printed).toContain(JSON.stringify(query.replace(/\s+/g, ' ').trim()));
    const printedInput = /"variables":(\{.+\})\}'/.exec(printedLine())?.[1] ?? '';
    expect(JSON.parse(printedInput)).toEqual({
      input: { ...(variables.input as object), idempotencyKey: expect.any(String) },
    });
  });
});
