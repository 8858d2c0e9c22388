import type { Sensitive } from './sensitive.js';

/** Nothing was handed out or sent. unavailable: try again. misconfigured: as that, but an operator has to act first. */
export type NotExecuted =
  { readonly kind: 'unavailable'; readonly retryAfterMs: number | undefined } | { readonly kind: 'misconfigured' };

/** Nothing was done, and nobody says when to try again. */
export const UNAVAILABLE: NotExecuted = { kind: 'unavailable', retryAfterMs: undefined };

/**
 * How an attempt to get a payment under way ended. Values, not exceptions: each is something a caller must be told.
 * refused: Flinks looked at the request and said no.
 */
export type DefiniteOutcome<T> =
  { readonly kind: 'done'; readonly value: T } | { readonly kind: 'refused' } | NotExecuted;

/** unknown: the answer was lost, and the payer may have been written to. The session is known if only its activation failed. */
export type ProviderOutcome<T> =
  DefiniteOutcome<T> | { readonly kind: 'unknown'; readonly sessionId: Sensitive<string> | undefined };
