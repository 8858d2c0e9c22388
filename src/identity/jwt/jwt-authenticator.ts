import { errors, jwtVerify } from 'jose';
import type { JWTPayload } from 'jose';
import { SCOPES, isClientId } from '../../domain/api-client.js';
import type { ApiClient, Scope } from '../../domain/api-client.js';
import { tokenIn } from '../authenticator.js';
import type { AuthenticationResult, Authenticator, AuthenticationFailure } from '../authenticator.js';
import { KeysUnavailableError } from './jwks-client.js';
import type { JwksClient } from './jwks-client.js';
import { TokenCache } from './token-cache.js';

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
      const result = this.#toResult(await this.#verified(credentials.token));
      if (result.kind === 'known') this.#tokens.add(credentials.token, generation, result.client);
      return result;
    } catch (error) {
      if (error instanceof KeysUnavailableError) return { kind: 'unavailable' };
      return { kind: 'rejected', reason: reasonOf(error) };
    }
  }

  /**
   * Tokens are not revoked, so only their expiry counts. Clients that other authenticators identified are not current
   * here.
   */
  isCurrent({ expiresAt, apiKey }: ApiClient): Promise<boolean> {
    return Promise.resolve(apiKey === undefined && expiresAt !== undefined && expiresAt > new Date());
  }

  async #verified(token: string): Promise<JWTPayload> {
    const { issuer, audience, algorithms, clockToleranceMs } = this.settings;
    const { payload } = await jwtVerify(token, this.keys.find, {
      issuer,
      audience,
      algorithms: [...algorithms],
      clockTolerance: clockToleranceMs / 1_000,
      requiredClaims: ['exp'],
    });
    return payload;
  }

  #toResult(claims: JWTPayload): AuthenticationResult {
    const id = claims[this.settings.clientIdClaim];
    if (!isClientId(id)) return { kind: 'rejected', reason: 'bad_claims' };
    const expiresAt = this.#expiryOf(claims);
    // jose compares whole seconds.
    if (expiresAt <= new Date()) return { kind: 'rejected', reason: 'expired' };
    const scopes = scopesIn(claims[this.settings.scopesClaim]);
    return { kind: 'known', client: { id, scopes, expiresAt, apiKey: undefined } };
  }

  #expiryOf({ exp = 0 }: JWTPayload): Date {
    return new Date(Math.min(exp * 1_000 + this.settings.clockToleranceMs, END_OF_TIME_MS));
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
