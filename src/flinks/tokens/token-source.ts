import type { Deadline } from '../../lib/deadline.js';
import type { DetectedTokenPolicy, TokenPolicy } from '../api-variant.js';
import { isUnauthorized, notExecuted } from '../../domain/provider-result.js';
import type { ProviderResult } from '../../domain/provider-result.js';
import type { AccessToken } from './access-token.js';

/** A call that needs a token. */
export type TokenCall<T> = (token: AccessToken) => Promise<ProviderResult<T>>;

/**
 * Provides calls with a token by one of the policies of `api-variant.ts`. A 401 means that nothing was executed, so a
 * refused token is dropped and the call is made once more with a fresh one. A second 401 results in `misconfigured`.
 */
export interface TokenSource {
  /** Makes a call that starts a session, which uses up a single-use token. */
  startSession<T>(call: TokenCall<T>, deadline: Deadline): Promise<ProviderResult<T>>;
  /** Makes a call that starts no session, with `preferred` if it is still usable, otherwise with any usable token. */
  withAnyToken<T>(call: TokenCall<T>, deadline: Deadline, preferred?: AccessToken): Promise<ProviderResult<T>>;
  /** The policy in use, and under `auto` the detected one. */
  readonly state: TokenState;
  /** Stops renewing tokens. */
  close(): void;
}

/** The token policy, for the readiness check. */
export interface TokenState {
  readonly policy: TokenPolicy;
  /** The policy that `auto` detected; undefined before that, and under the other policies. */
  readonly detected: DetectedTokenPolicy | undefined;
}

const CREDENTIALS_REFUSED = { kind: 'misconfigured', reason: 'authorize refused the credentials' } as const;

type Acquire = (deadline: Deadline) => Promise<ProviderResult<AccessToken>>;

/**
 * Makes a call, and once more with the next token if Flinks refuses the first. Tries `preferred` first if it is usable.
 */
export async function withReplay<T>(
  acquire: Acquire,
  drop: (token: AccessToken) => void,
  call: TokenCall<T>,
  deadline: Deadline,
  preferred?: AccessToken,
): Promise<ProviderResult<T>> {
  const first: ProviderResult<AccessToken> =
    preferred?.isUsable() === true ? { kind: 'succeeded', value: preferred } : await acquireBy(acquire, deadline);
  if (first.kind !== 'succeeded') return first;
  const result = await call(first.value);
  if (!isUnauthorized(result)) return result;
  drop(first.value);
  const second = await acquireBy(acquire, deadline);
  if (second.kind !== 'succeeded') return second;
  const replayed = await call(second.value);
  if (!isUnauthorized(replayed)) return replayed;
  drop(second.value);
  return { kind: 'misconfigured', reason: 'a fresh token was refused' };
}

/** Acquires a token. However authorize failed, the call that needed the token was not executed. */
async function acquireBy(acquire: Acquire, deadline: Deadline): Promise<ProviderResult<AccessToken>> {
  const token = await acquire(deadline);
  switch (token.kind) {
    case 'succeeded':
      return token;
    case 'not-executed':
      return isUnauthorized(token) ? CREDENTIALS_REFUSED : token;
    case 'misconfigured':
      return { kind: 'misconfigured', reason: `authorize ${token.reason}` };
    case 'rejected':
      // A rejection may come with status 200.
      return token.status < 400
        ? CREDENTIALS_REFUSED
        : { kind: 'misconfigured', reason: `authorize responded ${token.status}` };
    case 'unknown':
      return notExecuted('no-token');
  }
}
