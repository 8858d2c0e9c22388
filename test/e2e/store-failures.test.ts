import { afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { MEMBER } from '../support/faults.js';
import { withSandbox } from '../support/fixture.js';
import { fillDisk, freeDisk } from '../support/full-disk.js';
import type { TestGateway } from '../support/gateway.js';
import {
  BOTH,
  CREATION,
  SEND,
  find,
  look,
  newInput,
  pay,
  payPersistently,
  paymentIn,
  statusesOf,
} from '../support/payments.js';
import type { PaymentInput } from '../support/payments.js';
import { ProxiedPostgres } from '../support/proxied-postgres.js';
import { until } from '../support/until.js';
import { secretsIn } from '../support/secrets.js';
import { SqliteFile } from '../support/sqlite-file.js';

/** Well below the lease of half a minute, which nobody shall have to wait for. */
const SOON_MS = 8_000;

const file = new SqliteFile();
const postgres = new ProxiedPostgres();
const { sandbox, start, output } = withSandbox({ services: [file, postgres] });

/** A store and a way to break it. */
interface Breakable {
  url(): string;
  break(gateway: TestGateway): void;
  mend(gateway: TestGateway): void;
  query(sql: string): Promise<unknown[]>;
}

const cutOff: Breakable = {
  url: () => postgres.url,
  break: () => postgres.cutOff(),
  mend: () => postgres.reconnect(),
  query: (sql) => postgres.query(sql),
};

const fullDisk: Breakable = {
  url: () => file.url,
  break: fillDisk,
  mend: freeDisk,
  query: (sql) => Promise.resolve(file.query(sql)),
};

async function isReady(gateway: TestGateway): Promise<boolean> {
  return (await gateway.get('/health/ready')).status === 200;
}

/** Slow after the work, so that there is time to break the store. */
function answerLate(endpoint: 'activate' | 'sendrequest'): Promise<unknown> {
  return sandbox.addFault({ endpoint, kind: 'slow', when: 'after-work', delayMs: 800 });
}

/** Resolves when Flinks has made a session that can be paid. */
function payable({ customer }: PaymentInput): Promise<void> {
  return until(async () => (await sandbox.sessionsOf(customer)).some(({ requestId }) => requestId !== null));
}

async function soon<T>(work: Promise<T>): Promise<T> {
  const startedMs = performance.now();
  const result = await work;
  expect(performance.now() - startedMs).toBeLessThan(SOON_MS);
  return result;
}

describe.each([
  ['PostgreSQL that is cut off', cutOff],
  ['a SQLite file on a full disk', fullDisk],
] as const)('with %s', (_name, store) => {
  let gateway: TestGateway;
  beforeAll(async () => {
    gateway = await start({ DATABASE_URL: store.url() });
    await pay(gateway, CREATION, newInput());
  });
  afterEach(() => sandbox.clearFaults());

  it.each(BOTH)('%s is refused before Flinks is asked, and works afterwards', async (_operation, operation) => {
    const input = newInput();
    const { calls } = (await sandbox.journal()).counts;
    store.break(gateway);
    expect(await pay(gateway, operation, input)).toEqual(MEMBER.storeUnavailable);
    expect(await pay(gateway, operation, input)).toEqual(MEMBER.storeUnavailable);
    await until(async () => !(await isReady(gateway)));
    expect((await sandbox.journal()).counts.calls).toEqual(calls);
    store.mend(gateway);
    expect(await pay(gateway, operation, input)).toMatchObject({ __typename: operation.success, replayed: false });
    await until(() => isReady(gateway));
    expect(await sandbox.sessionsOf(input.customer)).toHaveLength(1);
  });

  it('a creation whose outcome cannot be written hands nothing out', async () => {
    const input = newInput();
    await answerLate('activate');
    const creation = pay(gateway, CREATION, input);
    await payable(input);
    store.break(gateway);
    expect(await creation).toEqual(MEMBER.storeUnavailable);
    store.mend(gateway);
    const repeat = await soon(payPersistently([gateway], CREATION, input));
    expect(repeat).toMatchObject({ __typename: CREATION.success, replayed: false });
    const [left, handedOut, ...others] = await sandbox.sessionsOf(input.customer);
    expect(others).toEqual([]);
    expect(handedOut?.sessionId).toBe(paymentIn(repeat).flinksSessionId);
    expect(left?.sessionId).not.toBe(handedOut?.sessionId);
  });

  it('a send whose outcome cannot be written is unknown until it can', async () => {
    const input = newInput();
    await answerLate('sendrequest');
    const send = pay(gateway, SEND, input);
    await payable(input);
    store.break(gateway);
    const unknown = await send;
    expect(unknown).toMatchObject({ code: 'OUTCOME_UNKNOWN', paymentSession: { status: 'OUTCOME_UNKNOWN' } });
    store.mend(gateway);
    const payment = paymentIn(unknown);
    await soon(until(async () => (await find(gateway, payment.id))?.status === 'INITIATED'));
    expect(await statusesOf(gateway, payment)).toEqual(['CREATING', 'OUTCOME_UNKNOWN', 'INITIATED']);
    const [session] = await sandbox.sessionsOf(input.customer);
    expect(await pay(gateway, SEND, input)).toMatchObject({
      __typename: SEND.success,
      replayed: true,
      paymentSession: { id: payment.id, status: 'INITIATED', flinksSessionId: session?.sessionId },
    });
    expect(await sandbox.mailsTo(input.customer)).toBe(1);
  });

  it('the gateway ends when what it knows is written', async () => {
    const [creation, send] = [newInput(), newInput()];
    await Promise.all([answerLate('activate'), answerLate('sendrequest')]);
    const calls = Promise.all([pay(gateway, CREATION, creation), pay(gateway, SEND, send)]);
    await Promise.all([payable(creation), payable(send)]);
    store.break(gateway);
    expect(await calls).toMatchObject([MEMBER.storeUnavailable, { code: 'OUTCOME_UNKNOWN' }]);
    gateway.signal('SIGTERM');
    await gateway.logged('draining');
    store.mend(gateway);
    expect(await gateway.ended()).toBe(0);

    const next = await start({ DATABASE_URL: store.url() });
    const [created, sent] = await soon(Promise.all([pay(next, CREATION, creation), pay(next, SEND, send)]));
    expect(created).toMatchObject({ __typename: CREATION.success, replayed: false });
    expect(sent).toMatchObject({ __typename: SEND.success, replayed: true });
    expect(await sandbox.mailsTo(send.customer)).toBe(1);
    await next.stop();
    const abandoned = `select 1 from abandoned_attempts where session_id is not null and payment_session_id =`;
    expect(await store.query(`${abandoned} '${paymentIn(created).id}'`)).toHaveLength(1);
  });
});

describe('while the store does not answer', () => {
  it('a lookup is an error, not null', async () => {
    const gateway = await start({ DATABASE_URL: postgres.url });
    const { id } = paymentIn(await pay(gateway, CREATION, newInput()));
    postgres.cutOff();
    const { data, errors } = await look(gateway, id);
    expect(data?.paymentSession ?? null).toBeNull();
    expect(errors).toMatchObject([{ extensions: { code: 'SERVICE_UNAVAILABLE' } }]);
    postgres.reconnect();
    expect(await find(gateway, id)).toMatchObject({ id, status: 'INITIATED' });
  });
});

describe('the log of all that', () => {
  it('holds no name, e-mail, session id or password', async () => {
    expect(output()).toContain('database unavailable');
    expect(output()).toContain('database recovered');
    expect(await secretsIn(output(), sandbox)).toEqual([]);
  });
});
