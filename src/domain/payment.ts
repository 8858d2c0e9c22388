import type { Money } from './money.js';
import type { PaymentSessionStatus } from './payment-status.js';
import type { Sensitive } from './sensitive.js';

/** The person who is asked to pay. The bank compares the name with its own record. */
export interface Customer {
  readonly userId: string;
  readonly name: Sensitive<string>;
  readonly email: Sensitive<string>;
}

/** A customer as kept: name and e-mail are erased some time after the payment ended. */
export interface StoredCustomer {
  readonly userId: string;
  readonly name: Sensitive<string> | undefined;
  readonly email: Sensitive<string> | undefined;
}

/** What a caller wants paid; every field has passed validation and is normalised. */
export interface PaymentDetails {
  readonly customer: Customer;
  readonly amount: Money;
  /** Comes back in Flinks's reconciliation files. */
  readonly referenceId: string;
  /** Where the hosted app may be embedded; empty when the caller named none. */
  readonly clientUrls: readonly string[];
}

/** LINK: the caller hands the payer a link. EMAIL: Flinks e-mails the payer. */
export const PAYMENT_DELIVERY_METHODS = ['LINK', 'EMAIL'] as const;
export type PaymentDeliveryMethod = (typeof PAYMENT_DELIVERY_METHODS)[number];

/** The payment that one intention of a caller stands for, from the moment the intention is durable. */
export interface PaymentSession extends Omit<PaymentDetails, 'customer'> {
  /** Ours; safe to log. */
  readonly id: string;
  readonly customer: StoredCustomer;
  readonly deliveryMethod: PaymentDeliveryMethod;
  /** The reference by which Flinks knows it: the client's, with a suffix where another client has used the same. */
  readonly upstreamReferenceId: string;
  readonly status: PaymentSessionStatus;
  /** Flinks's id, once there is one; whoever has it can open the hosted app. */
  readonly sessionId: Sensitive<string> | undefined;
  /** Flinks's payment request; absent where Flinks made none that we were told of. */
  readonly paymentRequestId: string | undefined;
  /** Flinks's words on the status, such as a code or a word that is in no document. */
  readonly statusDetails: string | undefined;
  /** When Flinks last answered a lookup of the payment. */
  readonly statusCheckedAt: Date | undefined;
  readonly createdAt: Date;
  /** When the status was last set. */
  readonly updatedAt: Date;
  /** What is kept and cannot be read here; it is undefined or empty above. Absent where all can. */
  readonly unreadable?: readonly UnreadableField[];
}

/** What a key that is missing, or somebody who changed the row, can make unreadable. */
export type UnreadableField = 'name' | 'email' | 'sessionId' | 'clientUrls';

export function isUnreadable(
  { unreadable = [] }: Pick<PaymentSession, 'unreadable'>,
  ...fields: readonly UnreadableField[]
): boolean {
  return fields.some((field) => unreadable.includes(field));
}

/** For who cannot do without it. */
export function unreadableError(paymentId: string, field: UnreadableField): Error {
  return new Error(
    `${field} of payment ${paymentId} cannot be read: DATA_ENCRYPTION_KEYS lacks its key, or its row was changed`,
  );
}

/**
 * Who told of a status. GATEWAY: this program, of its own calls. POLL: Flinks, when asked. WEBHOOK: Flinks, of its own accord.
 * RECONCILIATION: a daily file. OPERATOR: a person.
 */
export const PAYMENT_SESSION_EVENT_SOURCES = ['GATEWAY', 'POLL', 'WEBHOOK', 'RECONCILIATION', 'OPERATOR'] as const;
export type PaymentSessionEventSource = (typeof PAYMENT_SESSION_EVENT_SOURCES)[number];

/** A status that a payment took, or that contradicts the one it has. */
export interface PaymentSessionEvent {
  /** Counts the events of the payment, from 1. */
  readonly number: number;
  readonly status: PaymentSessionStatus;
  readonly source: PaymentSessionEventSource;
  readonly recordedAt: Date;
  readonly message: string | undefined;
  /** False for a word that contradicts the status and did not move it. */
  readonly applied: boolean;
  /** The person who told, for OPERATOR; the caller, of what it had this program do. */
  readonly actor: string | undefined;
}
