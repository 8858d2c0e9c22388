import type { ProviderResult } from '../domain/provider-result.js';
import { backoffMs } from '../lib/backoff.js';

/** The steps of mutations. */
export type Step = 'initiate' | 'activate-link' | 'send' | 'activate-sent' | 'cancel';

/**
 * Whether and from where a step is tried again. same-step: repeat the call (a repeated initiate creates a new session).
 * start-over: initiate again. `why` is for the log.
 */
interface Advice {
  readonly action: 'stop' | 'same-step' | 'start-over';
  readonly why: string;
}

/** Advice with the time until the next try, in milliseconds. */
type Decision =
  | { readonly action: 'stop'; readonly why: string }
  | { readonly action: 'same-step' | 'start-over'; readonly why: string; readonly afterMs: number };

/** Maximum number of failed calls in one mutation. */
export const MAX_ATTEMPTS = 5;
const BACKOFF = { initialMs: 100, maxMs: 2_000 };

/** After a lost response. An e-mail sent by `send` cannot be recalled; every other step is then harmless. */
const AFTER_UNKNOWN: Readonly<Record<Step, Advice>> = {
  initiate: { action: 'same-step', why: 'a session that no client received is inert' },
  'activate-link': { action: 'start-over', why: 'no client received the orphaned session' },
  'activate-sent': { action: 'same-step', why: 'a second activation is reported as already linked' },
  cancel: { action: 'same-step', why: 'cancelling twice does no harm' },
  send: { action: 'stop', why: 'the payer may have the e-mail already' },
};

/**
 * Decides whether a step with this result is tried again, when, and from where. Pure. `failed`: the number of failed
 * calls of this mutation, starting at 1. `remainingMs`: time left until its deadline. `random`: the jitter, from [0, 1).
 */
export function decideRetry(
  step: Step,
  result: ProviderResult<unknown>,
  failed: number,
  remainingMs: number,
  random: number,
): Decision {
  const { action, why } = adviceOn(step, result);
  if (action === 'stop') return { action, why };
  if (failed >= MAX_ATTEMPTS) return { action: 'stop', why: `failed ${failed} times` };
  const retryAfterMs = (result.kind === 'not-executed' && result.retryAfterMs) || 0;
  const afterMs = retryAfterMs + random * backoffMs(BACKOFF, failed);
  if (afterMs >= remainingMs) return { action: 'stop', why: 'not enough time left' };
  return { action, why, afterMs };
}

function adviceOn(step: Step, result: ProviderResult<unknown>): Advice {
  switch (result.kind) {
    case 'succeeded':
      return { action: 'stop', why: 'succeeded' };
    case 'rejected':
      return { action: 'stop', why: 'Flinks would refuse it again' };
    case 'misconfigured':
      return { action: 'stop', why: 'an operator has to act first' };
    case 'unknown':
      return AFTER_UNKNOWN[step];
    case 'not-executed':
      if (result.reason === 'circuit-open') return { action: 'stop', why: 'the circuit is open: fail fast' };
      if (result.reason === 'not-permitted') return { action: 'stop', why: 'this attempt may not send any more' };
      return { action: 'same-step', why: 'certainly not executed' };
  }
}
