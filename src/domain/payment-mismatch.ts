import { isSameId } from './id-key.js';
import { decimalText } from './money.js';
import type { PaymentSession } from './payment.js';
import type { Sensitive } from './sensitive.js';

/** What news say of which payment they mean; undefined where they do not. */
export interface PaymentIdentity {
  readonly paymentRequestId: string | undefined;
  /** An id that may be the payment request's or the event's own: it counts where a payment is known by it. */
  readonly bareId?: string | undefined;
  readonly sessionId: Sensitive<string> | undefined;
  readonly referenceId: string | undefined;
  readonly amountMinor: number | undefined;
  /** In capitals. */
  readonly currency?: string | undefined;
  readonly email: Sensitive<string> | undefined;
  /** About when the payment was asked for. */
  readonly createdAt: Date | undefined;
  /** When it was told, by whichever clock. */
  readonly reportedAt?: Date | undefined;
}

/** News that name nothing. */
export const NO_IDENTITY: PaymentIdentity = {
  paymentRequestId: undefined,
  sessionId: undefined,
  referenceId: undefined,
  amountMinor: undefined,
  email: undefined,
  createdAt: undefined,
};

/** What tells payments apart. */
export type IdentityField =
  'PAYMENT_REQUEST_ID' | 'SESSION_ID' | 'REFERENCE_ID' | 'AMOUNT' | 'CURRENCY' | 'CUSTOMER_EMAIL';

/** What is told of a payment and cannot be true of it. No value of what is secret or personal. */
export interface Mismatch {
  readonly field: IdentityField;
  readonly recordedValue: string | undefined;
  readonly reportedValue: string | undefined;
}

/** What of the news cannot be true of a payment; undefined when all that is told agrees with it. */
export function findMismatch(payment: PaymentSession, reported: PaymentIdentity): Mismatch | undefined {
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

/**
 * Whether an answer of Flinks's proves that it is about this payment: it names the payment's reference, and nothing in it
 * contradicts the payment.
 */
export function proves(answered: PaymentIdentity, payment: PaymentSession): boolean {
  const { referenceId } = answered;
  return (
    referenceId !== undefined && isSameId(referenceId, payment.upstreamReferenceId) && !findMismatch(payment, answered)
  );
}

function agree<T>(
  reported: T | undefined,
  recorded: T | undefined,
  isSame = (one: T, other: T) => one === other,
): boolean {
  return reported === undefined || recorded === undefined || isSame(reported, recorded);
}

/** An address that is masked or none at all contradicts nothing. */
function isSameAddress(reported: string, recorded: string): boolean {
  const address = addressIn(reported);
  return address === undefined || address.toLowerCase() === recorded.toLowerCase();
}

/** The e-mail address that was told, maybe behind a name; undefined for one that is masked, and for what is none. */
export function addressIn(text: string): string | undefined {
  const address = /<([^<>]*)>\s*$/.exec(text)?.[1] ?? text.trim();
  return /^[^\s@*]+@[^\s@*]+$/.test(address) ? address : undefined;
}

function mismatch(field: IdentityField, recordedValue?: string, reportedValue?: string): Mismatch {
  return { field, recordedValue: recordedValue, reportedValue: reportedValue };
}

function amountText(amountMinor: number | undefined): string | undefined {
  return amountMinor === undefined || !Number.isSafeInteger(amountMinor) ? undefined : decimalText(amountMinor);
}
