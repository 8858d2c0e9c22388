/** How often and how long a call is repeated before its last answer is handed to the application. */
export interface RepeatBounds {
  /** Calls in all, the first included. */
  readonly maxAttempts: number;
  /** From the first call to the beginning of the last one. */
  readonly maxTimeMs: number;
}

export const DEFAULT_BOUNDS: RepeatBounds = { maxAttempts: 6, maxTimeMs: 60_000 };

/** What one call came to. */
export type Outcome =
  /** A member of a result union, as far as it was selected. */
  | {
      readonly kind: 'answer';
      readonly retryAdvice?: unknown;
      readonly code?: unknown;
      readonly retryAfterMs?: unknown;
    }
  /** No result. `status` of HTTP, undefined where none was received. */
  | { readonly kind: 'no-result'; readonly status?: number | undefined }
  /** What repeating does not change: errors of GraphQL, a call that the application ended. */
  | { readonly kind: 'final' };

export interface Progress {
  /** Calls that were made. */
  readonly attempts: number;
  readonly elapsedMs: number;
}

const FIRST_BACKOFF_MS = 500;
const LONGEST_BACKOFF_MS = 10_000;

/**
 * How long to wait before the same call is made again with the same key; undefined: not at all.
 * `random`: at least 0, below 1. It spreads the repeats of many clients.
 */
export function delayBeforeRepeat(
  outcome: Outcome,
  { attempts, elapsedMs }: Progress,
  { maxAttempts, maxTimeMs }: RepeatBounds,
  random: number,
): number | undefined {
  if (!mayBeRepeated(outcome) || attempts >= maxAttempts) return undefined;
  const delayMs = askedDelayMs(outcome) ?? Math.min(FIRST_BACKOFF_MS * 2 ** (attempts - 1), LONGEST_BACKOFF_MS);
  const spreadMs = delayMs * (1 + random / 2);
  return elapsedMs + spreadMs <= maxTimeMs ? spreadMs : undefined;
}

/** Whether the outcome alone permits the same call with the same key. */
export function mayBeRepeated(outcome: Outcome): boolean {
  switch (outcome.kind) {
    case 'answer':
      // Software repeats SAME_KEY only, of members it does not know yet too. Nothing makes up for an unknown outcome.
      return outcome.retryAdvice === 'SAME_KEY' && outcome.code !== 'OUTCOME_UNKNOWN';
    case 'no-result':
      // Whatever became of the call, the key makes the repeat the same payment. What a server refused it refuses again.
      return outcome.status === undefined || outcome.status === 429 || outcome.status >= 500 || outcome.status < 300;
    case 'final':
      return false;
  }
}

function askedDelayMs(outcome: Outcome): number | undefined {
  if (outcome.kind !== 'answer') return undefined;
  const { retryAfterMs } = outcome;
  return typeof retryAfterMs === 'number' && retryAfterMs >= 0 ? retryAfterMs : undefined;
}
