import type { Owner } from '../../domain/api-client.js';
import type {
  PaymentFilter,
  PaymentPage,
  PaymentPosition,
  PaymentSession,
  PaymentSessionEvent,
} from '../../domain/payment.js';

/** A consistent snapshot of a payment and its events. */
export interface PaymentHistory {
  readonly payment: PaymentSession;
  /** Number of its last event. */
  readonly eventCount: number;
  /** Its events after the requested number, oldest first. */
  readonly events: readonly PaymentSessionEvent[];
}

/** Reads payments and their events. */
export interface PaymentStore {
  /** An owner's payments with these ids, in any order. Ids of other payments are ignored. */
  findPayments(owner: Owner, ids: readonly string[]): Promise<PaymentSession[]>;
  /** The first `first` payments of an owner that match the filter and come after a position, newest first. */
  listPayments(
    owner: Owner,
    filter: PaymentFilter,
    first: number,
    after: PaymentPosition | undefined,
  ): Promise<PaymentPage>;
  /** The events of payments by payment id, oldest first. */
  findEvents(paymentIds: readonly string[]): Promise<ReadonlyMap<string, readonly PaymentSessionEvent[]>>;
  /** An owner's payment with its events after the given number; undefined if the owner has no such payment. */
  findHistory(owner: Owner, id: string, afterEvent: number): Promise<PaymentHistory | undefined>;
  /** Number of events by payment id. Ids of payments that do not exist are ignored. */
  countEvents(paymentIds: readonly string[]): Promise<ReadonlyMap<string, number>>;
}
