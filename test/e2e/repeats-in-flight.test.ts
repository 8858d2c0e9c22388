import { once } from 'node:events';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { withGateway } from '../support/fixture.js';
import { BOTH, CREATION, SEND, newInput, pay, paymentIn, requestOf } from '../support/payments.js';
import type { Answer, Operation, PaymentInput } from '../support/payments.js';
import { connectTo, httpRequest } from '../support/raw-http.js';

/** Long enough for everything that shall happen meanwhile, also on a slow machine. */
const LATENCY_MS = 800;

const { sandbox, gateway } = withGateway();

// From here on there is a token, so that what is slow is the payment.
beforeAll(() => pay(gateway, CREATION, newInput()));

function call(operation: Operation, input: PaymentInput): Promise<Answer> {
  return pay(gateway, operation, input);
}

/** Whether a promise is pending still. */
async function isPending(promise: Promise<unknown>): Promise<boolean> {
  return (await Promise.race([promise, Promise.resolve('pending')])) === 'pending';
}

describe.each(BOTH)('while %s is under way, a repeat', (_name, operation) => {
  let input: PaymentInput;
  beforeEach(async () => {
    input = newInput();
    await sandbox.addFault({ endpoint: operation.endpoint, kind: 'slow', delayMs: LATENCY_MS });
  });
  afterEach(() => sandbox.clearFaults());

  it('waits and gets the same answer', async () => {
    const first = call(operation, input);
    await sandbox.called();
    const repeats = await Promise.all([1, 2, 3].map(() => call(operation, input)));
    const answer = await first;
    expect(answer).toMatchObject({ __typename: operation.success, replayed: false });
    expect(repeats).toEqual([1, 2, 3].map(() => ({ ...answer, replayed: true })));
    expect(await sandbox.sessionsOf(input.customer)).toHaveLength(1);
  });

  it('with another input is refused without waiting', async () => {
    const first = call(operation, input);
    await sandbox.called();
    const other = await call(operation, { ...input, amount: { value: '250.11' } });
    expect(other).toMatchObject({ code: 'IDEMPOTENCY_KEY_REUSED', retryAdvice: 'REVIEW_THEN_NEW_KEY' });
    expect(await isPending(first)).toBe(true);
    expect(await first).toMatchObject({ __typename: operation.success });
  });

  it('of a double click is one payment', async () => {
    const clicks = await Promise.all([call(operation, input), call(operation, input)]);
    expect(clicks.map(({ replayed }) => replayed).sort()).toEqual([false, true]);
    expect(clicks.map((click) => paymentIn(click))).toEqual([1, 2].map(() => clicks[0].paymentSession));
    expect(await sandbox.sessionsOf(input.customer)).toHaveLength(1);
    expect(await sandbox.mailsTo(input.customer)).toBe(operation === SEND ? 1 : 0);
  });

  it('of a browser whose connection broke gets the payment', async () => {
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

describe.each(BOTH)('repeats that wait for a failing %s', (_name, { endpoint, ...operation }) => {
  afterEach(async () => {
    await sandbox.clearFaults();
    await sandbox.setSwitches({ latencyMs: 0 });
  });

  it.each([
    ['released', 429, { code: 'PROVIDER_UNAVAILABLE', retryAfterMs: 60_000 }],
    ['refused', 422, { code: 'PROVIDER_REJECTED' }],
  ] as const)('get its failure and ask Flinks nothing: %s', async (_label, status, member) => {
    const input = newInput();
    const retryAfter = status === 429 ? { retryAfterSeconds: 60 } : {};
    await sandbox.addFault({ endpoint, kind: 'status', status, ...retryAfter });
    await sandbox.setSwitches({ latencyMs: LATENCY_MS });
    const callsBefore = await sandbox.calls(endpoint);
    const first = call({ endpoint, ...operation }, input);
    await sandbox.called();
    const waiters = Array.from({ length: 10 }, () => call({ endpoint, ...operation }, input));
    const answers = await Promise.all([first, ...waiters]);
    expect(answers[0]).toMatchObject(member);
    expect(answers).toEqual(answers.map(() => answers[0]));
    expect(await sandbox.calls(endpoint)).toBe(callsBefore + 1);
    expect(await sandbox.sessionsOf(input.customer)).toEqual([]);
  });
});

describe('repeats that wait for a send whose answer is lost', () => {
  it('are told the same unknown payment', async () => {
    const input = newInput();
    await sandbox.addFault({ endpoint: 'sendrequest', kind: 'cut', when: 'after-work' });
    await sandbox.setSwitches({ latencyMs: LATENCY_MS });
    const first = call(SEND, input);
    await sandbox.called();
    const answers = await Promise.all([first, ...Array.from({ length: 10 }, () => call(SEND, input))]);
    await sandbox.setSwitches({ latencyMs: 0 });
    expect(answers[0]).toMatchObject({ code: 'OUTCOME_UNKNOWN', paymentSession: { status: 'OUTCOME_UNKNOWN' } });
    const ids = answers.map((answer) => paymentIn(answer).id);
    expect(new Set(ids).size).toBe(1);
    expect(new Set(answers.map(({ code }) => code))).toEqual(new Set(['OUTCOME_UNKNOWN']));
    expect(await sandbox.mailsTo(input.customer)).toBe(1);
  });
});
