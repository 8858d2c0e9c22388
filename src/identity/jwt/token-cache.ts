import { createHash } from 'node:crypto';
import type { ApiClient } from '../../domain/api-client.js';

/** A token is sent with every request of its life, and a signature costs half as much as the rest of a request. */
const KNOWN_FOR_MS = 60_000;

const MOST_KNOWN = 10_000;

interface Known {
  readonly caller: ApiClient;
  readonly generation: number;
  readonly untilMs: number;
}

/** Callers by tokens that were found valid a short time ago, by keys of the same generation. Only digests of the tokens are kept. */
export class VerifiedTokens {
  /** Those first that were found first. */
  readonly #known = new Map<string, Known>();

  /** Undefined for a token that has to be checked. */
  find(token: string, generation: number): ApiClient | undefined {
    const known = this.#known.get(digestOf(token));
    return known?.generation === generation && Date.now() < known.untilMs ? known.caller : undefined;
  }

  add(token: string, generation: number, caller: ApiClient): void {
    const digest = digestOf(token);
    this.#known.delete(digest);
    const untilMs = Math.min(Date.now() + KNOWN_FOR_MS, caller.expiresAt?.getTime() ?? Infinity);
    this.#known.set(digest, { caller, generation, untilMs });
    const [oldest] = this.#known.keys();
    if (this.#known.size > MOST_KNOWN && oldest !== undefined) this.#known.delete(oldest);
  }
}

function digestOf(token: string): string {
  return createHash('sha256').update(token).digest('base64');
}
