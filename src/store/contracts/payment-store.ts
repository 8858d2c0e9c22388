import type { Owner } from '../../domain/api-client.js';
import type { PaymentFilter, PaymentPage, PaymentPosition } from '../../domain/payment-list.js';
import type { PaymentSession, PaymentSessionEvent } from '../../domain/payment.js';

/** A payment as it was at one moment. */
export interface PaymentHistory {
  readonly payment: PaymentSession;
  /** The number of its last event. */
  readonly eventCount: number;
  /** Its events after the one that was named, oldest first. */
  readonly events: readonly PaymentSessionEvent[];
}

export interface PaymentStore {
  /** An owner's payments by id, in any order; those that it does not have are left out. */
  findPayments(owner: Owner, ids: readonly string[]): Promise<PaymentSession[]>;
  /** The first so many payments of an owner that fit the filter and come after a position, newest first. */
  listPayments(
    owner: Owner,
    filter: PaymentFilter,
    first: number,
    after: PaymentPosition | undefined,
  ): Promise<PaymentPage>;
  /** The events of payments by payment id, oldest first. */
  findEvents(paymentIds: readonly string[]): Promise<ReadonlyMap<string, readonly PaymentSessionEvent[]>>;
  /** An owner's payment with its events after that number; undefined when it does not have it. */
  findHistory(owner: Owner, id: string, afterEvent: number): Promise<PaymentHistory | undefined>;
  /** How many events payments have, by payment id; those that are not there are left out. */
  countEvents(paymentIds: readonly string[]): Promise<ReadonlyMap<string, number>>;
}
