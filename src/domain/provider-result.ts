import type { Sensitive } from './sensitive.js';

/** Why a request was certainly not carried out. */
export type NotExecutedReason =
  | 'unreadable'
  | 'no-connection'
  | 'no-slot'
  | 'circuit-open'
  | 'deadline'
  | 'not-permitted'
  | 'unauthorized'
  | 'rate-limited'
  | 'no-token'
  /** The response was lost, and so is all effect of the request: no client received what it made. */
  | 'no-effect';

/**
 * The result of a request to Flinks, from the transport to the use-cases. A value and not an error, because clients see
 * what became of it.
 * succeeded: a 2xx response with the requested content. not-executed: certainly not carried out, so it may be repeated.
 * misconfigured: not carried out either, and an operator has to act. rejected: Flinks looked at the request and said
 * no; `message` is for the log only. unknown: the response was lost, and Flinks may have carried out the request;
 * `sessionId` is known if only a later step of it was lost.
 */
export type ProviderResult<T> =
  | { readonly kind: 'succeeded'; readonly value: T }
  | {
      readonly kind: 'not-executed';
      readonly reason: NotExecutedReason;
      /** The reason in the operating system's terms, such as ECONNREFUSED. */
      readonly detail?: string | undefined;
      readonly retryAfterMs?: number | undefined;
    }
  | { readonly kind: 'misconfigured'; readonly reason: string }
  | { readonly kind: 'rejected'; readonly status: number; readonly message: string }
  | { readonly kind: 'unknown'; readonly reason: string; readonly sessionId?: Sensitive<string> | undefined };

/** A result that is not a success. */
export type ProviderFailure = Exclude<ProviderResult<never>, { kind: 'succeeded' }>;

type NotExecuted = Extract<ProviderFailure, { kind: 'not-executed' }>;

/** Builds a `not-executed` result. `retryAfterMs`: the earliest time for a retry, in milliseconds from now. */
export function notExecuted(reason: NotExecutedReason, retryAfterMs?: number): NotExecuted {
  return { kind: 'not-executed', reason, retryAfterMs };
}

/** Whether Flinks responded 401. */
export function isUnauthorized(result: ProviderResult<unknown>): boolean {
  return result.kind === 'not-executed' && result.reason === 'unauthorized';
}

/** A failure as clients see it and keys store it: nothing was done. misconfigured: an operator has to act first. */
export type ProviderUnavailable =
  { readonly kind: 'unavailable'; readonly retryAfterMs: number | undefined } | { readonly kind: 'misconfigured' };

/** Nothing was done, and nobody knows when to retry. */
export const UNAVAILABLE: ProviderUnavailable = { kind: 'unavailable', retryAfterMs: undefined };

/** The one mapping of failures after which nothing was done, for mutations and cancellations. */
export function toProviderUnavailable(
  failure: Extract<ProviderFailure, { kind: 'not-executed' | 'misconfigured' }>,
): ProviderUnavailable {
  return failure.kind === 'misconfigured'
    ? { kind: 'misconfigured' }
    : { kind: 'unavailable', retryAfterMs: failure.retryAfterMs };
}
