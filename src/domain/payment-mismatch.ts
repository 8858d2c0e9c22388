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
  readonly toldAt?: Date | undefined;
}

/** News that name nothing. */
export const NAMELESS: PaymentIdentity = {
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
export function mismatchOf(payment: PaymentSession, told: PaymentIdentity): Mismatch | undefined {
  const { paymentRequestId, sessionId, referenceId, amountMinor, currency, email } = told;
  const ours = payment.customer.email?.reveal();
  if (!agree(paymentRequestId, payment.paymentRequestId, isSameId))
    return differ('PAYMENT_REQUEST_ID', payment.paymentRequestId, paymentRequestId);
  if (!agree(sessionId?.reveal(), payment.sessionId?.reveal(), isSameId)) return differ('SESSION_ID');
  if (!agree(referenceId, payment.upstreamReferenceId, isSameId))
    return differ('REFERENCE_ID', payment.upstreamReferenceId, referenceId);
  if (!agree(amountMinor, payment.amount.amountMinor))
    return differ('AMOUNT', decimalText(payment.amount.amountMinor), amountText(amountMinor));
  if (!agree(currency, payment.amount.currency)) return differ('CURRENCY', payment.amount.currency, currency);
  return agree(email?.reveal(), ours, isSameAddress) ? undefined : differ('CUSTOMER_EMAIL');
}

/**
 * Whether an answer of Flinks's proves that it is about this payment: it names the payment's reference, and nothing in it
 * contradicts the payment.
 */
export function proves(answered: PaymentIdentity, payment: PaymentSession): boolean {
  const { referenceId } = answered;
  return (
    referenceId !== undefined && isSameId(referenceId, payment.upstreamReferenceId) && !mismatchOf(payment, answered)
  );
}

function agree<T>(told: T | undefined, ours: T | undefined, isSame = (one: T, other: T) => one === other): boolean {
  return told === undefined || ours === undefined || isSame(told, ours);
}

/** An address that is masked or none at all contradicts nothing. */
function isSameAddress(told: string, ours: string): boolean {
  const address = addressIn(told);
  return address === undefined || address.toLowerCase() === ours.toLowerCase();
}

/** The e-mail address that was told, maybe behind a name; undefined for one that is masked, and for what is none. */
export function addressIn(told: string): string | undefined {
  const address = /<([^<>]*)>\s*$/.exec(told)?.[1] ?? told.trim();
  return /^[^\s@*]+@[^\s@*]+$/.test(address) ? address : undefined;
}

function differ(field: IdentityField, ours?: string, theirs?: string): Mismatch {
  return { field, recordedValue: ours, reportedValue: theirs };
}

function amountText(amountMinor: number | undefined): string | undefined {
  return amountMinor === undefined || !Number.isSafeInteger(amountMinor) ? undefined : decimalText(amountMinor);
}
