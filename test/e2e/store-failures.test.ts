import { afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { EXPECTED_RESULTS } from '../support/faults.js';
import { withSandbox } from '../support/fixture.js';
import { fillDisk, freeDisk } from '../support/full-disk.js';
import type { TestGateway } from '../support/gateway.js';
import {
  EACH_OPERATION,
  CREATION,
  SEND,
  findPayment,
  queryPayment,
  newInput,
  pay,
  payWithRetries,
  paymentIn,
  statusesOf,
} from '../support/payments.js';
import type { PaymentInput } from '../support/payments.js';
import { ProxiedPostgres } from '../support/proxied-postgres.js';
import { until } from '../support/until.js';
import { secretsIn } from '../support/secrets.js';
import { SqliteFile } from '../support/sqlite-file.js';

/** Well below the lease of half a minute, for which no client should wait. */
const SOON_MS = 8_000;

const file = new SqliteFile();
const postgres = new ProxiedPostgres();
const { sandbox, start, output } = withSandbox({ services: [file, postgres] });

/** A database that a test can break. */
interface BreakableDatabase {
  url(): string;
  break(gateway: TestGateway): void;
  repair(gateway: TestGateway): void;
  query(sql: string): Promise<unknown[]>;
}

const cutOff: BreakableDatabase = {
  url: () => postgres.url,
  break: () => postgres.cutOff(),
  repair: () => postgres.reconnect(),
  query: (sql) => postgres.query(sql),
};

const fullDisk: BreakableDatabase = {
  url: () => file.url,
  break: fillDisk,
  repair: freeDisk,
  query: (sql) => Promise.resolve(file.query(sql)),
};

async function isReady(gateway: TestGateway): Promise<boolean> {
  return (await gateway.get('/health/ready')).status === 200;
}

/** Delays the response of Flinks after its work, so that there is time to break the database. */
function delayResponse(endpoint: 'activate' | 'sendrequest'): Promise<unknown> {
  return sandbox.addFault({ endpoint, kind: 'slow', when: 'after-work', delayMs: 800 });
}

/** Resolves when Flinks has a session that can be paid. */
function untilPayable({ customer }: PaymentInput): Promise<void> {
  return until(async () => (await sandbox.sessionsOf(customer)).some(({ requestId }) => requestId !== null));
}

async function expectSoon<T>(work: Promise<T>): Promise<T> {
  const startedMs = performance.now();
  const result = await work;
  expect(performance.now() - startedMs).toBeLessThan(SOON_MS);
  return result;
}

describe.each([
  ['a PostgreSQL server that is cut off', cutOff],
  ['a SQLite file on a full disk', fullDisk],
] as const)('a gateway with %s', (_name, database) => {
  let gateway: TestGateway;
  beforeAll(async () => {
    gateway = await start({ DATABASE_URL: database.url() });
    await pay(gateway, CREATION, newInput());
  });
  afterEach(() => sandbox.clearFaults());

  it.each(EACH_OPERATION)(
    'rejects %s without a call to Flinks, and accepts it after recovery',
    async (_operation, operation) => {
      const input = newInput();
      const { calls } = (await sandbox.journal()).counts;
      database.break(gateway);
      expect(await pay(gateway, operation, input)).toEqual(EXPECTED_RESULTS.storeUnavailable);
      expect(await pay(gateway, operation, input)).toEqual(EXPECTED_RESULTS.storeUnavailable);
      await until(async () => !(await isReady(gateway)));
      expect((await sandbox.journal()).counts.calls).toEqual(calls);
      database.repair(gateway);
      expect(await pay(gateway, operation, input)).toMatchObject({ __typename: operation.success, replayed: false });
      await until(() => isReady(gateway));
      expect(await sandbox.sessionsOf(input.customer)).toHaveLength(1);
    },
  );

  it('returns no link while the outcome of a creation cannot be written', async () => {
    const input = newInput();
    await delayResponse('activate');
    const creation = pay(gateway, CREATION, input);
    await untilPayable(input);
    database.break(gateway);
    expect(await creation).toEqual(EXPECTED_RESULTS.storeUnavailable);
    database.repair(gateway);
    const repeat = await expectSoon(payWithRetries([gateway], CREATION, input));
    expect(repeat).toMatchObject({ __typename: CREATION.success, replayed: false });
    const [orphaned, returned, ...others] = await sandbox.sessionsOf(input.customer);
    expect(others).toEqual([]);
    expect(returned?.sessionId).toBe(paymentIn(repeat).flinksSessionId);
    expect(orphaned?.sessionId).not.toBe(returned?.sessionId);
  });

  it('reports a send as OUTCOME_UNKNOWN until its outcome can be written', async () => {
    const input = newInput();
    await delayResponse('sendrequest');
    const send = pay(gateway, SEND, input);
    await untilPayable(input);
    database.break(gateway);
    const unknown = await send;
    expect(unknown).toMatchObject({ code: 'OUTCOME_UNKNOWN', paymentSession: { status: 'OUTCOME_UNKNOWN' } });
    database.repair(gateway);
    const payment = paymentIn(unknown);
    await expectSoon(until(async () => (await findPayment(gateway, payment.id))?.status === 'INITIATED'));
    expect(await statusesOf(gateway, payment)).toEqual(['CREATING', 'OUTCOME_UNKNOWN', 'INITIATED']);
    const [session] = await sandbox.sessionsOf(input.customer);
    expect(await pay(gateway, SEND, input)).toMatchObject({
      __typename: SEND.success,
      replayed: true,
      paymentSession: { id: payment.id, status: 'INITIATED', flinksSessionId: session?.sessionId },
    });
    expect(await sandbox.mailsTo(input.customer)).toBe(1);
  });

  it('shuts down only after it has written all outcomes', async () => {
    const [creation, send] = [newInput(), newInput()];
    await Promise.all([delayResponse('activate'), delayResponse('sendrequest')]);
    const calls = Promise.all([pay(gateway, CREATION, creation), pay(gateway, SEND, send)]);
    await Promise.all([untilPayable(creation), untilPayable(send)]);
    database.break(gateway);
    expect(await calls).toMatchObject([EXPECTED_RESULTS.storeUnavailable, { code: 'OUTCOME_UNKNOWN' }]);
    gateway.signal('SIGTERM');
    await gateway.logged('draining');
    database.repair(gateway);
    expect(await gateway.ended()).toBe(0);

    const next = await start({ DATABASE_URL: database.url() });
    const [created, sent] = await expectSoon(Promise.all([pay(next, CREATION, creation), pay(next, SEND, send)]));
    expect(created).toMatchObject({ __typename: CREATION.success, replayed: false });
    expect(sent).toMatchObject({ __typename: SEND.success, replayed: true });
    expect(await sandbox.mailsTo(send.customer)).toBe(1);
    await next.stop();
    const abandoned = `select 1 from abandoned_attempts where session_id is not null and payment_session_id =`;
    expect(await database.query(`${abandoned} '${paymentIn(created).id}'`)).toHaveLength(1);
  });
});

describe('a lookup of a payment', () => {
  it('returns an error, not null, while the database does not respond', async () => {
    const gateway = await start({ DATABASE_URL: postgres.url });
    const { id } = paymentIn(await pay(gateway, CREATION, newInput()));
    postgres.cutOff();
    const { data, errors } = await queryPayment(gateway, id);
    expect(data?.paymentSession ?? null).toBeNull();
    expect(errors).toMatchObject([{ extensions: { code: 'SERVICE_UNAVAILABLE' } }]);
    postgres.reconnect();
    expect(await findPayment(gateway, id)).toMatchObject({ id, status: 'INITIATED' });
  });
});

describe('the log of store failures', () => {
  it('contains no name, e-mail address, session id or password', async () => {
    expect(output()).toContain('database unavailable');
    expect(output()).toContain('database recovered');
    expect(await secretsIn(output(), sandbox)).toEqual([]);
  });
});
