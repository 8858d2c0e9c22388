import type { PaymentSession } from './payment.js';
import type { Sensitive } from './sensitive.js';

/** What news say of which payment they mean; undefined where they do not. */
export interface PaymentIdentity {
  readonly paymentRequestId: string | undefined;
  readonly sessionId: Sensitive<string> | undefined;
  readonly referenceId: string | undefined;
  readonly amountMinor: number | undefined;
  readonly email: Sensitive<string> | undefined;
  /** About when the payment was asked for. */
  readonly createdAt: Date | undefined;
}

/** A payment that news may mean. Abandoned: stands for a session that was left behind at Flinks when it was made. */
export interface Candidate extends PaymentSession {
  readonly isAbandoned: boolean;
}

/** How far the told time may be from ours: files tell days, of a time zone and a cut-off that are not published. */
export const TIME_TOLERANCE_MS = 36 * 3_600_000;

type Fit = 'exact' | 'possible' | 'none';

/**
 * Which of the candidates news mean: the only one that fits. More than one is never guessed between. abandoned: a session that
 * nobody was given, whose news are no news of its payment.
 */
export function identify(
  identity: PaymentIdentity,
  candidates: readonly Candidate[],
):
  { readonly kind: 'found' | 'abandoned'; readonly payment: PaymentSession } | { readonly kind: 'none' | 'ambiguous' } {
  const fits = candidates.map((payment) => ({ payment, fit: fitOf(payment, identity) }));
  const exact = fits.filter(({ fit }) => fit === 'exact');
  const [found, ...others] = exact.length > 0 ? exact : fits.filter(({ fit }) => fit === 'possible');
  if (found === undefined) return { kind: 'none' };
  if (others.length > 0) return { kind: 'ambiguous' };
  if (!found.payment.isAbandoned) return { kind: 'found', payment: found.payment };
  return exact.length > 0 ? { kind: 'abandoned', payment: found.payment } : { kind: 'none' };
}

/** An id of Flinks's decides where both sides have it; else the reference with all that is told beside it. */
function fitOf(payment: PaymentSession, identity: PaymentIdentity): Fit {
  for (const [told, ours] of [
    [identity.paymentRequestId, payment.paymentRequestId],
    [identity.sessionId?.reveal(), payment.sessionId?.reveal()],
  ])
    if (told !== undefined && ours !== undefined) return told.toLowerCase() === ours.toLowerCase() ? 'exact' : 'none';
  if (identity.referenceId !== payment.referenceId) return 'none';
  return agree(identity.amountMinor, payment.amount.amountMinor) &&
    agree(identity.email?.reveal().toLowerCase(), payment.customer.email?.reveal().toLowerCase()) &&
    isNear(identity.createdAt, payment.createdAt)
    ? 'possible'
    : 'none';
}

function agree<T>(told: T | undefined, ours: T | undefined): boolean {
  return told === undefined || ours === undefined || told === ours;
}

function isNear(told: Date | undefined, ours: Date): boolean {
  return told === undefined || Math.abs(told.getTime() - ours.getTime()) <= TIME_TOLERANCE_MS;
}
