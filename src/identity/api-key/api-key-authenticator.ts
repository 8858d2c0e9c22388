import type { ApiClient } from '../../domain/api-client.js';
import type { ApiKey, ApiKeyStore } from '../../store/contracts/api-key-store.js';
import { isSecretOf, partsOf } from './api-keys.js';
import { tokenIn } from '../bearer.js';
import type { AuthenticationResult, Authenticator, AuthenticationFailure } from '../authenticator.js';

/** For how long a key that was read is known: so long a revoked one may go on. */
const MAX_AGE_MS = 5_000;

const MAX_KEYS = 10_000;

interface CachedKey {
  readonly key: Promise<ApiKey | undefined>;
  readonly untilMs: number;
}

/** Callers by API keys of ours. What was read is known for a few seconds, also that there is no such key. */
export class ApiKeyAuthenticator implements Authenticator {
  /** By prefix, those first that were read first. */
  readonly #known = new Map<string, CachedKey>();

  constructor(
    private readonly store: Pick<ApiKeyStore, 'find'>,
    private readonly knownForMs = MAX_AGE_MS,
  ) {}

  async authenticate(authorization: string | undefined): Promise<AuthenticationResult> {
    const shown = tokenIn(authorization);
    if ('reason' in shown) return { kind: 'refused', reason: shown.reason };
    const parts = partsOf(shown.token);
    if (parts === undefined) return { kind: 'refused', reason: 'malformed' };
    try {
      return identified(parts.secret, await this.#find(parts.prefix));
    } catch {
      return { kind: 'unavailable' };
    }
  }

  /** A caller who showed something else is not known here any more. */
  async isCurrent({ apiKey, expiresAt }: ApiClient): Promise<boolean> {
    if (apiKey === undefined) return false;
    try {
      const key = await this.#find(apiKey);
      return key !== undefined && endOf(key) === undefined;
    } catch {
      return expiresAt === undefined || expiresAt > new Date();
    }
  }

  /** Whoever asks for the same key at the same time waits for the same read. */
  #find(prefix: string): Promise<ApiKey | undefined> {
    const known = this.#known.get(prefix);
    if (known !== undefined && performance.now() < known.untilMs) return known.key;
    const key = this.store.find(prefix);
    this.#remember(prefix, { key, untilMs: performance.now() + this.knownForMs });
    return key;
  }

  #remember(prefix: string, known: CachedKey): void {
    this.#known.delete(prefix);
    this.#known.set(prefix, known);
    const [oldest] = this.#known.keys();
    if (this.#known.size > MAX_KEYS && oldest !== undefined) this.#known.delete(oldest);
    known.key.catch(() => {
      if (this.#known.get(prefix) === known) this.#known.delete(prefix);
    });
  }
}

function identified(secret: string, key: ApiKey | undefined): AuthenticationResult {
  if (!isSecretOf(secret, key?.hash) || key === undefined) return { kind: 'refused', reason: 'unknown_key' };
  const end = endOf(key);
  if (end !== undefined) return { kind: 'refused', reason: end };
  const { clientId: id, scopes, expiresAt, prefix: apiKey } = key;
  return { kind: 'known', client: { id, scopes, expiresAt, apiKey } };
}

/** Why a key holds no more. */
function endOf({ revokedAt, expiresAt }: ApiKey): AuthenticationFailure | undefined {
  if (revokedAt !== undefined) return 'revoked';
  return expiresAt !== undefined && expiresAt <= new Date() ? 'expired' : undefined;
}
