import type { Sensitive } from './sensitive.js';

/** Nothing was handed out or sent. unavailable: try again. misconfigured: as that, but an operator has to act first. */
export type NothingDone =
  { readonly kind: 'unavailable'; readonly retryAfterMs: number | undefined } | { readonly kind: 'misconfigured' };

/** Nothing was done, and nobody says when to try again. */
export const UNAVAILABLE: NothingDone = { kind: 'unavailable', retryAfterMs: undefined };

/**
 * How an attempt to get a payment under way ended. Values, not exceptions: each is something a caller must be told.
 * refused: Flinks looked at the request and said no.
 */
export type CertainOutcome<T> =
  { readonly kind: 'done'; readonly value: T } | { readonly kind: 'refused' } | NothingDone;

/** unknown: the answer was lost, and the payer may have been written to. The session is known if only its activation failed. */
export type Outcome<T> =
  CertainOutcome<T> | { readonly kind: 'unknown'; readonly sessionId: Sensitive<string> | undefined };
