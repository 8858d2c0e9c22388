import DataLoader from 'dataloader';
import type { Owner } from '../domain/api-client.js';
import type { PaymentSession, PaymentSessionEvent } from '../domain/payment.js';
import { isPaymentId } from '../domain/payment-id.js';
import { StoreUnavailableError } from '../domain/store-unavailable.js';
import type { Logger } from '../lib/logger.js';
import type { PaymentStore } from '../store/contracts/payment-store.js';
import type { StatusRefresh } from './status/status-refresh.js';

/** Lookups of one request, each kind in one query however many there are. */
export interface PaymentLoaders {
  /** A payment of the owner, by its id. */
  readonly payments: DataLoader<string, PaymentSession | undefined>;
  /** Payments of which the status is read, as good as new; each is asked for once in a request, and all of them together. */
  readonly current: DataLoader<PaymentSession, PaymentSession, string>;
  /** Events by payment id, oldest first. */
  readonly events: DataLoader<string, readonly PaymentSessionEvent[]>;
}

export function createPaymentLoaders(
  store: Pick<PaymentStore, 'findPayments' | 'findEvents'>,
  statusRefresh: Pick<StatusRefresh, 'current'>,
  owner: Owner,
  log: Pick<Logger, 'error'>,
): PaymentLoaders {
  /** What is stored if nothing newer can be had: one payment must not take the others of its list along. */
  const currentOf = (payment: PaymentSession): Promise<PaymentSession> =>
    statusRefresh.current(payment).catch((error: unknown) => {
      // The store tells of its failures itself.
      if (!(error instanceof StoreUnavailableError))
        log.error({ err: error, paymentId: payment.id }, 'a status could not be refreshed');
      return payment;
    });
  // What is read in one request may change in its course, so nothing is kept beyond a batch.
  const options = { cache: false };
  return {
    payments: new DataLoader(async (ids) => {
      // An id may be asked for many times over, under aliases.
      const found = await store.findPayments(owner, [...new Set(ids)].filter(isPaymentId));
      const byId = new Map(found.map((payment) => [payment.id, payment]));
      return ids.map((id) => byId.get(id));
    }, options),
    current: new DataLoader((payments) => Promise.all(payments.map(currentOf)), {
      cacheKeyFn: ({ id }) => id,
    }),
    events: new DataLoader(async (ids) => {
      const byId = await store.findEvents([...new Set(ids)]);
      return ids.map((id) => byId.get(id) ?? []);
    }, options),
  };
}
