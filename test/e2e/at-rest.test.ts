import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { CreatePaymentSessionDocument, SendPaymentRequestDocument } from '../../client/src/generated/operations.js';
import { createVariables, sendVariables } from '../support/examples.js';
import { withSandbox } from '../support/fixture.js';
import type { TestGateway } from '../support/gateway.js';
import { TestPostgres } from '../support/postgres.js';
import { withService } from '../support/services.js';
import { TemporaryFolder } from '../support/temporary-folder.js';
import { BY_WEBHOOK_ONLY, metricOf, sendWebhooksTo } from '../support/webhooks.js';

const { path: folder } = withService(new TemporaryFolder());
const postgres = withService(new TestPostgres());
const { sandbox, start } = withSandbox({ per: 'test' });
let database: string;

beforeAll(async () => {
  database = await postgres.createDatabase();
});

/** Every row of every table. */
async function dumpDatabase(): Promise<string> {
  const tables = await postgres.query<{ name: string }>(
    `select table_name as name from information_schema.tables where table_schema = 'public'`,
    database,
  );
  const texts = tables.map(({ name }) =>
    postgres.query<{ row: string }>(`select t::text as row from "${name}" t`, database),
  );
  return (await Promise.all(texts))
    .flat()
    .map(({ row }) => row)
    .join('\n');
}

/** All bytes of a SQLite database: of its file and of the journal files beside it. */
function filesOf(name: string): string {
  const files = readdirSync(folder).filter((file) => file.startsWith(name));
  return files.map((file) => readFileSync(join(folder, file), 'latin1')).join('\n');
}

/** A text as a search could find it: as written, or encoded. Its base64 form depends on the bytes before it. */
function tracesOf(text: string): string[] {
  const bytes = Buffer.from(text);
  const encoded = [0, 1, 2].map((shift) =>
    Buffer.concat([Buffer.alloc(shift), bytes])
      .toString('base64')
      .slice(shift === 0 ? 0 : 4, -4),
  );
  return [bytes.toString('latin1'), encodeURIComponent(text), bytes.toString('hex'), ...encoded];
}

const NAME = 'Zoé Tremblay-Côté';
const EMAIL = 'zoe.tremblay@example.com';

/** Creates payments with every outcome, and returns all texts that must not be stored in plaintext. */
async function createPayments(gateway: TestGateway): Promise<string[]> {
  const customer = { name: NAME, email: EMAIL, userId: 'user-1234' };
  const create = async () => {
    const variables = createVariables();
    const response = await gateway.run(CreatePaymentSessionDocument, { input: { ...variables.input, customer } });
    return response.data?.createPaymentSession;
  };
  const send = async () => {
    const variables = sendVariables();
    const response = await gateway.run(SendPaymentRequestDocument, { input: { ...variables.input, customer } });
    return response.data?.sendPaymentRequest.__typename;
  };
  const created = await create();
  expect(await send()).toBe('SendPaymentRequestSuccess');
  await sandbox.addFault({ endpoint: 'activate', kind: 'cut', when: 'after-work', count: 1 });
  expect(await create()).toMatchObject({ __typename: 'CreatePaymentSessionSuccess' });
  await sandbox.addFault({ endpoint: 'sendrequest', kind: 'cut', when: 'after-work', count: 1 });
  expect(await send()).toBe('PaymentOutcomeUnknownError');
  await sandbox.addFault({ endpoint: 'activate', kind: 'status', status: 400, count: 1 });
  expect(await create()).toMatchObject({ __typename: 'PaymentRejectedError' });
  await sandbox.addFault({ endpoint: 'initiate', kind: 'status', status: 403, count: 1 });
  expect(await create()).toMatchObject({ __typename: 'PaymentProviderUnavailableError' });
  if (created?.__typename !== 'CreatePaymentSessionSuccess') throw new Error(created?.__typename);
  const sessions = await sandbox.sessions();
  // Two created, one sent, one rejected at its activation, one whose send response was lost, and one orphaned session.
  expect(sessions).toHaveLength(6);
  return [NAME, EMAIL, created.paymentSession.paymentUrl ?? '', ...sessions.map(({ sessionId }) => sessionId)];
}

describe.each([
  ['SQLite file', () => `sqlite:${join(folder, 'payments.db')}`, () => filesOf('payments.db')],
  ['PostgreSQL database', () => postgres.databaseUrl(database), dumpDatabase],
])('a %s', (_, databaseUrl, contents) => {
  it('contains no name, e-mail address, session id or payment link in plaintext', async () => {
    const gateway = await start({ ...BY_WEBHOOK_ONLY, DATABASE_URL: databaseUrl() });
    await sendWebhooksTo(gateway, sandbox);
    const secrets = await createPayments(gateway);
    const traces = secrets.flatMap(tracesOf);
    expect(await metricOf(gateway, 'flinks_pay_webhooks_total{result="stored"}')).toBeGreaterThan(0);
    const whileRunning = await contents();
    await gateway.stop();
    for (const text of [whileRunning, await contents()]) {
      // These texts are stored in plaintext, so a search that finds them would find the secrets as well.
      for (const plaintext of ['LOAN-1042', 'user-1234', 'INITIATED', 'UNKNOWN', 'REFUSED', 'RELEASED'])
        expect(text).toContain(plaintext);
      expect(traces.filter((trace) => text.includes(trace))).toEqual([]);
    }
  });
});
