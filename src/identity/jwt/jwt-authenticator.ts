import { errors, jwtVerify } from 'jose';
import type { JWTPayload } from 'jose';
import { SCOPES, isClientId } from '../../domain/api-client.js';
import type { ApiClient, Scope } from '../../domain/api-client.js';
import { tokenIn } from '../bearer.js';
import type { AuthenticationResult, Authenticator, AuthenticationFailure } from '../authenticator.js';
import { KeysUnavailableError } from './jwks-client.js';
import type { JwksClient } from './jwks-client.js';
import { TokenCache } from './token-cache.js';

export interface JwtSettings {
  readonly issuer: string;
  readonly audience: string;
  readonly algorithms: readonly string[];
  readonly clockToleranceMs: number;
  /** The claim that is the id of the caller. */
  readonly clientIdClaim: string;
  readonly scopesClaim: string;
}

/** The last moment that there is. */
const END_OF_TIME_MS = 8_640_000_000_000_000;

/** Callers by the access tokens of an identity provider. */
export class JwtAuthenticator implements Authenticator {
  readonly #tokens = new TokenCache();

  constructor(
    private readonly settings: JwtSettings,
    private readonly keys: Pick<JwksClient, 'find' | 'generation'>,
  ) {}

  async authenticate(authorization: string | undefined): Promise<AuthenticationResult> {
    const shown = tokenIn(authorization);
    if ('reason' in shown) return { kind: 'refused', reason: shown.reason };
    const { generation } = this.keys;
    const client = this.#tokens.find(shown.token, generation);
    if (client !== undefined) return { kind: 'known', client };
    try {
      const identified = this.#known(await this.#verified(shown.token));
      if (identified.kind === 'known') this.#tokens.add(shown.token, generation, identified.client);
      return identified;
    } catch (error) {
      if (error instanceof KeysUnavailableError) return { kind: 'unavailable' };
      return { kind: 'refused', reason: reasonOf(error) };
    }
  }

  /** Tokens are not revoked. One of a caller who showed something else holds here no more. */
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

  #known(claims: JWTPayload): AuthenticationResult {
    const id = claims[this.settings.clientIdClaim];
    if (!isClientId(id)) return { kind: 'refused', reason: 'bad_claims' };
    const expiresAt = this.#expiryOf(claims);
    // jose counts whole seconds.
    if (expiresAt <= new Date()) return { kind: 'refused', reason: 'expired' };
    const scopes = scopesIn(claims[this.settings.scopesClaim]);
    return { kind: 'known', client: { id, scopes, expiresAt, apiKey: undefined } };
  }

  #expiryOf({ exp = 0 }: JWTPayload): Date {
    return new Date(Math.min(exp * 1_000 + this.settings.clockToleranceMs, END_OF_TIME_MS));
  }
}

/** A text of words, as OAuth has it, or a list of them. Those that mean nothing here are for others. */
function scopesIn(claim: unknown): readonly Scope[] {
  const words: readonly unknown[] = typeof claim === 'string' ? claim.split(' ') : Array.isArray(claim) ? claim : [];
  return SCOPES.filter((scope) => words.includes(scope));
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
