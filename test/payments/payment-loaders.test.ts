import { describe, expect, it } from '@jest/globals';
import type { PaymentSession } from '../../src/domain/payment.js';
import { StoreUnavailableError } from '../../src/domain/store-unavailable.js';
import { createPaymentLoaders } from '../../src/payments/payment-loaders.js';
import { paymentWith } from '../support/many-payments.js';

const unused = () => Promise.reject(new Error('nothing is read here'));

/** The status of a payment that is `bad` cannot be refreshed, for this reason; that of the others is settled. */
async function currentOf(payments: readonly PaymentSession[], bad: PaymentSession, reason: Error) {
  const logged: unknown[] = [];
  const current = (payment: PaymentSession): Promise<PaymentSession> =>
    payment === bad ? Promise.reject(reason) : Promise.resolve({ ...payment, status: 'SETTLED' });
  const log = { error: (line: unknown) => logged.push(line) };
  const loaders = createPaymentLoaders({ findPayments: unused, findEvents: unused }, { current }, 'shop', log);
  return { told: await loaders.current.loadMany(payments), logged };
}

describe('payments of one list', () => {
  const payments = [1, 2, 3].map(() => paymentWith({ status: 'PROCESSING' }));
  const [, bad] = payments as [PaymentSession, PaymentSession];
  const expected = payments.map((payment) => (payment === bad ? bad : { ...payment, status: 'SETTLED' }));

  it('are told as they are stored where the store does not take what is new, which it tells itself', async () => {
    const unavailable = new StoreUnavailableError(new Error('not this one'));
    expect(await currentOf(payments, bad, unavailable)).toEqual({ told: expected, logged: [] });
  });

  it('are told as they are stored where a refresh fails, which is logged', async () => {
    const fault = new Error('a fault of ours');
    const { told, logged } = await currentOf(payments, bad, fault);
    expect(told).toEqual(expected);
    expect(logged).toEqual([{ event: 'status_refresh_failed', err: fault, paymentId: bad.id }]);
  });
});
