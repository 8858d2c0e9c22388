import { describe, expect, it } from '@jest/globals';
import type { PaymentSession } from '../../src/domain/payment.js';
import { StoreUnavailableError } from '../../src/domain/store-unavailable.js';
import { createPaymentLoaders } from '../../src/payments/payment-loaders.js';
import { paymentWith } from '../support/many-payments.js';

const unused = () => Promise.reject(new Error('nothing is read here'));

/** Loads payments of which one cannot be refreshed, for this reason, and the others are settled. */
async function currentOf(payments: readonly PaymentSession[], failing: PaymentSession, reason: Error) {
  const logged: unknown[] = [];
  const current = (payment: PaymentSession): Promise<PaymentSession> =>
    payment === failing ? Promise.reject(reason) : Promise.resolve({ ...payment, status: 'SETTLED' });
  const log = { error: (line: unknown) => logged.push(line) };
  const loaders = createPaymentLoaders({ findPayments: unused, findEvents: unused }, { current }, 'shop', log);
  return { loaded: await loaders.current.loadMany(payments), logged };
}

describe('the payment loader for a list', () => {
  const payments = [1, 2, 3].map(() => paymentWith({ status: 'PROCESSING' }));
  const [, failing] = payments as [PaymentSession, PaymentSession];
  const expected = payments.map((payment) => (payment === failing ? failing : { ...payment, status: 'SETTLED' }));

  it('returns a payment as stored when the store is unavailable, without logging that itself', async () => {
    const unavailable = new StoreUnavailableError(new Error('not this one'));
    expect(await currentOf(payments, failing, unavailable)).toEqual({ loaded: expected, logged: [] });
  });

  it('returns a payment as stored and logs the error when its refresh fails', async () => {
    const fault = new Error('an internal fault');
    const { loaded, logged } = await currentOf(payments, failing, fault);
    expect(loaded).toEqual(expected);
    expect(logged).toEqual([{ event: 'status_refresh_failed', err: fault, paymentId: failing.id }]);
  });
});
