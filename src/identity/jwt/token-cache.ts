import { createHash } from 'node:crypto';
import type { ApiClient } from '../../domain/api-client.js';

/** A token is sent with every request of its life, and a signature costs half as much as the rest of a request. */
const MAX_AGE_MS = 60_000;

const MAX_TOKENS = 10_000;

interface CachedToken {
  readonly client: ApiClient;
  readonly generation: number;
  readonly untilMs: number;
}

/** Callers by tokens that were found valid a short time ago, by keys of the same generation. Only digests of the tokens are kept. */
export class TokenCache {
  /** Those first that were found first. */
  readonly #known = new Map<string, CachedToken>();

  /** Undefined for a token that has to be checked. */
  find(token: string, generation: number): ApiClient | undefined {
    const known = this.#known.get(digestOf(token));
    return known?.generation === generation && Date.now() < known.untilMs ? known.client : undefined;
  }

  add(token: string, generation: number, client: ApiClient): void {
    const digest = digestOf(token);
    this.#known.delete(digest);
    const untilMs = Math.min(Date.now() + MAX_AGE_MS, client.expiresAt?.getTime() ?? Infinity);
    this.#known.set(digest, { client, generation, untilMs });
    const [oldest] = this.#known.keys();
    if (this.#known.size > MAX_TOKENS && oldest !== undefined) this.#known.delete(oldest);
  }
}

function digestOf(token: string): string {
  return createHash('sha256').update(token).digest('base64');
}
