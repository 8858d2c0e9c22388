import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { CreatePaymentSessionDocument, SendPaymentRequestDocument } from '../../client/src/generated/operations.js';
import { createVariables, sendVariables } from '../support/examples.js';
import { withSandbox, withService } from '../support/fixture.js';
import type { TestGateway } from '../support/gateway.js';
import { TestPostgres } from '../support/postgres.js';
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
async function dump(): Promise<string> {
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

/** All bytes of the file and of what SQLite puts beside it. */
function filesOf(name: string): string {
  const files = readdirSync(folder).filter((file) => file.startsWith(name));
  return files.map((file) => readFileSync(join(folder, file), 'latin1')).join('\n');
}

/** A text as it may be found, written as such or in one of the usual ways; base64 depends on what goes before. */
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

/** Makes payments that end in every way; gives all that must not be found. */
async function makePayments(gateway: TestGateway): Promise<string[]> {
  const customer = { name: NAME, email: EMAIL, userId: 'user-1234' };
  const create = async () => {
    const variables = createVariables();
    const answer = await gateway.run(CreatePaymentSessionDocument, { input: { ...variables.input, customer } });
    return answer.data?.createPaymentSession;
  };
  const send = async () => {
    const variables = sendVariables();
    const answer = await gateway.run(SendPaymentRequestDocument, { input: { ...variables.input, customer } });
    return answer.data?.sendPaymentRequest.__typename;
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
  // Two of create, one each of send, of the creation that was refused, of the lost send, and the one that was left behind.
  expect(sessions).toHaveLength(6);
  return [NAME, EMAIL, created.paymentSession.paymentUrl ?? '', ...sessions.map(({ sessionId }) => sessionId)];
}

describe.each([
  ['SQLite file', () => `sqlite:${join(folder, 'payments.db')}`, () => filesOf('payments.db')],
  ['PostgreSQL database', () => postgres.databaseUrl(database), dump],
])('a %s', (_, databaseUrl, contents) => {
  it('holds no name, e-mail, session id or link in clear', async () => {
    const gateway = await start({ ...BY_WEBHOOK_ONLY, DATABASE_URL: databaseUrl() });
    await sendWebhooksTo(gateway, sandbox);
    const secrets = await makePayments(gateway);
    const traces = secrets.flatMap(tracesOf);
    expect(await metricOf(gateway, 'flinks_pay_webhooks_total{result="stored"}')).toBeGreaterThan(0);
    const running = await contents();
    await gateway.stop();
    for (const text of [running, await contents()]) {
      // That these are there shows that the others could have been found.
      for (const open of ['LOAN-1042', 'user-1234', 'INITIATED', 'UNKNOWN', 'REFUSED', 'RELEASED'])
        expect(text).toContain(open);
      expect(traces.filter((trace) => text.includes(trace))).toEqual([]);
    }
  });
});
