import type { PaymentDeliveryMethod, PaymentSession } from './payment.js';
import type { PaymentSessionStatus } from './payment-status.js';

/** Restricts a list of payments: undefined fields match everything, the others must all match. */
export interface PaymentFilter {
  readonly referenceId: string | undefined;
  readonly userId: string | undefined;
  readonly status: PaymentSessionStatus | undefined;
  readonly deliveryMethod: PaymentDeliveryMethod | undefined;
  /** Inclusive. */
  readonly createdFrom: Date | undefined;
  /** Exclusive. */
  readonly createdBefore: Date | undefined;
}

/** Position of a payment in every list: newest first; payments of the same millisecond by descending id. */
export type PaymentPosition = Pick<PaymentSession, 'createdAt' | 'id'>;

/** One page of a list of payments. */
export interface PaymentPage {
  readonly payments: readonly PaymentSession[];
  /** Whether there are more payments after the last one. */
  readonly hasNextPage: boolean;
}
