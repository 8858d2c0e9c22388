import { createHash } from 'node:crypto';
import type { ApiClient } from '../../domain/api-client.js';
import { BoundedCache } from '../../lib/bounded-cache.js';

/**
 * Clients send the same token with every request, and verifying a signature costs half as much as the rest of a
 * request.
 */
const MAX_AGE_MS = 60_000;

const MAX_TOKENS = 10_000;

interface CachedToken {
  readonly client: ApiClient;
  readonly generation: number;
  readonly untilMs: number;
}

/** Caches the clients of recently verified tokens, per generation of keys. Holds digests, not the tokens themselves. */
export class TokenCache {
  /** By digest. */
  readonly #known = new BoundedCache<string, CachedToken>(MAX_TOKENS);

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
