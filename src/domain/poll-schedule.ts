import type { PaymentSession } from './payment.js';
import { isFinal } from './payment-status.js';
import type { PaymentSessionStatus } from './payment-status.js';

/** The interval between lookups is at least this share of the time since the status last changed. */
const INTERVAL_SHARE = 0.1;
/** The longest interval, as a multiple of the age at which a status is stale. */
const MAX_INTERVAL_FACTOR = 120;

/** What decides whether a payment can be looked up at all. */
type Lookable = Pick<PaymentSession, 'status'> & { readonly hasFlinksId: boolean };

/** Whether lookups of a payment make sense: its status is not final, and Flinks's id of it is known. */
export const isPolled = ({ status, hasFlinksId }: Lookable): boolean => !isFinal(status) && hasFlinksId;

/**
 * When a payment is looked up next after a status update, in milliseconds of the database's clock; null: never.
 * `payment`: as the update left it. `isApplied`: the update changed the status. `at`: the time of the update.
 * `nextCheckInMs`: what a lookup asks for. `scheduledAt`: when it was due before the update.
 */
export function nextCheckAt(
  payment: Lookable,
  update: {
    readonly isApplied: boolean;
    readonly at: number;
    readonly nextCheckInMs: number | undefined;
    readonly scheduledAt: number | null;
  },
  staleAfterMs: number,
): number | null {
  const { isApplied, at, nextCheckInMs, scheduledAt } = update;
  if (!isPolled(payment)) return null;
  if (isApplied) return at + staleAfterMs;
  if (nextCheckInMs !== undefined) return at + Math.round(nextCheckInMs);
  return scheduledAt ?? at + staleAfterMs;
}

/**
 * The time between lookups, in milliseconds. It grows with the time since the last change: a payment that has not
 * changed for long is unlikely to change this minute. `reported`: the status that the lookup returned.
 */
export function pollIntervalMs(
  { status, updatedAt }: Pick<PaymentSession, 'status' | 'updatedAt'>,
  reported: PaymentSessionStatus | undefined,
  staleAfterMs: number,
  nowMs: number,
): number {
  if (reported !== undefined && reported !== status) return staleAfterMs;
  const sinceChangeMs = nowMs - updatedAt.getTime();
  return Math.min(MAX_INTERVAL_FACTOR * staleAfterMs, Math.max(staleAfterMs, INTERVAL_SHARE * sinceChangeMs));
}

/** Milliseconds until the status of a payment is stale, negative if it is already. */
export function staleInMs(
  { updatedAt, statusCheckedAt }: Pick<PaymentSession, 'updatedAt' | 'statusCheckedAt'>,
  staleAfterMs: number,
  nowMs: number,
): number {
  return Math.max(updatedAt.getTime(), statusCheckedAt?.getTime() ?? 0) + staleAfterMs - nowMs;
}
