import { beforeEach, describe, expect, it } from '@jest/globals';
import { createPaymentId } from '../../src/domain/ids.js';
import { withGateway } from '../support/fixture.js';
import { CREATION, SEND, findPayment, newInput, pay, paymentIn, statusesOf } from '../support/payments.js';
import type { Payment } from '../support/payments.js';
import type { Fault } from '../support/sandbox.js';
import { until } from '../support/until.js';

/** Any member of the result union. */
interface CancellationResult {
  readonly __typename: string;
  readonly code?: string;
  readonly retryAdvice?: string;
  readonly status?: string;
  readonly paymentSession?: { readonly id: string; readonly status: string };
}

const MUTATION = `mutation ($id: ID!) { cancelPaymentSession(input: { id: $id }) { __typename
  ... on CancelPaymentSessionSuccess { paymentSession { id status } }
  ... on PaymentNotCancellableError { status paymentSession { id status } }
  ... on PaymentOutcomeUnknownError { paymentSession { id status } }
  ... on PaymentError { code retryAdvice } } }`;

const SHORT_TIMEOUTS = { FLINKS_TIMEOUT: '500ms', MUTATION_TIMEOUT: '2s' };

const { sandbox, gateway, start } = withGateway({ switches: { settleAfterMs: 0 }, environment: SHORT_TIMEOUTS });

beforeEach(() => sandbox.reset());

const createPayment = async (operation = CREATION, at = gateway): Promise<Payment> =>
  paymentIn(await pay(at, operation, newInput()));

async function cancel(id: string, at = gateway): Promise<CancellationResult> {
  const { data, errors } = await at.post<{ cancelPaymentSession: CancellationResult }>({
    query: MUTATION,
    variables: { id },
  });
  expect(errors).toBeUndefined();
  if (data === undefined) throw new Error('the response has no data');
  return data.cancelPaymentSession;
}

const cancelled = ({ id }: Payment) => ({
  __typename: 'CancelPaymentSessionSuccess',
  paymentSession: { id, status: 'CANCELLED' },
});
const notCancellable = (status: string) => ({
  __typename: 'PaymentNotCancellableError',
  code: 'NOT_CANCELLABLE',
  retryAdvice: 'NEVER',
  status,
});

describe('cancelPaymentSession', () => {
  it.each([CREATION, SEND])('cancels a payment of $mutation once, however often it is called', async (operation) => {
    const payment = await createPayment(operation);
    expect(await cancel(payment.id)).toEqual(cancelled(payment));
    expect(await cancel(payment.id)).toEqual(cancelled(payment));
    expect(await sandbox.calls('cancel')).toBe(1);
    expect(await sandbox.sessions()).toMatchObject([{ status: 'Cancelled' }]);
    expect(await statusesOf(gateway, payment)).toEqual(['CREATING', 'INITIATED', 'CANCELLED']);
  });

  it.each([
    ['Accepted', 'ACCEPTED'],
    ['Settled', 'SETTLED'],
    ['Expired', 'EXPIRED'],
    ['Declined', 'DECLINED'],
  ])('does not cancel a payment that is %s at Flinks, and returns its status', async (providerStatus, status) => {
    const payment = await createPayment();
    await sandbox.moveTo(payment.flinksSessionId ?? '', providerStatus);
    expect(await cancel(payment.id)).toMatchObject({ ...notCancellable(status), paymentSession: { status } });
    expect(await cancel(payment.id)).toMatchObject(notCancellable(status));
    // The second result comes from the store.
    expect(await sandbox.calls('cancel')).toBe(1);
  });

  it('succeeds if the payment is already cancelled at Flinks', async () => {
    const payment = await createPayment();
    await sandbox.moveTo(payment.flinksSessionId ?? '', 'Canceled');
    expect(await cancel(payment.id)).toEqual(cancelled(payment));
  });

  it.each<[string, Omit<Fault, 'endpoint'>]>([
    ['cut', { kind: 'cut', when: 'after-work' }],
    ['never sent', { kind: 'hang', when: 'after-work' }],
    ['truncated', { kind: 'truncated', when: 'after-work' }],
    ['cut before the request is executed', { kind: 'cut' }],
  ])('succeeds although the response of Flinks is %s', async (_, fault) => {
    const payment = await createPayment();
    await sandbox.addFault({ endpoint: 'cancel', ...fault });
    expect(await cancel(payment.id)).toEqual(cancelled(payment));
  });

  // These failures may open the circuit of a gateway, so they get one of their own.
  it('returns an unknown outcome and keeps the status while Flinks does not respond, and succeeds later', async () => {
    const other = await start(SHORT_TIMEOUTS);
    const payment = await createPayment(CREATION, other);
    await sandbox.addFault({ endpoint: 'cancel', kind: 'cut', when: 'after-work', count: 100 });
    await sandbox.addFault({ endpoint: 'lookup', kind: 'cut', count: 100 });
    expect(await cancel(payment.id, other)).toEqual({
      __typename: 'PaymentOutcomeUnknownError',
      code: 'OUTCOME_UNKNOWN',
      retryAdvice: 'NEVER',
      paymentSession: { id: payment.id, status: 'INITIATED' },
    });
    await sandbox.clearFaults();
    await until(async () => (await cancel(payment.id, other)).__typename === 'CancelPaymentSessionSuccess');
    expect(await statusesOf(other, payment)).toEqual(['CREATING', 'INITIATED', 'CANCELLED']);
  });

  it('returns a repeatable error if Flinks did not execute the request', async () => {
    const other = await start(SHORT_TIMEOUTS);
    const payment = await createPayment(CREATION, other);
    await sandbox.addFault({ endpoint: 'cancel', kind: 'status', status: 429, count: 100 });
    expect(await cancel(payment.id, other)).toEqual({
      __typename: 'PaymentProviderUnavailableError',
      code: 'PROVIDER_UNAVAILABLE',
      retryAdvice: 'SAME_KEY',
    });
    expect((await findPayment(other, payment.id))?.status).toBe('INITIATED');
  });

  it.each([createPaymentId(), 'ps_1', '', "'; drop table payment_sessions"])(
    'finds no payment with the id %j',
    async (id) => {
      expect(await cancel(id)).toEqual({ __typename: 'PaymentNotFoundError', code: 'NOT_FOUND', retryAdvice: 'NEVER' });
    },
  );

  it('does not call Flinks if the API variant has no way to cancel', async () => {
    const other = await start({ FLINKS_API_VARIANT: 'cancelPath=none' });
    const payment = await createPayment(CREATION, other);
    expect(await cancel(payment.id, other)).toMatchObject(notCancellable('INITIATED'));
    expect(await sandbox.calls('cancel')).toBe(0);
  });

  it('does not cancel a payment whose outcome and Flinks session are unknown', async () => {
    await sandbox.addFault({ endpoint: 'sendrequest', kind: 'cut', when: 'after-work' });
    const payment = await createPayment(SEND);
    expect(await cancel(payment.id)).toMatchObject(notCancellable('OUTCOME_UNKNOWN'));
  });
});

describe('an orphaned session', () => {
  it('is cancelled, and the session that the client received is not', async () => {
    await sandbox.addFault({ endpoint: 'activate', kind: 'cut', when: 'after-work' });
    const payment = await createPayment();
    const statuses = async () => (await sandbox.sessions()).map(({ sessionId, status }) => [sessionId, status]);
    await until(async () => (await statuses()).some(([, status]) => status === 'Cancelled'));
    expect(await statuses()).toContainEqual([payment.flinksSessionId, 'Initiated']);
    expect((await statuses()).length).toBe(2);
  });
});
