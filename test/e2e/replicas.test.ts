import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { withSandbox } from '../support/fixture.js';
import type { TestGateway } from '../support/gateway.js';
import { BOTH, CREATION, SEND, newInput, pay, paymentIn, requestOf } from '../support/payments.js';
import type { Answer } from '../support/payments.js';
import { TestPostgres } from '../support/postgres.js';

const CALLS = 100;

const SHORT = { MUTATION_TIMEOUT: '400ms', IDEMPOTENCY_LEASE: '5s' };

const postgres = new TestPostgres();
const { sandbox, addGateway } = withSandbox({ services: [postgres] });
const replicas = [{}, {}, {}, SHORT].map((own) => addGateway(() => ({ DATABASE_URL: postgres.databaseUrl(), ...own })));

beforeEach(() => sandbox.setSwitches({ latencyMs: 0 }));
afterEach(() => sandbox.clearFaults());

function replica(index: number): TestGateway {
  const found = replicas[index];
  if (found === undefined) throw new Error(`there is no replica ${index}`);
  return found;
}

describe('over three replicas', () => {
  it.each(BOTH)('a hundred simultaneous calls of %s are one payment', async (_name, operation) => {
    const input = newInput();
    const calls = Array.from({ length: CALLS }, (_, index) => pay(replica(index % 3), operation, input));
    const answers = await Promise.all(calls);
    const payments = answers.map(paymentIn);
    expect(payments).toEqual(payments.map(() => payments[0]));
    expect(answers.filter(({ replayed }) => replayed === false)).toHaveLength(1);
    expect(answers.filter(({ replayed }) => replayed === true)).toHaveLength(CALLS - 1);
    const sessions = await sandbox.sessionsOf(input.customer);
    expect(sessions.map(({ sessionId }) => sessionId)).toEqual([payments[0]?.flinksSessionId]);
    expect(await sandbox.mailsTo(input.customer)).toBe(operation === SEND ? 1 : 0);
  });

  it('simultaneous calls of both mutations under one key are one payment of one of them', async () => {
    for (let round = 0; round < 5; round += 1) {
      const input = newInput();
      const calls = Array.from({ length: 20 }, async (_, index) => {
        const operation = (index + round) % 2 === 0 ? CREATION : SEND;
        return { operation, answer: await pay(replica(index % 3), operation, input) };
      });
      const told = await Promise.all(calls);
      const made = told.filter(({ operation, answer }) => answer.__typename === operation.success);
      const ids = told.map(({ answer }) => answer.paymentSession?.id ?? answer.paymentSessionId);
      expect(new Set(made.map(({ operation }) => operation.mutation)).size).toBe(1);
      expect(made.filter(({ answer }) => answer.replayed === false)).toHaveLength(1);
      expect(made).toHaveLength(10);
      expect(new Set(ids).size).toBe(1);
      const refused = told.filter(({ answer }) => answer.code === 'IDEMPOTENCY_KEY_REUSED');
      expect(refused).toHaveLength(10);
      expect(await sandbox.sessionsOf(input.customer)).toHaveLength(1);
      expect(await sandbox.mailsTo(input.customer)).toBe(made[0]?.operation === SEND ? 1 : 0);
    }
  });

  it('a failure is told to all who waited, and costs one call to Flinks', async () => {
    const input = newInput();
    await Promise.all([0, 1, 2].map((index) => pay(replica(index), SEND, newInput())));
    const callsBefore = await sandbox.calls('sendrequest');
    await sandbox.addFault({ endpoint: 'sendrequest', kind: 'status', status: 429, retryAfterSeconds: 60 });
    await sandbox.setSwitches({ latencyMs: 1_000 });
    const first = pay(replica(0), SEND, input);
    await sandbox.called();
    const waiters = Array.from({ length: 10 }, (_, index) => pay(replica(index % 3), SEND, input));
    const answers = await Promise.all([first, ...waiters]);
    expect(answers[0]).toMatchObject({ code: 'PROVIDER_UNAVAILABLE', retryAfterMs: 60_000 });
    expect(answers).toEqual(answers.map(() => answers[0]));
    expect(await sandbox.calls('sendrequest')).toBe(callsBefore + 1);
  });
});

describe('a router that repeats elsewhere what takes too long', () => {
  it.each(BOTH)('gets one payment of %s', async (_name, operation) => {
    const input = newInput();
    await sandbox.addFault({ endpoint: operation.endpoint, kind: 'slow', when: 'after-work', delayMs: 1_000 });
    const patience = new AbortController();
    const impatient = fetch(`${replica(0).url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(requestOf(operation, input)),
      signal: patience.signal,
    });
    await sandbox.called();
    patience.abort(new Error('too slow'));
    await expect(impatient).rejects.toThrow('too slow');
    const repeat = await pay(replica(1), operation, input);
    expect(repeat).toMatchObject({ __typename: operation.success, replayed: true });
    expect(await pay(replica(0), operation, input)).toEqual(repeat);
    const sessions = await sandbox.sessionsOf(input.customer);
    expect(sessions.map(({ sessionId }) => sessionId)).toEqual([paymentIn(repeat).flinksSessionId]);
    expect(await sandbox.mailsTo(input.customer)).toBe(operation === SEND ? 1 : 0);
  });
});

describe('a repeat with less time than the attempt that it waits for', () => {
  it.each(BOTH)('is told that %s is in progress', async (_name, operation) => {
    const input = newInput();
    await sandbox.addFault({ endpoint: operation.endpoint, kind: 'slow', delayMs: 2_000 });
    const first = pay(replica(0), operation, input);
    await sandbox.called();
    const hasty: Answer = await pay(replica(3), operation, input);
    expect(hasty).toEqual({
      __typename: 'IdempotencyKeyInUseError',
      code: 'IDEMPOTENCY_KEY_IN_USE',
      retryAdvice: 'SAME_KEY',
      retryAfterMs: expect.any(Number),
    });
    expect(hasty.retryAfterMs).toBeGreaterThan(0);
    const answer = await first;
    expect(answer).toMatchObject({ __typename: operation.success, replayed: false });
    expect(await pay(replica(3), operation, input)).toEqual({ ...answer, replayed: true });
  });
});
