import DataLoader from 'dataloader';
import type { PaymentSession, PaymentSessionEvent } from '../domain/payment.js';
import { isPaymentId } from '../domain/payment-id.js';
import type { PaymentStore } from '../store/store.js';

/** Look-ups of one request, each kind in one query however many there are. */
export interface PaymentLoaders {
  /** A payment of the caller, by its id. */
  readonly payments: DataLoader<string, PaymentSession | undefined>;
  /** Events by payment id, oldest first. */
  readonly events: DataLoader<string, readonly PaymentSessionEvent[]>;
}

export function createPaymentLoaders(store: PaymentStore, caller: string): PaymentLoaders {
  // What is read in one request may change in its course, so nothing is kept beyond a batch.
  const options = { cache: false };
  return {
    payments: new DataLoader(async (ids) => {
      const found = await store.findPayments(caller, ids.filter(isPaymentId));
      const byId = new Map(found.map((payment) => [payment.id, payment]));
      return ids.map((id) => byId.get(id));
    }, options),
    events: new DataLoader(async (ids) => {
      const byId = await store.findEvents(ids);
      return ids.map((id) => byId.get(id) ?? []);
    }, options),
  };
}
