import type { PaymentDeliveryMethod, PaymentSession } from './payment.js';
import type { PaymentSessionStatus } from './payment-status.js';

/** Which payments of a caller are listed: those that fit every field that is not undefined. */
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

/** Where a payment stands in every list: the newest first, and of those of one millisecond the highest id. */
export type PaymentPosition = Pick<PaymentSession, 'createdAt' | 'id'>;

export interface PaymentPage {
  readonly payments: readonly PaymentSession[];
  /** Whether there are more after the last of them. */
  readonly hasNextPage: boolean;
}
