import type { Money } from './money.js';
import type { PaymentStatus } from './payment-status.js';
import type { Sensitive } from './sensitive.js';

/** The person who is asked to pay. The bank compares the name with its own record. */
export interface Customer {
  readonly userId: string;
  readonly name: Sensitive<string>;
  readonly email: Sensitive<string>;
}

/** What a caller wants paid; every field has passed validation and is normalised. */
export interface PaymentOrder {
  readonly customer: Customer;
  readonly amount: Money;
  /** Comes back in Flinks's reconciliation files. */
  readonly referenceId: string;
  /** Where the hosted app may be embedded; empty when the caller named none. */
  readonly clientUrls: readonly string[];
}

/** LINK: the caller hands the payer a link. EMAIL: Flinks e-mails the payer. */
export const PAYMENT_DELIVERIES = ['LINK', 'EMAIL'] as const;
export type PaymentDelivery = (typeof PAYMENT_DELIVERIES)[number];

/** A payment that Flinks knows. */
export interface PaymentSession extends PaymentOrder {
  /** Flinks's id; whoever has it can open the hosted app. */
  readonly sessionId: Sensitive<string>;
  /** Flinks's payment request; absent where Flinks made none that we were told of. */
  readonly paymentRequestId: string | undefined;
  readonly launchUrl: Sensitive<string>;
  readonly delivery: PaymentDelivery;
  readonly status: PaymentStatus;
  readonly createdAt: Date;
}
