import type { Sensitive } from '../../domain/sensitive.js';
import type { ProviderResult } from '../../domain/provider-result.js';

/**
 * The response of /authorize: an opaque token and its validity in milliseconds, counted from when the call was made.
 */
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

  constructor(issued: IssuedToken, requestedAtMs: number) {
    this.value = issued.accessToken;
    const expiresAtMs = requestedAtMs + issued.ttlMs;
    this.unusableAfterMs = expiresAtMs - Math.min(issued.ttlMs * MARGIN.share, MARGIN.maxMs);
    this.renewAtMs = expiresAtMs - Math.min(issued.ttlMs * RENEWAL.share, RENEWAL.maxMs);
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
