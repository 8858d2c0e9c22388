import { once } from 'node:events';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { withGateway } from '../support/fixture.js';
import { EACH_OPERATION, CREATION, SEND, newInput, pay, paymentIn, requestOf } from '../support/payments.js';
import type { PaymentResult, Operation, PaymentInput } from '../support/payments.js';
import { connectTo, httpRequest } from '../support/raw-http.js';

/** Long enough for all that the tests do meanwhile, even on a slow machine. */
const LATENCY_MS = 800;

const { sandbox, gateway } = withGateway();

// Gets the access token in advance, so that a slow call to Flinks is a call for the payment.
beforeAll(() => pay(gateway, CREATION, newInput()));

function call(operation: Operation, input: PaymentInput): Promise<PaymentResult> {
  return pay(gateway, operation, input);
}

/** Whether a promise is still pending. */
async function isPending(promise: Promise<unknown>): Promise<boolean> {
  return (await Promise.race([promise, Promise.resolve('pending')])) === 'pending';
}

describe.each(EACH_OPERATION)('a repeat of %s in progress', (_name, operation) => {
  let input: PaymentInput;
  beforeEach(async () => {
    input = newInput();
    await sandbox.addFault({ endpoint: operation.endpoint, kind: 'slow', delayMs: LATENCY_MS });
  });
  afterEach(() => sandbox.clearFaults());

  it('waits and gets the same result', async () => {
    const first = call(operation, input);
    await sandbox.called();
    const repeats = await Promise.all([1, 2, 3].map(() => call(operation, input)));
    const result = await first;
    expect(result).toMatchObject({ __typename: operation.success, replayed: false });
    expect(repeats).toEqual([1, 2, 3].map(() => ({ ...result, replayed: true })));
    expect(await sandbox.sessionsOf(input.customer)).toHaveLength(1);
  });

  it('with another input is rejected without waiting', async () => {
    const first = call(operation, input);
    await sandbox.called();
    const other = await call(operation, { ...input, amount: { value: '250.11' } });
    expect(other).toMatchObject({ code: 'IDEMPOTENCY_KEY_REUSED', retryAdvice: 'REVIEW_THEN_NEW_KEY' });
    expect(await isPending(first)).toBe(true);
    expect(await first).toMatchObject({ __typename: operation.success });
  });

  it('by a double click makes one payment', async () => {
    const clicks = await Promise.all([call(operation, input), call(operation, input)]);
    expect(clicks.map(({ replayed }) => replayed).sort()).toEqual([false, true]);
    expect(clicks.map((click) => paymentIn(click))).toEqual([1, 2].map(() => clicks[0].paymentSession));
    expect(await sandbox.sessionsOf(input.customer)).toHaveLength(1);
    expect(await sandbox.mailsTo(input.customer)).toBe(operation === SEND ? 1 : 0);
  });

  it('from a browser whose connection broke gets the payment', async () => {
    const browser = connectTo(gateway);
    browser.write(httpRequest(requestOf(operation, input)));
    await sandbox.called();
    browser.destroy();
    await once(browser, 'close');
    expect(await call(operation, input)).toMatchObject({ __typename: operation.success, replayed: true });
    expect(await sandbox.sessionsOf(input.customer)).toHaveLength(1);
    expect(await sandbox.mailsTo(input.customer)).toBe(operation === SEND ? 1 : 0);
  });
});

describe.each(EACH_OPERATION)('repeats that wait for a failing call of %s', (_name, { endpoint, ...operation }) => {
  afterEach(async () => {
    await sandbox.clearFaults();
    await sandbox.setSwitches({ latencyMs: 0 });
  });

  it.each([
    ['released', 429, { code: 'PROVIDER_UNAVAILABLE', retryAfterMs: 60_000 }],
    ['rejected', 422, { code: 'PROVIDER_REJECTED' }],
  ] as const)('get its failure without a call to Flinks when the key is %s', async (_label, status, member) => {
    const input = newInput();
    const retryAfter = status === 429 ? { retryAfterSeconds: 60 } : {};
    await sandbox.addFault({ endpoint, kind: 'status', status, ...retryAfter });
    await sandbox.setSwitches({ latencyMs: LATENCY_MS });
    const callsBefore = await sandbox.calls(endpoint);
    const first = call({ endpoint, ...operation }, input);
    await sandbox.called();
    const waiters = Array.from({ length: 10 }, () => call({ endpoint, ...operation }, input));
    const results = await Promise.all([first, ...waiters]);
    expect(results[0]).toMatchObject(member);
    expect(results).toEqual(results.map(() => results[0]));
    expect(await sandbox.calls(endpoint)).toBe(callsBefore + 1);
    expect(await sandbox.sessionsOf(input.customer)).toEqual([]);
  });
});

describe('repeats that wait for a send whose response is lost', () => {
  it('get the same payment with the status OUTCOME_UNKNOWN', async () => {
    const input = newInput();
    await sandbox.addFault({ endpoint: 'sendrequest', kind: 'cut', when: 'after-work' });
    await sandbox.setSwitches({ latencyMs: LATENCY_MS });
    const first = call(SEND, input);
    await sandbox.called();
    const results = await Promise.all([first, ...Array.from({ length: 10 }, () => call(SEND, input))]);
    await sandbox.setSwitches({ latencyMs: 0 });
    expect(results[0]).toMatchObject({ code: 'OUTCOME_UNKNOWN', paymentSession: { status: 'OUTCOME_UNKNOWN' } });
    const ids = results.map((result) => paymentIn(result).id);
    expect(new Set(ids).size).toBe(1);
    expect(new Set(results.map(({ code }) => code))).toEqual(new Set(['OUTCOME_UNKNOWN']));
    expect(await sandbox.mailsTo(input.customer)).toBe(1);
  });
});
