import { idKey, isSameId } from './ids.js';
import type { PaymentSession } from './payment.js';
import { findMismatch } from './payment-mismatch.js';
import type { Mismatch, PaymentIdentity, RecordedIdentity } from './payment-mismatch.js';

/** What matching needs of a payment. `isOrphaned`: it represents a Flinks session that an attempt left behind. */
export interface Matchable extends RecordedIdentity {
  readonly isOrphaned: boolean;
}

/** A payment that an update may refer to. */
export type MatchCandidate = PaymentSession & Matchable;

/**
 * The payment that a status update refers to. found: identified `by` a Flinks id that is recorded for it and
 * contradicted by nothing else, or by the reference if everything reported with it agrees. ambiguous: several match,
 * and nothing guesses between them. orphaned: a session that no client received; its status is not the payment's.
 * mismatched: an id identifies the payment, and something else that was reported contradicts it. Nothing of the update
 * may be applied.
 */
export type MatchResult<Payment = MatchCandidate> =
  | { readonly kind: 'found'; readonly payment: Payment; readonly by: 'id' | 'reference' }
  | { readonly kind: 'orphaned'; readonly payment: Payment }
  | { readonly kind: 'mismatched'; readonly payment: Payment; readonly mismatch: Mismatch }
  | { readonly kind: 'ambiguous' | 'none' };

/** How far creation times may differ: files report days, in an unpublished time zone with an unpublished cut-off. */
export const TIME_TOLERANCE_MS = 36 * 3_600_000;
/** How far the clocks of Flinks, this gateway and its database may differ. */
const CLOCK_TOLERANCE_MS = 5 * 60_000;

/** Decides to which payment a webhook event, a lookup or a row of a file belongs. The only function that does. Pure. */
export function matchPayment<Candidate extends Matchable>(
  reported: PaymentIdentity,
  candidates: readonly Candidate[],
): MatchResult<Candidate> {
  const named = candidates.filter((candidate) => isNamed(candidate, reported));
  return named.length > 0 ? matchById(reported, named) : matchByReference(reported, candidates);
}

function isNamed(payment: RecordedIdentity, { paymentRequestId, bareId, sessionId }: PaymentIdentity): boolean {
  const ids = [paymentRequestId, bareId].filter((id) => id !== undefined);
  const recorded = payment.paymentRequestId;
  if (recorded !== undefined && ids.some((id) => isSameId(id, recorded))) return true;
  if (sessionId === undefined || payment.sessionId === undefined) return false;
  return isSameId(sessionId.reveal(), payment.sessionId.reveal());
}

/** An id belongs to one payment forever, so an update whose ids name several payments belongs to none of them. */
function matchById<Candidate extends Matchable>(
  reported: PaymentIdentity,
  [payment, ...others]: readonly Candidate[],
): MatchResult<Candidate> {
  if (payment === undefined) return { kind: 'none' };
  const values = { recordedValue: payment.paymentRequestId, reportedValue: reported.paymentRequestId };
  const severalNamed: Mismatch | undefined =
    others.length === 0 ? undefined : { field: 'PAYMENT_REQUEST_ID', ...values };
  const mismatch = findMismatch(payment, reported) ?? severalNamed;
  if (mismatch !== undefined) return { kind: 'mismatched', payment, mismatch };
  return payment.isOrphaned ? { kind: 'orphaned', payment } : { kind: 'found', payment, by: 'id' };
}

function matchByReference<Candidate extends Matchable>(
  reported: PaymentIdentity,
  candidates: readonly Candidate[],
): MatchResult<Candidate> {
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

/** Whether a payment existed at the time of a report. An earlier report is about another one, here or elsewhere. */
function existedAt({ createdAt }: RecordedIdentity, reportedAt: Date | undefined): boolean {
  return reportedAt === undefined || createdAt.getTime() <= reportedAt.getTime() + CLOCK_TOLERANCE_MS;
}

function isNear(reported: Date | undefined, recorded: Date): boolean {
  return reported === undefined || Math.abs(reported.getTime() - recorded.getTime()) <= TIME_TOLERANCE_MS;
}
