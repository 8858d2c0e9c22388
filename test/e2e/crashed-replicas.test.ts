import { randomBytes } from 'node:crypto';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { Sensitive } from '../../src/domain/sensitive.js';
import { DataKeys } from '../../src/store/encryption/data-keys.js';
import { unseal } from '../../src/store/sql/payment-rows.js';
import { withSandbox } from '../support/fixture.js';
import {
  CREATION,
  SEND,
  findPayment,
  newInput,
  pay,
  payWithRetries,
  paymentIn,
  statusesOf,
} from '../support/payments.js';
import type { PaymentInput } from '../support/payments.js';
import { TestPostgres } from '../support/postgres.js';
import { withService } from '../support/services.js';
import { until } from '../support/until.js';

const LEASES = { MUTATION_TIMEOUT: '2500ms', IDEMPOTENCY_LEASE: '3s' };
const KEY = randomBytes(32);
const IDEMPOTENCY_KEY_IN_USE = {
  __typename: 'IdempotencyKeyInUseError',
  code: 'IDEMPOTENCY_KEY_IN_USE',
  retryAdvice: 'SAME_KEY',
  retryAfterMs: 1_000,
};

const postgres = withService(new TestPostgres());
let database: string;

beforeEach(async () => {
  database = await postgres.createDatabase();
});

const { sandbox, addGateway } = withSandbox({ per: 'test' });
const environment = () => ({
  DATABASE_URL: postgres.databaseUrl(database),
  DATA_ENCRYPTION_KEYS: `k:${KEY.toString('base64')}`,
  ...LEASES,
});
const [first, second] = [addGateway(environment), addGateway(environment)];

/** Delays the response until after the work, so that Flinks has executed the request and the gateway does not know yet. */
function delayResponses(endpoint: 'activate' | 'sendrequest', count = 1): Promise<unknown> {
  return sandbox.addFault({ endpoint, kind: 'slow', when: 'after-work', delayMs: 1_500, count });
}

async function keysIn(state: string): Promise<{ id: string }[]> {
  return postgres.query(`select payment_session_id as id from idempotency_keys where state = '${state}'`, database);
}

async function killFirst(calls: readonly Promise<unknown>[]): Promise<void> {
  const ended = Promise.allSettled(calls);
  first.signal('SIGKILL');
  expect(new Set((await ended).map(({ status }) => status))).toEqual(new Set(['rejected']));
}

/** Repeats at the other replica until the leases of the first one have ended. */
function repeatCreation(input: PaymentInput) {
  return payWithRetries([second], CREATION, input);
}

function repeatSend(input: PaymentInput) {
  return payWithRetries([second], SEND, input);
}

async function abandonedSessions(): Promise<(string | null)[]> {
  const keys = new DataKeys([{ id: 'k', bytes: new Sensitive(KEY) }]);
  const rows = await postgres.query<{ id: string; sealed: string | null }>(
    'select payment_session_id as id, session_id as sealed from abandoned_attempts order by session_id',
    database,
  );
  return rows.map(({ id, sealed }) => unseal(keys, sealed, 'session_id', id)?.reveal() ?? null);
}

