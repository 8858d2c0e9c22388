import type { Deadline } from '../../lib/deadline.js';
import type { DetectedTokenPolicy, TokenPolicy } from '../api-variant.js';
import { isUnauthorized, notExecuted } from '../call-result.js';
import type { CallResult } from '../call-result.js';
import type { AccessToken } from './access-token.js';

/** A call that carries a token. */
export type TokenCall<T> = (token: AccessToken) => Promise<CallResult<T>>;

/**
 * Gives calls their token by one of the policies of `api-variant.ts`. A 401 means that nothing was executed, so a refused token
 * is dropped and the call made once more with a fresh one; a second 401 is `misconfigured`.
 */
export interface TokenSource {
  /** Makes a call that starts a session, which is what uses a single-use token up. */
  startSession<T>(call: TokenCall<T>, deadline: Deadline): Promise<CallResult<T>>;
  /** Makes a call that starts none, with any live token, `preferred` if that one still is. */
  withAnyToken<T>(call: TokenCall<T>, deadline: Deadline, preferred?: AccessToken): Promise<CallResult<T>>;
  /** Which policy is followed, and under `auto` what was learnt. */
  readonly state: TokenState;
  /** Stops renewing. */
  close(): void;
}

export interface TokenState {
  readonly policy: TokenPolicy;
  readonly detected: DetectedTokenPolicy | undefined;
}

const CREDENTIALS_REFUSED = { kind: 'misconfigured', reason: 'authorize refused the credentials' } as const;

type Acquire = (deadline: Deadline) => Promise<CallResult<AccessToken>>;

/** Makes a call, and once more with the next token when its own is refused. `preferred` goes first while it lives. */
export async function withReplay<T>(
  acquire: Acquire,
  drop: (token: AccessToken) => void,
  call: TokenCall<T>,
  deadline: Deadline,
  preferred?: AccessToken,
): Promise<CallResult<T>> {
  const first: CallResult<AccessToken> =
    preferred?.isUsable() === true ? { kind: 'done', value: preferred } : await acquireBy(acquire, deadline);
  if (first.kind !== 'done') return first;
  const result = await call(first.value);
  if (!isUnauthorized(result)) return result;
  drop(first.value);
  const second = await acquireBy(acquire, deadline);
  if (second.kind !== 'done') return second;
  const replayed = await call(second.value);
  if (!isUnauthorized(replayed)) return replayed;
  drop(second.value);
  return { kind: 'misconfigured', reason: 'a fresh token was refused' };
}

/** However authorize failed, the call that wanted the token was not executed. */
async function acquireBy(acquire: Acquire, deadline: Deadline): Promise<CallResult<AccessToken>> {
  const token = await acquire(deadline);
  switch (token.kind) {
    case 'done':
      return token;
    case 'not-executed':
      return isUnauthorized(token) ? CREDENTIALS_REFUSED : token;
    case 'misconfigured':
      return { kind: 'misconfigured', reason: `authorize ${token.reason}` };
    case 'refused':
      // A refusal may come as a 200.
      return token.status < 400
        ? CREDENTIALS_REFUSED
        : { kind: 'misconfigured', reason: `authorize answered ${token.status}` };
    case 'unknown':
      return notExecuted('no-token');
  }
}
