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
 * What one call to Flinks came to.
 * done: 2xx with what was asked for. not-executed: certain, so it may be repeated. misconfigured: not executed either, and an
 * operator has to act. refused: Flinks judged the request; `words` are for the log only. unknown: it may have been executed.
 */
export type CallResult<T> =
  | { readonly kind: 'done'; readonly value: T }
  | {
      readonly kind: 'not-executed';
      readonly reason: NotExecutedReason;
      /** What the operating system or the like said, such as ECONNREFUSED. */
      readonly detail?: string | undefined;
      readonly retryAfterMs?: number | undefined;
    }
  | { readonly kind: 'misconfigured'; readonly reason: string }
  | { readonly kind: 'refused'; readonly status: number; readonly message: string }
  | { readonly kind: 'unknown'; readonly reason: string };

export type CallFailure = Exclude<CallResult<never>, { kind: 'done' }>;
type NotExecuted = Extract<CallFailure, { kind: 'not-executed' }>;

export function notExecuted(reason: NotExecutedReason, retryAfterMs?: number): NotExecuted {
  return { kind: 'not-executed', reason, retryAfterMs };
}

export function isUnauthorized(result: CallResult<unknown>): boolean {
  return result.kind === 'not-executed' && result.reason === 'unauthorized';
}
