import { backoffMs } from '../lib/backoff.js';
import type { NotExecutedReason, ProviderResult } from '../domain/provider-result.js';

/**
 * The steps of mutations. An e-mail sent by `send` cannot be recalled; every other step is harmless if its response is
 * lost.
 */
export type Step = 'initiate' | 'activate-link' | 'send' | 'activate-sent' | 'cancel';

/** Whether, when (in milliseconds) and from where a step is tried again. `why` is for the log. */
export type Decision =
  | { readonly action: 'stop'; readonly why: string }
  /** same-step: repeat the call (a repeated initiate creates a new session). start-over: initiate again. */
  | { readonly action: 'same-step' | 'start-over'; readonly afterMs: number; readonly why: string };

/** Maximum number of failed calls in one mutation. */
export const MAX_ATTEMPTS = 5;
const BACKOFF = { initialMs: 100, maxMs: 2_000 };

/**
 * Decides whether a step with this result is tried again, when, and from where. Pure. `failed`: the number of failed
 * calls of this mutation, starting at 1. `remainingMs`: time left until its deadline. `random`: a number in [0, 1) for
 * the jitter.
 */
export function decideRetry(
  step: Step,
  result: ProviderResult<unknown>,
  failed: number,
  remainingMs: number,
  random: number,
): Decision {
  const again = repeatable(step, result);
  if (again.action === 'stop') return again;
  if (failed >= MAX_ATTEMPTS) return { action: 'stop', why: `failed ${failed} times` };
  const retryAfterMs = (result.kind === 'not-executed' && result.retryAfterMs) || 0;
  const afterMs = retryAfterMs + random * backoffMs(BACKOFF, failed);
  if (afterMs >= remainingMs) return { action: 'stop', why: 'not enough time left' };
  return { ...again, afterMs };
}

type Repeatable = { action: 'stop'; why: string } | { action: 'same-step' | 'start-over'; why: string };

function repeatable(step: Step, result: ProviderResult<unknown>): Repeatable {
  switch (result.kind) {
    case 'succeeded':
      return { action: 'stop', why: 'succeeded' };
    case 'rejected':
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
      return { action: 'same-step', why: 'a session that no client received is inert' };
    case 'activate-link':
      return { action: 'start-over', why: 'no client received the orphaned session' };
    case 'activate-sent':
      return { action: 'same-step', why: 'a second activation is reported as already linked' };
    case 'cancel':
      return { action: 'same-step', why: 'cancelling twice does no harm' };
    case 'send':
      return { action: 'stop', why: 'the payer may have the e-mail already' };
  }
}
