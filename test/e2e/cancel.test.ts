import { describe, expect, it } from '@jest/globals';
import { createPaymentId } from '../../src/domain/ids.js';
import { withGateway } from '../support/fixture.js';
import { CREATION, SEND, find, newInput, pay, paymentIn, statusesOf } from '../support/payments.js';
import type { Payment } from '../support/payments.js';
import type { Fault } from '../support/sandbox.js';
import { until } from '../support/until.js';

interface Answer {
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

const { sandbox, gateway, start } = withGateway({
  switches: { settleAfterMs: 0 },
  environment: { FLINKS_TIMEOUT: '500ms', MUTATION_TIMEOUT: '2s' },
  per: 'test',
});

const make = async (operation = CREATION, at = gateway): Promise<Payment> =>
  paymentIn(await pay(at, operation, newInput()));

async function cancel(id: string, at = gateway): Promise<Answer> {
  const { data, errors } = await at.post<{ cancelPaymentSession: Answer }>({ query: MUTATION, variables: { id } });
  expect(errors).toBeUndefined();
  if (data === undefined) throw new Error('no answer');
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
  it.each([CREATION, SEND])('ends a payment once, however often it is called: $mutation', async (operation) => {
    const payment = await make(operation);
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
  ])('does not end a payment that is %s, and tells the status it met', async (word, status) => {
    const payment = await make();
    await sandbox.moveTo(payment.flinksSessionId ?? '', word);
    expect(await cancel(payment.id)).toMatchObject({ ...notCancellable(status), paymentSession: { status } });
    expect(await cancel(payment.id)).toMatchObject(notCancellable(status));
    // The second time the store knows.
    expect(await sandbox.calls('cancel')).toBe(1);
  });

  it('succeeds when the payment was cancelled at Flinks by somebody else', async () => {
    const payment = await make();
    await sandbox.moveTo(payment.flinksSessionId ?? '', 'Canceled');
    expect(await cancel(payment.id)).toEqual(cancelled(payment));
  });

  it.each<[string, Omit<Fault, 'endpoint'>]>([
    ['cut', { kind: 'cut', when: 'after-work' }],
    ['hung', { kind: 'hang', when: 'after-work' }],
    ['broken', { kind: 'truncated', when: 'after-work' }],
    ['cut before the work', { kind: 'cut' }],
  ])('finds out what became of it when the answer is %s', async (_, fault) => {
    const payment = await make();
    await sandbox.addFault({ endpoint: 'cancel', ...fault });
    expect(await cancel(payment.id)).toEqual(cancelled(payment));
  });

  it('is unknown while nobody answers, leaves the status as it is, and resolves by itself', async () => {
    const payment = await make();
    await sandbox.addFault({ endpoint: 'cancel', kind: 'cut', when: 'after-work', count: 100 });
    await sandbox.addFault({ endpoint: 'lookup', kind: 'cut', count: 100 });
    expect(await cancel(payment.id)).toEqual({
      __typename: 'PaymentOutcomeUnknownError',
      code: 'OUTCOME_UNKNOWN',
      retryAdvice: 'NEVER',
      paymentSession: { id: payment.id, status: 'INITIATED' },
    });
    await sandbox.clearFaults();
    await until(async () => (await cancel(payment.id)).__typename === 'CancelPaymentSessionSuccess');
    expect(await statusesOf(gateway, payment)).toEqual(['CREATING', 'INITIATED', 'CANCELLED']);
  });

  it('tells that Flinks was not reached, and that the call may be repeated', async () => {
    const payment = await make();
    await sandbox.addFault({ endpoint: 'cancel', kind: 'status', status: 429, count: 100 });
    expect(await cancel(payment.id)).toEqual({
      __typename: 'PaymentProviderUnavailableError',
      code: 'PROVIDER_UNAVAILABLE',
      retryAdvice: 'SAME_KEY',
    });
    expect((await find(gateway, payment.id))?.status).toBe('INITIATED');
  });

  it.each([createPaymentId(), 'ps_1', '', "'; drop table payment_sessions"])('finds nothing of id %j', async (id) => {
    expect(await cancel(id)).toEqual({ __typename: 'PaymentNotFoundError', code: 'NOT_FOUND', retryAdvice: 'NEVER' });
  });

  it('asks Flinks nothing where its profile knows no way to cancel', async () => {
    const other = await start({ FLINKS_API_VARIANT: 'cancelPath=none' });
    const payment = await make(CREATION, other);
    expect(await cancel(payment.id, other)).toMatchObject(notCancellable('INITIATED'));
    expect(await sandbox.calls('cancel')).toBe(0);
  });

  it('does not end an unknown payment whose session nobody knows', async () => {
    await sandbox.addFault({ endpoint: 'sendrequest', kind: 'cut', when: 'after-work' });
    const payment = await make(SEND);
    expect(await cancel(payment.id)).toMatchObject(notCancellable('OUTCOME_UNKNOWN'));
  });
});

describe('a session that was left behind', () => {
  it('is cancelled, and the one that was handed out is not', async () => {
    await sandbox.addFault({ endpoint: 'activate', kind: 'cut', when: 'after-work' });
    const payment = await make();
    const statuses = async () => (await sandbox.sessions()).map(({ sessionId, status }) => [sessionId, status]);
    await until(async () => (await statuses()).some(([, status]) => status === 'Cancelled'));
    expect(await statuses()).toContainEqual([payment.flinksSessionId, 'Initiated']);
    expect((await statuses()).length).toBe(2);
  });
});
