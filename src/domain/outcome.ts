import type { Sensitive } from './sensitive.js';

/**
 * Flinks certainly did not carry out the request. unavailable: retry. misconfigured: an operator has to act before a
 * retry.
 */
export type NotExecuted =
  { readonly kind: 'unavailable'; readonly retryAfterMs: number | undefined } | { readonly kind: 'misconfigured' };

/** Result of a request that was not executed, without a time at which to retry. */
export const UNAVAILABLE: NotExecuted = { kind: 'unavailable', retryAfterMs: undefined };

/**
 * Outcome of a request to Flinks that is certain. A value and not an error, because each case is reported to the
 * client. refused: Flinks looked at the request and rejected it.
 */
export type DefiniteOutcome<T> =
  { readonly kind: 'done'; readonly value: T } | { readonly kind: 'refused' } | NotExecuted;

/**
 * Outcome of a request to Flinks. unknown: the response was lost, and Flinks may have sent an e-mail to the payer. Its
 * session is known if only the activation failed.
 */
export type ProviderOutcome<T> =
  DefiniteOutcome<T> | { readonly kind: 'unknown'; readonly sessionId: Sensitive<string> | undefined };
