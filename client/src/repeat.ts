/** How often and for how long a call is retried before its last result is returned to the application. */
export interface RepeatBounds {
  /** Maximum number of calls, including the first. */
  readonly maxAttempts: number;
  /** Maximum time from the first call to the start of the last one, in milliseconds. */
  readonly maxTimeMs: number;
}

/** The bounds that apply if the application sets none. */
export const DEFAULT_BOUNDS: RepeatBounds = { maxAttempts: 6, maxTimeMs: 60_000 };

/** The outcome of one call. */
export type Outcome =
  /** A member of a result union, with the fields that were selected. */
  | {
      readonly kind: 'result';
      readonly retryAdvice?: unknown;
      readonly code?: unknown;
      readonly retryAfterMs?: unknown;
    }
  /** No result. `status`: the HTTP status, undefined if no response was received. */
  | { readonly kind: 'no-result'; readonly status?: number | undefined }
  /** An outcome that a retry does not change: GraphQL errors, or a call that the application aborted. */
  | { readonly kind: 'final' };

/** The attempts so far. */
export interface Progress {
  /** Number of calls made so far. */
  readonly attempts: number;
  readonly elapsedMs: number;
}

const FIRST_BACKOFF_MS = 500;
const MAX_BACKOFF_MS = 10_000;

/**
 * Milliseconds to wait before the same call is made again with the same key; undefined for no retry. `random`: a number
 * in [0, 1) that spreads the retries of many clients.
 */
export function delayBeforeRepeat(
  outcome: Outcome,
  { attempts, elapsedMs }: Progress,
  { maxAttempts, maxTimeMs }: RepeatBounds,
  random: number,
): number | undefined {
  if (!mayBeRepeated(outcome) || attempts >= maxAttempts) return undefined;
  const delayMs = requestedDelayMs(outcome) ?? Math.min(FIRST_BACKOFF_MS * 2 ** (attempts - 1), MAX_BACKOFF_MS);
  const spreadMs = delayMs * (1 + random / 2);
  return elapsedMs + spreadMs <= maxTimeMs ? spreadMs : undefined;
}

/** Whether the outcome permits the same call with the same key, regardless of the number of attempts. */
export function mayBeRepeated(outcome: Outcome): boolean {
  switch (outcome.kind) {
    case 'result':
      // Only SAME_KEY is retried automatically, also for members that this version does not know. An unknown outcome
      // never is.
      return outcome.retryAdvice === 'SAME_KEY' && outcome.code !== 'OUTCOME_UNKNOWN';
    case 'no-result':
      // Whether or not the call was executed, its key makes the retry the same payment. A call rejected by a server
      // would be rejected again.
      return outcome.status === undefined || outcome.status === 429 || outcome.status >= 500 || outcome.status < 300;
    case 'final':
      return false;
  }
}

function requestedDelayMs(outcome: Outcome): number | undefined {
  if (outcome.kind !== 'result') return undefined;
  const { retryAfterMs } = outcome;
  return typeof retryAfterMs === 'number' && retryAfterMs >= 0 ? retryAfterMs : undefined;
}
