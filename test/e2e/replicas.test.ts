import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { withSandbox } from '../support/fixture.js';
import type { TestGateway } from '../support/gateway.js';
import { EACH_OPERATION, CREATION, SEND, newInput, pay, paymentIn, requestOf } from '../support/payments.js';
import type { PaymentResult } from '../support/payments.js';
import { TestPostgres } from '../support/postgres.js';

const CALLS = 100;

const SHORT_TIMEOUT = { MUTATION_TIMEOUT: '400ms', IDEMPOTENCY_LEASE: '5s' };

const postgres = new TestPostgres();
const { sandbox, addGateway } = withSandbox({ services: [postgres] });
const replicas = [{}, {}, {}, SHORT_TIMEOUT].map((variables) =>
  addGateway(() => ({ DATABASE_URL: postgres.databaseUrl(), ...variables })),
);

beforeEach(() => sandbox.setSwitches({ latencyMs: 0 }));
afterEach(() => sandbox.clearFaults());

function replica(index: number): TestGateway {
  const gateway = replicas[index];
  if (gateway === undefined) throw new Error(`there is no replica ${index}`);
  return gateway;
}

describe('three replicas', () => {
  it.each(EACH_OPERATION)('make one payment of a hundred simultaneous calls of %s', async (_name, operation) => {
    const input = newInput();
    const calls = Array.from({ length: CALLS }, (_, index) => pay(replica(index % 3), operation, input));
    const results = await Promise.all(calls);
    const payments = results.map(paymentIn);
    expect(payments).toEqual(payments.map(() => payments[0]));
    expect(results.filter(({ replayed }) => replayed === false)).toHaveLength(1);
    expect(results.filter(({ replayed }) => replayed === true)).toHaveLength(CALLS - 1);
    const sessions = await sandbox.sessionsOf(input.customer);
    expect(sessions.map(({ sessionId }) => sessionId)).toEqual([payments[0]?.flinksSessionId]);
    expect(await sandbox.mailsTo(input.customer)).toBe(operation === SEND ? 1 : 0);
  });

  it('make one payment when both mutations are called simultaneously with one key', async () => {
    for (let round = 0; round < 5; round += 1) {
      const input = newInput();
      const calls = Array.from({ length: 20 }, async (_, index) => {
        const operation = (index + round) % 2 === 0 ? CREATION : SEND;
        return { operation, result: await pay(replica(index % 3), operation, input) };
      });
      const outcomes = await Promise.all(calls);
      const succeeded = outcomes.filter(({ operation, result }) => result.__typename === operation.success);
      const ids = outcomes.map(({ result }) => result.paymentSession?.id ?? result.paymentSessionId);
      expect(new Set(succeeded.map(({ operation }) => operation.mutation)).size).toBe(1);
      expect(succeeded.filter(({ result }) => result.replayed === false)).toHaveLength(1);
      expect(succeeded).toHaveLength(10);
      expect(new Set(ids).size).toBe(1);
      const rejected = outcomes.filter(({ result }) => result.code === 'IDEMPOTENCY_KEY_REUSED');
      expect(rejected).toHaveLength(10);
      expect(await sandbox.sessionsOf(input.customer)).toHaveLength(1);
      expect(await sandbox.mailsTo(input.customer)).toBe(succeeded[0]?.operation === SEND ? 1 : 0);
    }
  });

  it('return a failure to all calls that waited, after one call to Flinks', async () => {
    const input = newInput();
    await Promise.all([0, 1, 2].map((index) => pay(replica(index), SEND, newInput())));
    const callsBefore = await sandbox.calls('sendrequest');
    await sandbox.addFault({ endpoint: 'sendrequest', kind: 'status', status: 429, retryAfterSeconds: 60 });
    await sandbox.setSwitches({ latencyMs: 1_000 });
    const first = pay(replica(0), SEND, input);
    await sandbox.called();
    const waiters = Array.from({ length: 10 }, (_, index) => pay(replica(index % 3), SEND, input));
    const results = await Promise.all([first, ...waiters]);
    expect(results[0]).toMatchObject({ code: 'PROVIDER_UNAVAILABLE', retryAfterMs: 60_000 });
    expect(results).toEqual(results.map(() => results[0]));
    expect(await sandbox.calls('sendrequest')).toBe(callsBefore + 1);
  });
});

describe('a router that repeats a slow request at another replica', () => {
  it.each(EACH_OPERATION)('gets one payment of %s', async (_name, operation) => {
    const input = newInput();
    await sandbox.addFault({ endpoint: operation.endpoint, kind: 'slow', when: 'after-work', delayMs: 1_000 });
    const controller = new AbortController();
    const abandoned = fetch(`${replica(0).url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(requestOf(operation, input)),
      signal: controller.signal,
    });
    await sandbox.called();
    controller.abort(new Error('too slow'));
    await expect(abandoned).rejects.toThrow('too slow');
    const repeat = await pay(replica(1), operation, input);
    expect(repeat).toMatchObject({ __typename: operation.success, replayed: true });
    expect(await pay(replica(0), operation, input)).toEqual(repeat);
    const sessions = await sandbox.sessionsOf(input.customer);
    expect(sessions.map(({ sessionId }) => sessionId)).toEqual([paymentIn(repeat).flinksSessionId]);
    expect(await sandbox.mailsTo(input.customer)).toBe(operation === SEND ? 1 : 0);
  });
});

describe('a repeat whose timeout is shorter than the attempt it waits for', () => {
  it.each(EACH_OPERATION)('gets IDEMPOTENCY_KEY_IN_USE while %s is in progress', async (_name, operation) => {
    const input = newInput();
    await sandbox.addFault({ endpoint: operation.endpoint, kind: 'slow', delayMs: 2_000 });
    const first = pay(replica(0), operation, input);
    await sandbox.called();
    const early: PaymentResult = await pay(replica(3), operation, input);
    expect(early).toEqual({
      __typename: 'IdempotencyKeyInUseError',
      code: 'IDEMPOTENCY_KEY_IN_USE',
      retryAdvice: 'SAME_KEY',
      retryAfterMs: expect.any(Number),
    });
    expect(early.retryAfterMs).toBeGreaterThan(0);
    const result = await first;
    expect(result).toMatchObject({ __typename: operation.success, replayed: false });
    expect(await pay(replica(3), operation, input)).toEqual({ ...result, replayed: true });
  });
});
