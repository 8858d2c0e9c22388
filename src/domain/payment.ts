import type { Money } from './money.js';
import type { PaymentSessionStatus } from './payment-status.js';
import type { Sensitive } from './sensitive.js';

/** The person who is asked to pay. The bank compares the name with its own record. */
export interface Customer {
  readonly userId: string;
  readonly name: Sensitive<string>;
  readonly email: Sensitive<string>;
}

/** A customer as stored: name and e-mail are erased some time after the payment became final. */
export interface StoredCustomer {
  readonly userId: string;
  readonly name: Sensitive<string> | undefined;
  readonly email: Sensitive<string> | undefined;
}

/** The payment that a client requests; every field is validated and normalized. */
export interface PaymentDetails {
  readonly customer: Customer;
  readonly amount: Money;
  /** The merchant's id of what is paid. Flinks's daily files repeat it. */
  readonly referenceId: string;
  /** Origins that may embed the payment page; empty when the client specified none. */
  readonly clientUrls: readonly string[];
}

/** A payment as requested: valid and normalized, with or without a reference. */
export type RequestedPayment = Omit<PaymentDetails, 'referenceId'> & { readonly referenceId: string | undefined };

/** LINK: the client gives the payer a link. EMAIL: Flinks e-mails the payer. */
export const PAYMENT_DELIVERY_METHODS = ['LINK', 'EMAIL'] as const;
/** How the payer gets the payment page. */
export type PaymentDeliveryMethod = (typeof PAYMENT_DELIVERY_METHODS)[number];

/** One payment, which carries out one intention of a client. Exists from the moment when the intention is stored. */
export interface PaymentSession extends Omit<PaymentDetails, 'customer'> {
  /** The gateway's id; safe to log. */
  readonly id: string;
  readonly customer: StoredCustomer;
  readonly deliveryMethod: PaymentDeliveryMethod;
  /** The reference by which Flinks knows the payment: the client's, with a suffix if another client has used it. */
  readonly upstreamReferenceId: string;
  readonly status: PaymentSessionStatus;
  /** Flinks's session id, once there is one. A bearer secret: whoever has it can open the payment page. */
  readonly sessionId: Sensitive<string> | undefined;
  /** Id of Flinks's payment request; undefined where Flinks made none or never reported it. */
  readonly paymentRequestId: string | undefined;
  /** Flinks's text on the status, such as a code or an undocumented status. */
  readonly statusDetails: string | undefined;
  /** When Flinks last responded to a lookup of the payment. */
  readonly statusCheckedAt: Date | undefined;
  readonly createdAt: Date;
  /** When the status was last set. */
  readonly updatedAt: Date;
  /** Stored fields that cannot be decrypted here; they are undefined or empty above. Absent where all can be. */
  readonly unreadable?: readonly UnreadableField[];
}

/** Fields that cannot be decrypted when a data key is missing or somebody changed the row. */
export type UnreadableField = 'name' | 'email' | 'sessionId' | 'clientUrls';

/** Whether one of the fields is stored and cannot be decrypted. */
export function isUnreadable(
  { unreadable = [] }: Pick<PaymentSession, 'unreadable'>,
  ...fields: readonly UnreadableField[]
): boolean {
  return fields.some((field) => unreadable.includes(field));
}

/** The error for code that cannot continue without an unreadable field. */
export function unreadableError(paymentId: string, field: UnreadableField): Error {
  return new Error(
    `${field} of payment ${paymentId} cannot be read: DATA_ENCRYPTION_KEYS lacks its key, or its row was changed`,
  );
}

/**
 * Source of a status. GATEWAY: this gateway, from its own requests to Flinks. POLL: a lookup at Flinks. WEBHOOK: an
 * event from Flinks. RECONCILIATION: a daily file. OPERATOR: a person.
 */
export const PAYMENT_SESSION_EVENT_SOURCES = ['GATEWAY', 'POLL', 'WEBHOOK', 'RECONCILIATION', 'OPERATOR'] as const;
/** Source of a status. */
export type PaymentSessionEventSource = (typeof PAYMENT_SESSION_EVENT_SOURCES)[number];

/** An entry in a payment's history: a status change, or a conflicting status update. */
export interface PaymentSessionEvent {
  /** Numbers the events of the payment, from 1. */
  readonly number: number;
  readonly status: PaymentSessionStatus;
  readonly source: PaymentSessionEventSource;
  readonly recordedAt: Date;
  readonly message: string | undefined;
  /** False for a conflicting status, which was recorded and not applied. */
  readonly applied: boolean;
  /** For OPERATOR the person who reported it; else the client that requested what the gateway did. */
  readonly actor: string | undefined;
}

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
