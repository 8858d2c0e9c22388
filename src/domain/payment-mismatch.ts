import { isSameId } from './ids.js';
import { decimalText } from './money.js';
import type { PaymentSession, StoredCustomer } from './payment.js';
import type { Sensitive } from './sensitive.js';

/** Everything a status update says about the payment to which it belongs; undefined where it says nothing. */
export interface PaymentIdentity {
  readonly paymentRequestId: string | undefined;
  /** An id that may be the payment request's or the event's own: used only where a payment is recorded with it. */
  readonly bareId?: string | undefined;
  readonly sessionId: Sensitive<string> | undefined;
  readonly referenceId: string | undefined;
  readonly amountMinor: number | undefined;
  /** ISO 4217, in upper case. */
  readonly currency?: string | undefined;
  readonly email: Sensitive<string> | undefined;
  /** Approximate time at which the payment was requested. */
  readonly createdAt: Date | undefined;
  /** When the update was reported, by the clock of whoever reported it. */
  readonly reportedAt?: Date | undefined;
}

/** What a payment is recorded with of the above. */
export interface RecordedIdentity extends Pick<
  PaymentSession,
  'paymentRequestId' | 'sessionId' | 'upstreamReferenceId' | 'amount' | 'createdAt'
> {
  readonly customer: Pick<StoredCustomer, 'email'>;
}

/** Identity of an update that identifies nothing. */
export const NO_IDENTITY: PaymentIdentity = {
  paymentRequestId: undefined,
  sessionId: undefined,
  referenceId: undefined,
  amountMinor: undefined,
  email: undefined,
  createdAt: undefined,
};

/** Fields by which payments are distinguished. */
export type IdentityField =
  'PAYMENT_REQUEST_ID' | 'SESSION_ID' | 'REFERENCE_ID' | 'AMOUNT' | 'CURRENCY' | 'CUSTOMER_EMAIL';

/** A reported value that contradicts the recorded payment. Has no values of secret or personal fields. */
export interface Mismatch {
  readonly field: IdentityField;
  readonly recordedValue: string | undefined;
  readonly reportedValue: string | undefined;
}

/** The first reported field that contradicts a payment; undefined when everything reported agrees with it. */
export function findMismatch(payment: RecordedIdentity, reported: PaymentIdentity): Mismatch | undefined {
  const { paymentRequestId, sessionId, referenceId, amountMinor, currency, email } = reported;
  const recordedEmail = payment.customer.email?.reveal();
  if (!agree(paymentRequestId, payment.paymentRequestId, isSameId))
    return mismatch('PAYMENT_REQUEST_ID', payment.paymentRequestId, paymentRequestId);
  if (!agree(sessionId?.reveal(), payment.sessionId?.reveal(), isSameId)) return mismatch('SESSION_ID');
  if (!agree(referenceId, payment.upstreamReferenceId, isSameId))
    return mismatch('REFERENCE_ID', payment.upstreamReferenceId, referenceId);
  if (!agree(amountMinor, payment.amount.amountMinor))
    return mismatch('AMOUNT', decimalText(payment.amount.amountMinor), amountText(amountMinor));
  if (!agree(currency, payment.amount.currency)) return mismatch('CURRENCY', payment.amount.currency, currency);
  return agree(email?.reveal(), recordedEmail, isSameAddress) ? undefined : mismatch('CUSTOMER_EMAIL');
}

/** Whether a response from Flinks proves to be about this payment: it names its reference and contradicts nothing. */
export function proves(reported: PaymentIdentity, payment: RecordedIdentity): boolean {
  const { referenceId } = reported;
  return (
    referenceId !== undefined && isSameId(referenceId, payment.upstreamReferenceId) && !findMismatch(payment, reported)
  );
}

function agree<T>(
  reported: T | undefined,
  recorded: T | undefined,
  isSame = (one: T, other: T) => one === other,
): boolean {
  return reported === undefined || recorded === undefined || isSame(reported, recorded);
}

/** Compares e-mail addresses. A masked address, or text without an address, contradicts nothing. */
function isSameAddress(reported: string, recorded: string): boolean {
  const address = addressIn(reported);
  return address === undefined || address.toLowerCase() === recorded.toLowerCase();
}

/** The e-mail address in reported text, where a display name may precede it; undefined for none and a masked one. */
export function addressIn(text: string): string | undefined {
  const address = /<([^<>]*)>\s*$/.exec(text)?.[1] ?? text.trim();
  return /^[^\s@*]+@[^\s@*]+$/.test(address) ? address : undefined;
}

function mismatch(field: IdentityField, recordedValue?: string, reportedValue?: string): Mismatch {
  return { field, recordedValue, reportedValue };
}

function amountText(amountMinor: number | undefined): string | undefined {
  return amountMinor === undefined || !Number.isSafeInteger(amountMinor) ? undefined : decimalText(amountMinor);
}
