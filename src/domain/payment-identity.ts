import { idKey, isSameId } from './id-key.js';
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

/** A payment that news may mean. Abandoned: stands for a session that was left behind at Flinks when it was made. */
export interface Candidate extends PaymentSession {
  readonly isAbandoned: boolean;
}

export const IDENTITY_FIELDS = [
  'REQUEST_ID',
  'SESSION_ID',
  'REFERENCE_ID',
  'AMOUNT',
  'CURRENCY',
  'CUSTOMER_EMAIL',
] as const;
export type IdentityField = (typeof IDENTITY_FIELDS)[number];

/** What is told of a payment and cannot be true of it. No value of what is secret or personal. */
export interface Mismatch {
  readonly field: IdentityField;
  readonly ours: string | undefined;
  readonly theirs: string | undefined;
}

/**
 * Which payment news mean.
 * found: `by` an id of Flinks's that is known to be the payment's and that nothing else contradicts, or by the reference with all
 * that is told beside it, of which more than one is never guessed between (ambiguous).
 * abandoned: a session that nobody was given, whose news are no news of its payment.
 * mismatched: an id names the payment, and something else that is told contradicts it. Nothing of it may be believed.
 */
export type Identified =
  | { readonly kind: 'found'; readonly payment: PaymentSession; readonly by: 'id' | 'reference' }
  | { readonly kind: 'abandoned'; readonly payment: PaymentSession }
  | { readonly kind: 'mismatched'; readonly payment: PaymentSession; readonly mismatch: Mismatch }
  | { readonly kind: 'ambiguous' | 'none' };

/** How far the told time may be from ours: files tell days, of a time zone and a cut-off that are not published. */
export const TIME_TOLERANCE_MS = 36 * 3_600_000;

/** The one function that decides of which payment a webhook, a look-up or a row speaks. Pure. */
export function identify(told: PaymentIdentity, candidates: readonly Candidate[]): Identified {
  const named = candidates.filter((candidate) => isNamed(candidate, told));
  return named.length > 0 ? amongNamed(told, named) : byReference(told, candidates);
}

/** What of the news cannot be true of a payment; undefined when all that is told agrees with it. */
export function mismatchOf(payment: PaymentSession, told: PaymentIdentity): Mismatch | undefined {
  const { paymentRequestId, sessionId, referenceId, amountMinor, currency, email } = told;
  const ours = payment.customer.email?.reveal();
  if (!agree(paymentRequestId, payment.paymentRequestId, isSameId))
    return differ('REQUEST_ID', payment.paymentRequestId, paymentRequestId);
  if (!agree(sessionId?.reveal(), payment.sessionId?.reveal(), isSameId)) return differ('SESSION_ID');
  if (!agree(referenceId, payment.upstreamReferenceId, isSameId))
    return differ('REFERENCE_ID', payment.upstreamReferenceId, referenceId);
  if (!agree(amountMinor, payment.amount.amountMinor))
    return differ('AMOUNT', decimalText(payment.amount.amountMinor), amountText(amountMinor));
  if (!agree(currency, payment.amount.currency)) return differ('CURRENCY', payment.amount.currency, currency);
  return agree(email?.reveal(), ours, isSameAddress) ? undefined : differ('CUSTOMER_EMAIL');
}

function isNamed(payment: PaymentSession, { paymentRequestId, bareId, sessionId }: PaymentIdentity): boolean {
  const ids = [paymentRequestId, bareId].filter((id) => id !== undefined);
  const ours = payment.paymentRequestId;
  if (ours !== undefined && ids.some((id) => isSameId(id, ours))) return true;
  return sessionId !== undefined && payment.sessionId !== undefined
    ? isSameId(sessionId.reveal(), payment.sessionId.reveal())
    : false;
}

/** An id belongs to one payment for ever, so news whose ids name several payments mean none of them. */
function amongNamed(told: PaymentIdentity, named: readonly Candidate[]): Identified {
  const judged = named.map((payment) => ({ payment, mismatch: mismatchOf(payment, told) }));
  const [fitting, ...others] = judged.filter(({ mismatch }) => mismatch === undefined);
  if (others.length > 0) return { kind: 'ambiguous' };
  if (fitting !== undefined)
    return fitting.payment.isAbandoned
      ? { kind: 'abandoned', payment: fitting.payment }
      : { kind: 'found', payment: fitting.payment, by: 'id' };
  const [first] = judged;
  return first?.mismatch === undefined ? { kind: 'none' } : { kind: 'mismatched', ...first, mismatch: first.mismatch };
}

function byReference(told: PaymentIdentity, candidates: readonly Candidate[]): Identified {
  const { referenceId, createdAt } = told;
  if (referenceId === undefined) return { kind: 'none' };
  const key = idKey(referenceId);
  const [found, ...others] = candidates.filter(
    (payment) =>
      idKey(payment.upstreamReferenceId) === key &&
      mismatchOf(payment, told) === undefined &&
      isNear(createdAt, payment.createdAt),
  );
  if (found === undefined) return { kind: 'none' };
  if (others.length > 0) return { kind: 'ambiguous' };
  return found.isAbandoned ? { kind: 'none' } : { kind: 'found', payment: found, by: 'reference' };
}

function agree<T>(told: T | undefined, ours: T | undefined, isSame = (one: T, other: T) => one === other): boolean {
  return told === undefined || ours === undefined || isSame(told, ours);
}

/** An address that is masked or none at all contradicts nothing. */
function isSameAddress(told: string, ours: string): boolean {
  return !/^[^\s@*]+@[^\s@*]+$/.test(told.trim()) || told.trim().toLowerCase() === ours.toLowerCase();
}

function isNear(told: Date | undefined, ours: Date): boolean {
  return told === undefined || Math.abs(told.getTime() - ours.getTime()) <= TIME_TOLERANCE_MS;
}

function differ(field: IdentityField, ours?: string, theirs?: string): Mismatch {
  return { field, ours, theirs };
}

function amountText(amountMinor: number | undefined): string | undefined {
  return amountMinor === undefined || !Number.isSafeInteger(amountMinor) ? undefined : decimalText(amountMinor);
}
