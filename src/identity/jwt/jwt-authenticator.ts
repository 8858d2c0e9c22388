import { createHash } from 'node:crypto';
import { errors, jwtVerify } from 'jose';
import { SCOPES, isClientId } from '../../domain/api-client.js';
import type { ApiClient, Scope } from '../../domain/api-client.js';
import { BoundedCache } from '../../lib/bounded-cache.js';
import { tokenIn } from '../authenticator.js';
import type { AuthenticationFailure, AuthenticationResult, Authenticator } from '../authenticator.js';
import { KeysUnavailableError } from './jwks-client.js';
import type { JwksClient } from './jwks-client.js';

/** How access tokens are verified and read. */
export interface JwtSettings {
  /** Required value of `iss`. */
  readonly issuer: string;
  /** Required value of `aud`. */
  readonly audience: string;
  /** Accepted signature algorithms. */
  readonly algorithms: readonly string[];
  /** Tolerated difference of clocks, for `exp` and `nbf`. */
  readonly clockToleranceMs: number;
  /** Claim with the id of the client. */
  readonly clientIdClaim: string;
  /** Claim with the scopes: space-separated, or a list. */
  readonly scopesClaim: string;
}

/** The latest time of a JavaScript Date. */
const END_OF_TIME_MS = 8_640_000_000_000_000;

/** Authenticates clients by access tokens of an identity provider. */
export class JwtAuthenticator implements Authenticator {
  readonly #tokens = new TokenCache();

  constructor(
    private readonly settings: JwtSettings,
    private readonly keys: Pick<JwksClient, 'find' | 'generation'>,
  ) {}

  async authenticate(authorization: string | undefined): Promise<AuthenticationResult> {
    const credentials = tokenIn(authorization);
    if ('reason' in credentials) return { kind: 'rejected', reason: credentials.reason };
    const { generation } = this.keys;
    const client = this.#tokens.find(credentials.token, generation);
    if (client !== undefined) return { kind: 'known', client };
    try {
      const result = await this.#verify(credentials.token);
      if (result.kind === 'known') this.#tokens.add(credentials.token, generation, result.client);
      return result;
    } catch (error) {
      if (error instanceof KeysUnavailableError) return { kind: 'unavailable' };
      return { kind: 'rejected', reason: reasonOf(error) };
    }
  }

  /** Tokens cannot be revoked, so only their expiry counts. Clients of other authenticators are not current here. */
  isCurrent({ expiresAt, apiKey }: ApiClient): Promise<boolean> {
    return Promise.resolve(apiKey === undefined && expiresAt !== undefined && expiresAt > new Date());
  }

  async #verify(token: string): Promise<AuthenticationResult> {
    const { issuer, audience, algorithms, clockToleranceMs, clientIdClaim, scopesClaim } = this.settings;
    const { payload: claims } = await jwtVerify(token, this.keys.find, {
      issuer,
      audience,
      algorithms: [...algorithms],
      clockTolerance: clockToleranceMs / 1_000,
      requiredClaims: ['exp'],
    });
    const id = claims[clientIdClaim];
    if (!isClientId(id)) return { kind: 'rejected', reason: 'bad_claims' };
    const expiresAt = new Date(Math.min((claims.exp ?? 0) * 1_000 + clockToleranceMs, END_OF_TIME_MS));
    // jose compares whole seconds.
    if (expiresAt <= new Date()) return { kind: 'rejected', reason: 'expired' };
    return { kind: 'known', client: { id, scopes: scopesIn(claims[scopesClaim]), expiresAt, apiKey: undefined } };
  }
}

/** Accepts a space-separated text, as in OAuth, or a list. Unknown scopes are ignored: they are for other services. */
function scopesIn(claim: unknown): readonly Scope[] {
  const names: readonly unknown[] = typeof claim === 'string' ? claim.split(' ') : Array.isArray(claim) ? claim : [];
  return SCOPES.filter((scope) => names.includes(scope));
}

const CLAIM_REASONS: Readonly<Record<string, AuthenticationFailure>> = {
  iss: 'wrong_issuer',
  aud: 'wrong_audience',
  nbf: 'not_yet_valid',
};

function reasonOf(error: unknown): AuthenticationFailure {
  if (error instanceof errors.JWTExpired) return 'expired';
  if (error instanceof errors.JWTClaimValidationFailed) return CLAIM_REASONS[error.claim] ?? 'bad_claims';
  if (error instanceof errors.JOSEAlgNotAllowed) return 'algorithm_not_allowed';
  if (error instanceof errors.JWSSignatureVerificationFailed) return 'bad_signature';
  if (error instanceof errors.JWKSNoMatchingKey || error instanceof errors.JWKSMultipleMatchingKeys)
    return 'bad_signature';
  return 'malformed';
}

/** Clients repeat the same token, and verifying its signature costs half as much as the rest of a request. */
const MAX_AGE_MS = 60_000;
const MAX_TOKENS = 10_000;

/** Caches the clients of recently verified tokens, per generation of keys. Holds digests, not the tokens themselves. */
export class TokenCache {
  /** By digest. */
  readonly #known = new BoundedCache<string, { client: ApiClient; generation: number; untilMs: number }>(MAX_TOKENS);

  /** Returns undefined for a token that has to be verified. */
  find(token: string, generation: number): ApiClient | undefined {
    const known = this.#known.get(digestOf(token));
    return known?.generation === generation && Date.now() < known.untilMs ? known.client : undefined;
  }

  /** Caches a verified token for `MAX_AGE_MS`, at most until it expires. */
  add(token: string, generation: number, client: ApiClient): void {
    const untilMs = Math.min(Date.now() + MAX_AGE_MS, client.expiresAt?.getTime() ?? Infinity);
    this.#known.set(digestOf(token), { client, generation, untilMs });
  }
}

function digestOf(token: string): string {
  return createHash('sha256').update(token).digest('base64');
}