describe('a replica that is killed', () => {
  it('before it calls Flinks leaves its attempts to another one, which carries them out', async () => {
    const [creation, send, forgotten] = [newInput(), newInput(), newInput()];
    await sandbox.addFault({ endpoint: 'authorize', kind: 'hang' });
    const calls = [pay(first, CREATION, creation), pay(first, SEND, send), pay(first, SEND, forgotten)];
    await until(async () => (await keysIn('CLAIMED')).length === 3);
    const claimed = (await keysIn('CLAIMED')).map(({ id }) => id);
    await killFirst(calls);

    const [created, sent] = await Promise.all([repeatCreation(creation), repeatSend(send)]);
    expect(created).toMatchObject({ __typename: CREATION.success, replayed: false });
    expect(sent).toMatchObject({ __typename: SEND.success, replayed: false });
    expect(claimed).toEqual(expect.arrayContaining([paymentIn(created).id, paymentIn(sent).id]));
    expect(await sandbox.mailsTo(send.customer)).toBe(1);

    await until(async () => (await keysIn('RELEASED')).length === 1);
    expect(await sandbox.mailsTo(forgotten.customer)).toBe(0);
  });

  it('while Flinks works leaves a creation to be executed again and a send with an unknown outcome', async () => {
    const [creation, send, forgotten] = [newInput(), newInput(), newInput()];
    await delayResponses('activate');
    await delayResponses('sendrequest', 2);
    const calls = [pay(first, CREATION, creation), pay(first, SEND, send), pay(first, SEND, forgotten)];
    await sandbox.activated(3);
    await killFirst(calls);

    const [created, sent] = await Promise.all([repeatCreation(creation), repeatSend(send)]);
    expect(created).toMatchObject({ __typename: CREATION.success, replayed: false });
    const [orphaned] = await sandbox.sessionsOf(creation.customer);
    expect(paymentIn(created).flinksSessionId).not.toBe(orphaned?.sessionId);
    expect(await abandonedSessions()).toEqual([null]);
    expect(sent).toMatchObject({ code: 'OUTCOME_UNKNOWN', paymentSession: { status: 'OUTCOME_UNKNOWN' } });
    expect(await sandbox.mailsTo(send.customer)).toBe(1);

    // No client repeated the other send, so the sweep finds it.
    await until(async () => (await keysIn('UNKNOWN')).length === 2);
    const unknown = await Promise.all((await keysIn('UNKNOWN')).map(({ id }) => findPayment(second, id)));
    expect(unknown.map((payment) => payment?.status)).toEqual(['OUTCOME_UNKNOWN', 'OUTCOME_UNKNOWN']);
    expect(unknown.map((payment) => payment?.customer.email).sort()).toEqual(
      [send, forgotten].map(({ customer }) => customer.email).sort(),
    );
  });
});

describe('a replica that is paused past its lease', () => {
  it('returns the outcome of the replica that took over, and records its own late results', async () => {
    const [creation, slowCreation, send] = [newInput(), newInput(), newInput()];
    await delayResponses('activate', 2);
    await delayResponses('sendrequest');
    const late = Promise.all([
      pay(first, CREATION, creation),
      pay(first, CREATION, slowCreation),
      pay(first, SEND, send),
    ]);
    await sandbox.activated(3);
    first.signal('SIGSTOP');
    const [created, unknown] = await Promise.all([repeatCreation(creation), repeatSend(send)]);
    expect(created).toMatchObject({ __typename: CREATION.success, replayed: false });
    expect(unknown).toMatchObject({ code: 'OUTCOME_UNKNOWN', paymentSession: { status: 'OUTCOME_UNKNOWN' } });
    await delayResponses('activate');
    const creating = repeatCreation(slowCreation);
    await sandbox.activated(5);

    first.signal('SIGCONT');
    const [lateCreation, lateSlowCreation, lateSend] = await late;
    expect(lateCreation).toEqual({ ...created, replayed: true });
    const slowlyCreated = await creating;
    expect(slowlyCreated).toMatchObject({ __typename: CREATION.success, replayed: false });
    // Another replica has the current attempt, and the deadline of this call has passed.
    expect([IDEMPOTENCY_KEY_IN_USE, { ...slowlyCreated, replayed: true }]).toContainEqual(lateSlowCreation);
    expect(await pay(first, CREATION, slowCreation)).toEqual({ ...slowlyCreated, replayed: true });

    const [mail, ...others] = await sandbox.outbox();
    expect(others).toEqual([]);
    const sent = { id: paymentIn(unknown).id, status: 'INITIATED', flinksSessionId: mail?.sessionId };
    expect(lateSend).toMatchObject({ __typename: SEND.success, paymentSession: sent });
    const repeat = await pay(second, SEND, send);
    expect(repeat).toMatchObject({ __typename: SEND.success, replayed: true, paymentSession: sent });
    expect(await statusesOf(second, paymentIn(repeat))).toEqual(['CREATING', 'OUTCOME_UNKNOWN', 'INITIATED']);

    // The paused replica records the sessions it created. The other could only record that there may be one.
    const orphaned = [creation, slowCreation].map(
      async ({ customer }) => (await sandbox.sessionsOf(customer))[0]?.sessionId,
    );
    await until(async () => (await abandonedSessions()).length === 4);
    expect(new Set(await abandonedSessions())).toEqual(new Set([...(await Promise.all(orphaned)), null]));
    for (const { customer } of [creation, slowCreation]) expect(await sandbox.sessionsOf(customer)).toHaveLength(2);
  });
});
