/**
 * How an attempt to get a payment under way ended. Values, not exceptions: each is something a caller must be told.
 * refused: Flinks looked at the request and said no. unavailable: nothing was handed out or sent, try again.
 * misconfigured: as unavailable, but an operator has to act.
 */
export type CertainOutcome<T> =
  | { readonly kind: 'done'; readonly value: T }
  | { readonly kind: 'refused' }
  | { readonly kind: 'unavailable'; readonly retryAfterMs: number | undefined }
  | { readonly kind: 'misconfigured' };

/** unknown: the answer was lost, and the payer may have been written to. */
export type Outcome<T> = CertainOutcome<T> | { readonly kind: 'unknown' };
