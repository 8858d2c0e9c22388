/** Why a call was certainly not executed. */
export type NotExecutedReason =
  | 'unreadable'
  | 'no-connection'
  | 'no-slot'
  | 'circuit-open'
  | 'deadline'
  | 'not-permitted'
  | 'unauthorized'
  | 'rate-limited'
  | 'no-token';

/**
 * The result of one call to Flinks.
 * done: a 2xx response with the requested content. not-executed: certainly not executed, so it may be repeated.
 * misconfigured: not executed either, and an operator has to act. refused: Flinks rejected the request; `message` is
 * for the log only. unknown: the call may have been executed.
 */
export type CallResult<T> =
  | { readonly kind: 'done'; readonly value: T }
  | {
      readonly kind: 'not-executed';
      readonly reason: NotExecutedReason;
      /** The reason in the operating system's terms, such as ECONNREFUSED. */
      readonly detail?: string | undefined;
      readonly retryAfterMs?: number | undefined;
    }
  | { readonly kind: 'misconfigured'; readonly reason: string }
  | { readonly kind: 'refused'; readonly status: number; readonly message: string }
  | { readonly kind: 'unknown'; readonly reason: string };

/** A `CallResult` that is not a success. */
export type CallFailure = Exclude<CallResult<never>, { kind: 'done' }>;
type NotExecuted = Extract<CallFailure, { kind: 'not-executed' }>;

/** Builds a `not-executed` result. `retryAfterMs`: the earliest time for a retry, in milliseconds from now. */
export function notExecuted(reason: NotExecutedReason, retryAfterMs?: number): NotExecuted {
  return { kind: 'not-executed', reason, retryAfterMs };
}

/** Whether Flinks responded 401. */
export function isUnauthorized(result: CallResult<unknown>): boolean {
  return result.kind === 'not-executed' && result.reason === 'unauthorized';
}
