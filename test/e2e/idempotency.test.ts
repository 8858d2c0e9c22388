import { randomUUID } from 'node:crypto';
import { afterEach, describe, expect, it } from '@jest/globals';
import { EXPECTED_RESULTS } from '../support/faults.js';
import { withGateway } from '../support/fixture.js';
import {
  EACH_OPERATION,
  CREATION,
  SEND,
  findPayment,
  newInput,
  pay,
  paymentIn,
  statusesOf,
} from '../support/payments.js';
import type { Operation, Payment, PaymentInput } from '../support/payments.js';

const FOREVER = 1_000;
/** The error for a reused key of this payment or, without an argument, of any payment. */
const keyReused = (payment?: Payment) => ({
  __typename: 'IdempotencyKeyReusedError',
  code: 'IDEMPOTENCY_KEY_REUSED',
  retryAdvice: 'REVIEW_THEN_NEW_KEY',
  paymentSessionId: payment?.id ?? (expect.stringMatching(/^ps_/) as unknown),
});

const { sandbox, gateway } = withGateway();

afterEach(() => sandbox.clearFaults());

function call(operation: Operation, input: PaymentInput) {
  return pay(gateway, operation, input);
}

const otherThan = (operation: Operation): Operation => (operation === CREATION ? SEND : CREATION);

/** Makes Flinks reject the next payment for its rate limit, so that the key is released. */
function rateLimitNext({ endpoint }: Operation): Promise<unknown> {
  return sandbox.addFault({ endpoint, kind: 'status', status: 429, retryAfterSeconds: 60 });
}

function otherInputs(input: PaymentInput): readonly PaymentInput[] {
  const { customer } = input;
  return [
    { ...input, amount: { value: '250.11' } },
    { ...input, customer: { ...customer, userId: 'user-other' } },
    { ...input, customer: { ...customer, name: 'Alexis Tremblay' } },
    { ...input, customer: { ...customer, email: `x${customer.email}` } },
    { ...input, referenceId: 'LOAN-1043' },
    { ...input, referenceId: null },
    { ...input, clientUrls: ['https://shop.example.com/pay'] },
  ];
}

