import { createRemoteJWKSet, customFetch, errors } from 'jose';
import type { JWTVerifyGetKey } from 'jose';
import type { Logger } from '../../lib/logger.js';

const TIMEOUT_MS = 5_000;
/** A key set has a few keys of about 1 kB each. */
const MAX_BYTES = 256_000;
/** Minimum age of the keys before an unknown key id, which anybody can invent, makes the client fetch them again. */
const COOL_DOWN_MS = 5_000;
/** Minimum interval between two fetches, whether or not the first one succeeded. */
const PAUSE_MS = 1_000;
/** Age at which the keys are refreshed in the background, so that a withdrawn key stops being accepted. */
const REFRESH_AFTER_MS = 600_000;

/** The keys cannot be fetched, so tokens can be neither accepted nor rejected. */
export class KeysUnavailableError extends Error {
  override readonly name = 'KeysUnavailableError';
}

/** Fetches the public keys of an identity provider, one request at a time. While it is unavailable, old keys stay in use. */
export class JwksClient {
  readonly #keys;
  #fetchedMs = -Infinity;
  #failing = false;
  #generation = 0;

  constructor(
    url: string,
    private readonly log: Pick<Logger, 'info' | 'warn'>,
  ) {
    this.#keys = createRemoteJWKSet(new URL(url), {
      timeoutDuration: TIMEOUT_MS,
      cooldownDuration: COOL_DOWN_MS,
      // Otherwise jose would stop using old keys while it cannot fetch new ones.
      cacheMaxAge: Infinity,
      [customFetch]: (address, options) => this.#fetch(address, options),
    });
  }

  /** Number of key sets fetched so far. A token that one set verified may fail with the next. */
  get generation(): number {
    return this.#generation;
  }

  /** Finds the key for `jwtVerify`. Rejects with `KeysUnavailableError`, or with jose's error when no key matches. */
  readonly find: JWTVerifyGetKey = async (header, token) => {
    if (performance.now() - this.#fetchedMs > REFRESH_AFTER_MS && this.#keys.jwks() !== undefined)
      void this.#keys.reload().catch((error: unknown) => this.#unavailable(error));
    try {
      return await this.#keys(header, token);
    } catch (error) {
      if (error instanceof errors.JWKSNoMatchingKey || error instanceof errors.JWKSMultipleMatchingKeys) throw error;
      throw this.#unavailable(error);
    }
  };

  async #fetch(url: string, options: RequestInit): Promise<Response> {
    if (performance.now() - this.#fetchedMs < PAUSE_MS)
      throw new KeysUnavailableError('the keys were requested a moment ago');
    this.#fetchedMs = performance.now();
    // jose requests that no redirect is followed.
    const response = await fetch(url, options);
    if (response.status !== 200) {
      await response.body?.cancel();
      throw new Error(`status ${response.status}`);
    }
    const keys = keySetOf(await textOf(response));
    if (this.#failing)
      this.log.info({ event: 'identity_provider_recovered' }, 'keys of the identity provider are available again');
    this.#failing = false;
    this.#generation += 1;
    return Response.json(keys);
  }

  #unavailable(error: unknown): KeysUnavailableError {
    if (error instanceof KeysUnavailableError) return error;
    if (!this.#failing)
      this.log.warn(
        { event: 'identity_provider_unavailable', code: 'IDENTITY_UNAVAILABLE', problem: problemOf(error) },
        'keys of the identity provider cannot be fetched',
      );
    this.#failing = true;
    return new KeysUnavailableError('the keys cannot be fetched');
  }
}

async function textOf({ body }: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of (body ?? []) as AsyncIterable<Uint8Array>) {
    bytes += chunk.length;
    if (bytes > MAX_BYTES) throw new Error('the response is too large');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}

function keySetOf(text: string): unknown {
  try {
    const keySet = JSON.parse(text) as { readonly keys?: unknown } | null;
    if (Array.isArray(keySet?.keys)) return keySet;
  } catch {
    // The error of JSON.parse quotes the text.
  }
  throw new Error('the response is not a key set');
}

function problemOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown';
  const { code } = (error.cause ?? {}) as { code?: unknown };
  return typeof code === 'string' ? `${error.message}: ${code}` : error.message;
}
