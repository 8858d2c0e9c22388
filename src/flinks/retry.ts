import type { NotExecutedReason, CallResult } from './call-result.js';

/** The steps of mutations. The e-mail of `send` cannot be called back, all else is harmless when lost. */
export type Step = 'initiate' | 'activate-link' | 'send' | 'activate-sent' | 'cancel';

export type Decision =
  | { readonly action: 'stop'; readonly why: string }
  /** same-step: the same call again (a repeated initiate makes a new session). start-over: initiate again. */
  | { readonly action: 'same-step' | 'start-over'; readonly afterMs: number; readonly why: string };

export const MAX_ATTEMPTS = 5;
const BACKOFF = { firstMs: 100, mostMs: 2_000 };

/**
 * Whether a step that came to `verdict` is tried again, when, and from where. Pure: `random` is a number in [0, 1) for the
 * jitter, `failed` counts the calls of this mutation that failed, from 1, `remainingMs` is what is left of its time.
 */
export function decideRetry(
  step: Step,
  result: CallResult<unknown>,
  failed: number,
  remainingMs: number,
  random: number,
): Decision {
  const again = repeatable(step, result);
  if (again.action === 'stop') return again;
  if (failed >= MAX_ATTEMPTS) return { action: 'stop', why: `failed ${failed} times` };
  const retryAfterMs = (result.kind === 'not-executed' && result.retryAfterMs) || 0;
  const afterMs = retryAfterMs + random * Math.min(BACKOFF.mostMs, BACKOFF.firstMs * 2 ** (failed - 1));
  if (afterMs >= remainingMs) return { action: 'stop', why: 'not enough time left' };
  return { ...again, afterMs };
}

type Repeatable = { action: 'stop'; why: string } | { action: 'same-step' | 'start-over'; why: string };

function repeatable(step: Step, result: CallResult<unknown>): Repeatable {
  switch (result.kind) {
    case 'done':
      return { action: 'stop', why: 'done' };
    case 'refused':
      return { action: 'stop', why: 'Flinks would refuse it again' };
    case 'misconfigured':
      return { action: 'stop', why: 'an operator has to act first' };
    case 'not-executed':
      return repeatableNotExecuted(result.reason);
    case 'unknown':
      return repeatableUnknown(step);
  }
}

function repeatableNotExecuted(reason: NotExecutedReason): Repeatable {
  switch (reason) {
    case 'circuit-open':
      return { action: 'stop', why: 'the circuit is open: fail fast' };
    case 'not-permitted':
      return { action: 'stop', why: 'this attempt may not send any more' };
    default:
      return { action: 'same-step', why: 'certainly not executed' };
  }
}

function repeatableUnknown(step: Step): Repeatable {
  switch (step) {
    case 'initiate':
      return { action: 'same-step', why: 'a session that nobody was told of is inert' };
    case 'activate-link':
      return { action: 'start-over', why: 'the session left behind was never handed out' };
    case 'activate-sent':
      return { action: 'same-step', why: 'activating twice is answered as already linked' };
    case 'cancel':
      return { action: 'same-step', why: 'cancelling twice does no harm' };
    case 'send':
      return { action: 'stop', why: 'the payer may have the e-mail already' };
  }
}
