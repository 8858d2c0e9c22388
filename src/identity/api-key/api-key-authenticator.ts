import type { ApiClient } from '../../domain/api-client.js';
import { BoundedCache } from '../../lib/bounded-cache.js';
import type { ApiKey, ApiKeyStore } from '../../store/contracts/api-key-store.js';
import { isSecretOf, partsOf } from './api-keys.js';
import { tokenIn } from '../authenticator.js';
import type { AuthenticationResult, Authenticator, AuthenticationFailure } from '../authenticator.js';

/** How long a stored key is cached, and hence how long a revoked key may still be accepted. */
const MAX_AGE_MS = 5_000;
const MAX_KEYS = 10_000;

interface CachedKey {
  readonly key: Promise<ApiKey | undefined>;
  readonly untilMs: number;
}

/** Authenticates clients by API keys of this gateway. Caches what the store returned, also that a key does not exist. */
export class ApiKeyAuthenticator implements Authenticator {
  /** By prefix. */
  readonly #known = new BoundedCache<string, CachedKey>(MAX_KEYS);

  constructor(
    private readonly store: Pick<ApiKeyStore, 'find'>,
    private readonly knownForMs = MAX_AGE_MS,
  ) {}

  async authenticate(authorization: string | undefined): Promise<AuthenticationResult> {
    const credentials = tokenIn(authorization);
    if ('reason' in credentials) return { kind: 'rejected', reason: credentials.reason };
    const parts = partsOf(credentials.token);
    if (parts === undefined) return { kind: 'rejected', reason: 'malformed' };
    try {
      return toResult(parts.secret, await this.#find(parts.prefix));
    } catch {
      return { kind: 'unavailable' };
    }
  }

  /** Clients that other authenticators identified are not current here. */
  async isCurrent({ apiKey, expiresAt }: ApiClient): Promise<boolean> {
    if (apiKey === undefined) return false;
    try {
      const key = await this.#find(apiKey);
      return key !== undefined && failureOf(key) === undefined;
    } catch {
      return expiresAt === undefined || expiresAt > new Date();
    }
  }

  /** Concurrent calls for one key share one read. */
  #find(prefix: string): Promise<ApiKey | undefined> {
    const known = this.#known.get(prefix);
    if (known !== undefined && performance.now() < known.untilMs) return known.key;
    const key = this.store.find(prefix);
    const read: CachedKey = { key, untilMs: performance.now() + this.knownForMs };
    this.#known.set(prefix, read);
    key.catch(() => this.#known.remove(prefix, read));
    return key;
  }
}

function toResult(secret: string, key: ApiKey | undefined): AuthenticationResult {
  if (!isSecretOf(secret, key?.hash) || key === undefined) return { kind: 'rejected', reason: 'unknown_key' };
  const rejection = failureOf(key);
  if (rejection !== undefined) return { kind: 'rejected', reason: rejection };
  const { clientId: id, scopes, expiresAt, prefix: apiKey } = key;
  return { kind: 'known', client: { id, scopes, expiresAt, apiKey } };
}

/** Why a stored key is no longer valid; undefined when it is. */
export function failureOf({ revokedAt, expiresAt }: ApiKey): AuthenticationFailure | undefined {
  if (revokedAt !== undefined) return 'revoked';
  return expiresAt !== undefined && expiresAt <= new Date() ? 'expired' : undefined;
}
