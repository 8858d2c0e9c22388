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

type Store = Pick<PaymentStore, 'findPayments' | 'findEvents'>;

// Payments may change during a request, so nothing is cached beyond a batch.
const UNCACHED = { cache: false };

/** Creates the data loaders for one request of `owner`. */
export function createPaymentLoaders(
  store: Store,
  statusRefresh: Pick<StatusRefresh, 'current'>,
  owner: Owner,
  log: Pick<Logger, 'error'>,
): PaymentLoaders {
  return new LazyPaymentLoaders(store, statusRefresh, owner, log);
}

/** Creates each loader when it is first used: most requests use one of them, and idle subscriptions none. */
class LazyPaymentLoaders implements PaymentLoaders {
  #payments: PaymentLoaders['payments'] | undefined;
  #current: PaymentLoaders['current'] | undefined;
  #events: PaymentLoaders['events'] | undefined;

  constructor(
    private readonly store: Store,
    private readonly statusRefresh: Pick<StatusRefresh, 'current'>,
    private readonly owner: Owner,
    private readonly log: Pick<Logger, 'error'>,
  ) {}

  get payments(): PaymentLoaders['payments'] {
    this.#payments ??= new DataLoader(async (ids) => {
      // One request may ask for an id many times, under aliases.
      const found = await this.store.findPayments(this.owner, [...new Set(ids)].filter(isPaymentId));
      const byId = new Map(found.map((payment) => [payment.id, payment]));
      return ids.map((id) => byId.get(id));
    }, UNCACHED);
    return this.#payments;
  }

  get current(): PaymentLoaders['current'] {
    this.#current ??= new DataLoader((payments) => Promise.all(payments.map((payment) => this.#currentOf(payment))), {
      cacheKeyFn: ({ id }) => id,
    });
    return this.#current;
  }

  get events(): PaymentLoaders['events'] {
    this.#events ??= new DataLoader(async (ids) => {
      const byId = await this.store.findEvents([...new Set(ids)]);
      return ids.map((id) => byId.get(id) ?? []);
    }, UNCACHED);
    return this.#events;
  }

  /** Falls back to the stored payment, so that a failed refresh does not fail the whole list. */
  #currentOf(payment: PaymentSession): Promise<PaymentSession> {
    return this.statusRefresh.current(payment).catch((error: unknown) => {
      // The store logs its own failures.
      if (!(error instanceof StoreUnavailableError))
        this.log.error({ event: 'status_refresh_failed', err: error, paymentId: payment.id }, 'status refresh failed');
      return payment;
    });
  }
}
