import { idKey, isSameId } from './id-key.js';
import type { PaymentSession } from './payment.js';
import { mismatchOf } from './payment-mismatch.js';
import type { Mismatch, PaymentIdentity } from './payment-mismatch.js';

/** A payment that news may mean. Abandoned: stands for a session that was left behind at Flinks when it was made. */
export interface Candidate extends PaymentSession {
  readonly isAbandoned: boolean;
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

function isNear(told: Date | undefined, ours: Date): boolean {
  return told === undefined || Math.abs(told.getTime() - ours.getTime()) <= TIME_TOLERANCE_MS;
}
