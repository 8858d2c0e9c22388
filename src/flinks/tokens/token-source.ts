import { isUnauthorized, notExecuted } from '../../domain/provider-result.js';
import type { ProviderResult } from '../../domain/provider-result.js';
import type { Sensitive } from '../../domain/sensitive.js';
import type { Deadline } from '../../lib/deadline.js';
import type { DetectedTokenPolicy, TokenPolicy } from '../api-variant.js';

/** The response of /authorize: an opaque token, and its validity in milliseconds from when the call was made. */
export interface IssuedToken {
  readonly accessToken: Sensitive<string>;
  readonly ttlMs: number;
}

/** Makes one authorize call. */
export type Authorize = () => Promise<ProviderResult<IssuedToken>>;

const MARGIN = { share: 0.1, maxMs: 10_000 };
const RENEWAL = { share: 0.3, maxMs: 30_000 };

/** A token with its two deadlines on the monotonic clock, both earlier in proportion for short validities. */
export class AccessToken {
  readonly value: Sensitive<string>;
  /** From this time on, the next token is fetched. */
  readonly renewAtMs: number;
  /** From this time on the token is not used any more, because it could expire during a call. */
  readonly unusableAfterMs: number;

  constructor({ accessToken, ttlMs }: IssuedToken, requestedAtMs: number) {
    this.value = accessToken;
    const expiresAtMs = requestedAtMs + ttlMs;
    this.unusableAfterMs = expiresAtMs - Math.min(ttlMs * MARGIN.share, MARGIN.maxMs);
    this.renewAtMs = expiresAtMs - Math.min(ttlMs * RENEWAL.share, RENEWAL.maxMs);
  }

  /** Whether the token can still be sent with a call. */
  isUsable(): boolean {
    return performance.now() < this.unusableAfterMs;
  }
}

/** Calls authorize. The validity counts from before the call, so that a slow response does not extend it. */
export async function requestToken(authorize: Authorize): Promise<ProviderResult<AccessToken>> {
  const requestedAtMs = performance.now();
  const issued = await authorize();
  return issued.kind === 'succeeded'
    ? { kind: 'succeeded', value: new AccessToken(issued.value, requestedAtMs) }
    : issued;
}

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

/** Hands tokens out to `withReplay`. */
export interface TokenSupply {
  /** Resolves to a token, or to the reason why there is none, by `deadline`. */
  acquire(deadline: Deadline): Promise<ProviderResult<AccessToken>>;
  /** Forgets a token that Flinks refused. */
  drop(token: AccessToken): void;
}

/** Makes a call, and once more with the next token if Flinks refuses the first; that is `preferred` if it is usable. */
export async function withReplay<T>(
  supply: TokenSupply,
  call: TokenCall<T>,
  deadline: Deadline,
  preferred?: AccessToken,
): Promise<ProviderResult<T>> {
  const first: ProviderResult<AccessToken> =
    preferred?.isUsable() === true ? { kind: 'succeeded', value: preferred } : await acquireFrom(supply, deadline);
  if (first.kind !== 'succeeded') return first;
  const result = await call(first.value);
  if (!isUnauthorized(result)) return result;
  supply.drop(first.value);
  const second = await acquireFrom(supply, deadline);
  if (second.kind !== 'succeeded') return second;
  const replayed = await call(second.value);
  if (!isUnauthorized(replayed)) return replayed;
  supply.drop(second.value);
  return { kind: 'misconfigured', reason: 'a fresh token was refused' };
}

const CREDENTIALS_REFUSED = { kind: 'misconfigured', reason: 'authorize refused the credentials' } as const;

/** Acquires a token. However authorize failed, the call that needed the token was not executed. */
async function acquireFrom(supply: TokenSupply, deadline: Deadline): Promise<ProviderResult<AccessToken>> {
  const token = await supply.acquire(deadline);
  switch (token.kind) {
    case 'succeeded':
      return token;
    case 'not-executed':
      return isUnauthorized(token) ? CREDENTIALS_REFUSED : token;
    case 'misconfigured':
      return { kind: 'misconfigured', reason: `authorize ${token.reason}` };
    case 'rejected':
      // A rejection may come with status 200.
      if (token.status < 400) return CREDENTIALS_REFUSED;
      return { kind: 'misconfigured', reason: `authorize responded ${token.status}` };
    case 'unknown':
      return notExecuted('no-token');
  }
}
