import { idKey, isSameId } from './id-key.js';
import type { PaymentSession } from './payment.js';
import { findMismatch } from './payment-mismatch.js';
import type { Mismatch, PaymentIdentity } from './payment-mismatch.js';

/** A payment that news may mean. Abandoned: stands for a session that was left behind at Flinks when it was made. */
export interface MatchCandidate extends PaymentSession {
  readonly isOrphaned: boolean;
}

/**
 * Which payment news mean.
 * found: `by` an id of Flinks's that is known to be the payment's and that nothing else contradicts, or by the reference with all
 * that is told beside it, of which more than one is never guessed between (ambiguous).
 * abandoned: a session that nobody was given, whose news are no news of its payment.
 * mismatched: an id names the payment, and something else that is told contradicts it. Nothing of it may be believed.
 */
export type MatchResult =
  | { readonly kind: 'found'; readonly payment: PaymentSession; readonly by: 'id' | 'reference' }
  | { readonly kind: 'orphaned'; readonly payment: PaymentSession }
  | { readonly kind: 'mismatched'; readonly payment: PaymentSession; readonly mismatch: Mismatch }
  | { readonly kind: 'ambiguous' | 'none' };

/** How far the told time may be from ours: files tell days, of a time zone and a cut-off that are not published. */
export const TIME_TOLERANCE_MS = 36 * 3_600_000;
/** How far the clocks of Flinks, of this program and of its database may be apart. */
const CLOCK_TOLERANCE_MS = 5 * 60_000;

/** The one function that decides of which payment a webhook, a lookup or a row speaks. Pure. */
export function matchPayment(reported: PaymentIdentity, candidates: readonly MatchCandidate[]): MatchResult {
  const named = candidates.filter((candidate) => isNamed(candidate, reported));
  return named.length > 0 ? matchById(reported, named) : matchByReference(reported, candidates);
}

function isNamed(payment: PaymentSession, { paymentRequestId, bareId, sessionId }: PaymentIdentity): boolean {
  const ids = [paymentRequestId, bareId].filter((id) => id !== undefined);
  const recorded = payment.paymentRequestId;
  if (recorded !== undefined && ids.some((id) => isSameId(id, recorded))) return true;
  return sessionId !== undefined && payment.sessionId !== undefined
    ? isSameId(sessionId.reveal(), payment.sessionId.reveal())
    : false;
}

/** An id belongs to one payment for ever, so news whose ids name several payments mean none of them. */
function matchById(reported: PaymentIdentity, [payment, ...others]: readonly MatchCandidate[]): MatchResult {
  if (payment === undefined) return { kind: 'none' };
  const mismatch = findMismatch(payment, reported) ?? (others.length > 0 ? severalNamed(payment, reported) : undefined);
  if (mismatch !== undefined) return { kind: 'mismatched', payment, mismatch };
  return payment.isOrphaned ? { kind: 'orphaned', payment } : { kind: 'found', payment, by: 'id' };
}

function severalNamed(
  { paymentRequestId: ours }: PaymentSession,
  { paymentRequestId: theirs }: PaymentIdentity,
): Mismatch {
  return { field: 'PAYMENT_REQUEST_ID', recordedValue: ours, reportedValue: theirs };
}

function matchByReference(reported: PaymentIdentity, candidates: readonly MatchCandidate[]): MatchResult {
  const { referenceId, createdAt, reportedAt } = reported;
  if (referenceId === undefined) return { kind: 'none' };
  const key = idKey(referenceId);
  const [found, ...others] = candidates.filter(
    (payment) =>
      idKey(payment.upstreamReferenceId) === key &&
      findMismatch(payment, reported) === undefined &&
      isNear(createdAt, payment.createdAt) &&
      existedAt(payment, reportedAt),
  );
  if (found === undefined) return { kind: 'none' };
  if (others.length > 0) return { kind: 'ambiguous' };
  return found.isOrphaned ? { kind: 'none' } : { kind: 'found', payment: found, by: 'reference' };
}

/** What was told before a payment was made is of an earlier one, here or in another system. */
function existedAt({ createdAt }: PaymentSession, reportedAt: Date | undefined): boolean {
  return reportedAt === undefined || createdAt.getTime() <= reportedAt.getTime() + CLOCK_TOLERANCE_MS;
}

function isNear(reported: Date | undefined, recorded: Date): boolean {
  return reported === undefined || Math.abs(reported.getTime() - recorded.getTime()) <= TIME_TOLERANCE_MS;
}
