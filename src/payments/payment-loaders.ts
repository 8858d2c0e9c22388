import DataLoader from 'dataloader';
import type { Owner } from '../domain/api-client.js';
import type { PaymentSession, PaymentSessionEvent } from '../domain/payment.js';
import { isPaymentId } from '../domain/ids.js';
import { StoreUnavailableError } from '../domain/store-unavailable.js';
import type { Logger } from '../lib/logger.js';
import type { PaymentStore } from '../store/contracts/payment-store.js';
import type { StatusRefresh } from './status/status-refresh.js';

/** Data loaders of one request: each kind takes one query, regardless of the number of payments. */
export interface PaymentLoaders {
  /** The owner's payments, by id. */
  readonly payments: DataLoader<string, PaymentSession | undefined>;
  /** Payments with a current status. Each is refreshed once in a request, and all of them concurrently. */
  readonly current: DataLoader<PaymentSession, PaymentSession, string>;
  /** Events by payment id, oldest first. */
  readonly events: DataLoader<string, readonly PaymentSessionEvent[]>;
}

/** Creates the data loaders for one request of `owner`. */
export function createPaymentLoaders(
  store: Pick<PaymentStore, 'findPayments' | 'findEvents'>,
  statusRefresh: Pick<StatusRefresh, 'current'>,
  owner: Owner,
  log: Pick<Logger, 'error'>,
): PaymentLoaders {
  /** Falls back to the stored payment, so that a failed refresh does not fail the whole list. */
  const currentOf = (payment: PaymentSession): Promise<PaymentSession> =>
    statusRefresh.current(payment).catch((error: unknown) => {
      // The store logs its own failures.
      if (!(error instanceof StoreUnavailableError))
        log.error({ event: 'status_refresh_failed', err: error, paymentId: payment.id }, 'status refresh failed');
      return payment;
    });
  // Payments may change during a request, so nothing is cached beyond a batch.
  const options = { cache: false };
  return {
    payments: new DataLoader(async (ids) => {
      // One request may ask for an id many times, under aliases.
      const found = await store.findPayments(owner, [...new Set(ids)].filter(isPaymentId));
      const byId = new Map(found.map((payment) => [payment.id, payment]));
      return ids.map((id) => byId.get(id));
    }, options),
    current: new DataLoader((payments) => Promise.all(payments.map(currentOf)), { cacheKeyFn: ({ id }) => id }),
    events: new DataLoader(async (ids) => {
      const byId = await store.findEvents([...new Set(ids)]);
      return ids.map((id) => byId.get(id) ?? []);
    }, options),
  };
}