describe.each(EACH_OPERATION)('a repeat of %s', (_name, operation) => {
  it('returns the same payment and executes nothing', async () => {
    const input = newInput();
    const first = await call(operation, input);
    expect(first).toMatchObject({ __typename: operation.success, replayed: false });
    expect(paymentIn(first)).toMatchObject({ status: 'INITIATED', referenceId: input.referenceId });
    const [session, ...others] = await sandbox.sessionsOf(input.customer);
    expect(others).toEqual([]);
    expect(paymentIn(first).flinksSessionId).toBe(session?.sessionId);

    expect(await call(operation, input)).toEqual({ ...first, replayed: true });
    expect(await call(operation, input)).toEqual({ ...first, replayed: true });
    expect(await sandbox.sessionsOf(input.customer)).toHaveLength(1);
    expect(await sandbox.mailsTo(input.customer)).toBe(operation === SEND ? 1 : 0);
  });

  it('with another input is rejected, and changes nothing', async () => {
    const input = newInput();
    const first = await call(operation, input);
    const calls = await sandbox.calls(operation.endpoint);
    for (const other of otherInputs(input)) expect(await call(operation, other)).toEqual(keyReused(paymentIn(first)));
    expect(await sandbox.calls(operation.endpoint)).toBe(calls);
    expect(await call(operation, input)).toEqual({ ...first, replayed: true });
  });

  it('with another input is rejected even after the key was released', async () => {
    const input = newInput();
    await rateLimitNext(operation);
    expect(await call(operation, input)).toMatchObject(EXPECTED_RESULTS.unavailable);
    const reused = await call(operation, { ...input, amount: { value: '250.11' } });
    for (const other of otherInputs(input)) expect(await call(operation, other)).toEqual(reused);
    expect(reused).toEqual(keyReused());
    expect(await findPayment(gateway, reused.paymentSessionId)).toMatchObject({ status: 'CREATING' });
    expect(await call(operation, input)).toMatchObject({ __typename: operation.success, replayed: false });
  });

  it('returns the same payment if the input is equal after normalization', async () => {
    const input = newInput();
    const named = (name: string) => ({ ...input, customer: { ...input.customer, name } });
    const first = await call(operation, named('Zoé Tremblay'.normalize('NFC')));
    expect(first).toMatchObject({ __typename: operation.success });
    const again = { ...named(`  ${'Zoé Tremblay'.normalize('NFD')} `), amount: { value: '250.1' } };
    expect(await call(operation, again)).toEqual({ ...first, replayed: true });
    expect(await call(operation, named('Zoe Tremblay'))).toEqual(keyReused(paymentIn(first)));
  });

  it('without a reference returns the generated one, and is rejected if it sends that one', async () => {
    const input: PaymentInput = { ...newInput(), referenceId: null };
    const first = await call(operation, input);
    const { referenceId } = paymentIn(first);
    expect(referenceId).toMatch(/^[0-9a-f-]{36}$/);
    expect(await call(operation, input)).toEqual({ ...first, replayed: true });
    expect(await call(operation, { ...input, referenceId })).toEqual(keyReused(paymentIn(first)));
  });

  it.each([400, 422])('returns a rejection again without a call to Flinks: status %p', async (status) => {
    const input = newInput();
    await sandbox.addFault({ endpoint: operation.endpoint, kind: 'status', status });
    const first = await call(operation, input);
    expect(first).toEqual(EXPECTED_RESULTS.rejected);
    const calls = await sandbox.calls(operation.endpoint);
    expect(await call(operation, input)).toEqual(first);
    expect(await call(operation, { ...input, amount: { value: '1.00' } })).toEqual(keyReused());
    expect(await sandbox.calls(operation.endpoint)).toBe(calls);
    expect(await call(operation, { ...input, idempotencyKey: randomUUID() })).toMatchObject({ replayed: false });
  });

  it.each([
    [429, EXPECTED_RESULTS.unavailable],
    [403, EXPECTED_RESULTS.misconfigured],
  ])('after a response of Flinks with status %p is another attempt for the same payment', async (status, member) => {
    const input: PaymentInput = { ...newInput(), referenceId: null };
    const retryAfter = status === 429 ? { retryAfterSeconds: 60 } : {};
    await sandbox.addFault({ endpoint: operation.endpoint, kind: 'status', status, ...retryAfter });
    const first = await call(operation, input);
    const failedAt = new Date();
    expect(first).toMatchObject(member);
    const second = await call(operation, input);
    expect(second).toMatchObject({ __typename: operation.success, replayed: false });
    const { createdAt } = paymentIn(second);
    expect(new Date(createdAt).getTime()).toBeLessThanOrEqual(failedAt.getTime());
    expect(await statusesOf(gateway, paymentIn(second))).toEqual(['CREATING', 'INITIATED']);
    expect(await call(operation, input)).toEqual({ ...second, replayed: true });
    expect(await sandbox.sessionsOf(input.customer)).toHaveLength(1);
  });

  it('after invalid input is a first call, because the key was not used', async () => {
    const input = newInput();
    const calls = await sandbox.calls(operation.endpoint);
    for (const bad of [
      { ...input, amount: { value: '0.00' } },
      { ...input, customer: { ...input.customer, email: 'nobody' } },
    ])
      expect(await call(operation, bad)).toMatchObject({
        __typename: 'InvalidPaymentInputError',
        retryAdvice: 'NEVER',
      });
    expect(await sandbox.calls(operation.endpoint)).toBe(calls);
    expect(await call(operation, input)).toMatchObject({ __typename: operation.success, replayed: false });
  });
});

