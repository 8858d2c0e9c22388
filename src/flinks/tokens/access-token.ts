import type { Sensitive } from '../../domain/sensitive.js';
import type { CallResult } from '../call-result.js';

/** What /authorize gives: an opaque token and how long it lives, counted from when the call was made. */
export interface IssuedToken {
  readonly accessToken: Sensitive<string>;
  readonly ttlMs: number;
}

/** One authorize call. */
export type Authorize = () => Promise<CallResult<IssuedToken>>;

const MARGIN = { share: 0.1, mostMs: 10_000 };
const RENEWAL = { share: 0.3, mostMs: 30_000 };

/** A token with the two moments that matter, on the monotonic clock. Both scale down for short lives. */
export class AccessToken {
  readonly value: Sensitive<string>;
  /** From here on it is time to get the next one. */
  readonly renewAtMs: number;
  /** From here on it is not used any more: a call under way could outlive it. */
  readonly unusableAfterMs: number;

  constructor(issued: IssuedToken, requestedAtMs: number) {
    this.value = issued.accessToken;
    const expiresAtMs = requestedAtMs + issued.ttlMs;
    this.unusableAfterMs = expiresAtMs - Math.min(issued.ttlMs * MARGIN.share, MARGIN.mostMs);
    this.renewAtMs = expiresAtMs - Math.min(issued.ttlMs * RENEWAL.share, RENEWAL.mostMs);
  }

  isUsable(): boolean {
    return performance.now() < this.unusableAfterMs;
  }
}

/** Calls authorize and dates the token from before the call, so that a slow answer does not lengthen its life. */
export async function requestToken(authorize: Authorize): Promise<CallResult<AccessToken>> {
  const requestedAtMs = performance.now();
  const issued = await authorize();
  return issued.kind === 'done' ? { kind: 'done', value: new AccessToken(issued.value, requestedAtMs) } : issued;
}