describe('an idempotency key', () => {
  it.each(EACH_OPERATION)(
    'of %s is rejected for the other mutation, with the id of its payment',
    async (_name, operation) => {
      const input = newInput();
      const first = await call(operation, input);
      expect(first).toMatchObject({ __typename: operation.success, replayed: false });
      const calls = await sandbox.calls(otherThan(operation).endpoint);
      for (const repeat of [input, { ...input, amount: { value: '250.11' } }, { ...input, allowDuplicate: true }])
        expect(await call(otherThan(operation), repeat)).toEqual(keyReused(paymentIn(first)));
      expect(await sandbox.calls(otherThan(operation).endpoint)).toBe(calls);
      expect(await sandbox.sessionsOf(input.customer)).toHaveLength(1);
      expect(await call(operation, input)).toEqual({ ...first, replayed: true });
    },
  );

  it.each(EACH_OPERATION)('that %s released is still rejected for the other mutation', async (_name, operation) => {
    const input = newInput();
    await rateLimitNext(operation);
    expect(await call(operation, input)).toMatchObject(EXPECTED_RESULTS.unavailable);
    const reused = await call(otherThan(operation), input);
    expect(reused).toEqual(keyReused());
    const first = await call(operation, input);
    expect(first).toMatchObject({ __typename: operation.success, replayed: false });
    expect(paymentIn(first).id).toBe(reused.paymentSessionId);
  });

  it.each(EACH_OPERATION)('of a %s in progress is rejected for the other mutation', async (_name, operation) => {
    const input = newInput();
    await sandbox.addFault({ endpoint: operation.endpoint, kind: 'slow', delayMs: 800 });
    const first = call(operation, input);
    await sandbox.called();
    const reused = await call(otherThan(operation), input);
    expect(reused).toEqual(keyReused(paymentIn(await first)));
  });

  it('is compared byte for byte', async () => {
    const input = { ...newInput(), idempotencyKey: `Key-${randomUUID()}` };
    await call(CREATION, input);
    const other = { ...input, idempotencyKey: input.idempotencyKey.toUpperCase() };
    expect(await call(CREATION, other)).toMatchObject({ replayed: false });
  });
});

describe('a creation whose activation Flinks did not confirm', () => {
  it('returns no session until a repeat creates a new one for the same payment', async () => {
    const input: PaymentInput = { ...newInput(), referenceId: null };
    await sandbox.addFault({ endpoint: 'activate', kind: 'cut', when: 'after-work', count: FOREVER });
    expect(await call(CREATION, input)).toMatchObject(EXPECTED_RESULTS.unavailable);
    const lost = await sandbox.sessionsOf(input.customer);
    expect(lost.length).toBeGreaterThan(0);
    await sandbox.clearFaults();

    const payment = paymentIn(await call(CREATION, input));
    expect(lost.map(({ sessionId }) => sessionId)).not.toContain(payment.flinksSessionId);
    const references = (await sandbox.sessionsOf(input.customer)).map(({ referenceId }) => referenceId);
    expect(new Set(references)).toEqual(new Set([payment.referenceId]));
  });
});

describe('a send whose response was lost', () => {
  it.each(['before-work', 'after-work'] as const)('stays unknown, and is never sent again: cut %s', async (when) => {
    const input = newInput();
    await sandbox.addFault({ endpoint: 'sendrequest', kind: 'cut', when });
    const first = await call(SEND, input);
    expect(first).toMatchObject({
      ...EXPECTED_RESULTS.unknown,
      paymentSession: { status: 'OUTCOME_UNKNOWN', flinksSessionId: null },
    });
    const calls = await sandbox.calls('sendrequest');
    expect(await call(SEND, input)).toEqual(first);
    expect(await call(SEND, { ...input, referenceId: 'LOAN-1043' })).toEqual(keyReused(paymentIn(first)));
    expect(await sandbox.calls('sendrequest')).toBe(calls);
    expect(await sandbox.mailsTo(input.customer)).toBe(when === 'after-work' ? 1 : 0);

    const payment = paymentIn(first);
    expect(await statusesOf(gateway, payment)).toEqual(['CREATING', 'OUTCOME_UNKNOWN']);
    expect(await findPayment(gateway, payment.id)).toMatchObject(payment);
  });
});

describe('the query paymentSession', () => {
  it('returns null for an id that no payment has', async () => {
    expect(await findPayment(gateway, `ps_${randomUUID()}`)).toBeNull();
    expect(await findPayment(gateway, 'LOAN-1042')).toBeNull();
  });
});
