import { createRemoteJWKSet, customFetch, errors } from 'jose';
import type { JWTVerifyGetKey } from 'jose';
import type { Logger } from '../../lib/logger.js';

const TIMEOUT_MS = 5_000;

/** A key set has a few keys of about a kilobyte each. */
const MAX_BYTES = 256_000;

/** How old the keys have to be for a token that names another one to have them fetched: anybody can make up names of keys. */
const COOL_DOWN_MS = 5_000;

/** No two fetches begin within this time, whatever became of the first. */
const PAUSE_MS = 1_000;

/** When the keys are fetched anew while the old ones are in use, so that one that was withdrawn is taken no longer. */
const REFRESH_AFTER_MS = 600_000;

/** The keys cannot be had, so that nothing can be said of a token. */
export class KeysUnavailableError extends Error {
  override readonly name = 'KeysUnavailable';
}

/** The public keys of an identity provider, fetched by one request at a time and kept; for as long as it is down, too. */
export class JwksClient {
  readonly #keys;
  #askedMs = -Infinity;
  #failing = false;
  #generation = 0;

  constructor(
    url: string,
    private readonly log: Pick<Logger, 'info' | 'warn'>,
    coolDownMs = COOL_DOWN_MS,
  ) {
    this.#keys = createRemoteJWKSet(new URL(url), {
      timeoutDuration: TIMEOUT_MS,
      cooldownDuration: coolDownMs,
      // jose would not use keys beyond that age while it cannot have others.
      cacheMaxAge: Infinity,
      [customFetch]: (address, options) => this.#fetch(address, options),
    });
  }

  /** Counts the key sets that were fetched: what was found by one says nothing of the next. */
  get generation(): number {
    return this.#generation;
  }

  /** For `jwtVerify`. Rejects with `KeysUnavailable`, or with jose's error for a token of no key that is there. */
  readonly find: JWTVerifyGetKey = async (header, token) => {
    if (performance.now() - this.#askedMs > REFRESH_AFTER_MS && this.#keys.jwks() !== undefined) void this.#refresh();
    try {
      return await this.#keys(header, token);
    } catch (error) {
      if (error instanceof errors.JWKSNoMatchingKey || error instanceof errors.JWKSMultipleMatchingKeys) throw error;
      throw this.#unavailable(error);
    }
  };

  async #refresh(): Promise<void> {
    await this.#keys.reload().catch((error: unknown) => this.#unavailable(error));
  }

  async #fetch(url: string, options: RequestInit): Promise<Response> {
    if (performance.now() - this.#askedMs < PAUSE_MS) throw new KeysUnavailableError('asked a moment ago');
    this.#askedMs = performance.now();
    // jose follows no redirect.
    const answer = await fetch(url, options);
    if (answer.status !== 200) {
      await answer.body?.cancel();
      throw new Error(`status ${answer.status}`);
    }
    const keys = keySetOf(await textOf(answer));
    if (this.#failing) this.log.info('the keys of the identity provider are there again');
    this.#failing = false;
    this.#generation += 1;
    return Response.json(keys);
  }

  #unavailable(error: unknown): KeysUnavailableError {
    if (error instanceof KeysUnavailableError) return error;
    if (!this.#failing)
      this.log.warn(
        { code: 'IDENTITY_UNAVAILABLE', problem: problemOf(error) },
        'the keys of the identity provider cannot be had',
      );
    this.#failing = true;
    return new KeysUnavailableError('the keys cannot be had');
  }
}

async function textOf({ body }: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of (body ?? []) as AsyncIterable<Uint8Array>) {
    bytes += chunk.length;
    if (bytes > MAX_BYTES) throw new Error('the answer is too large');
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
  throw new Error('the answer is no key set');
}

function problemOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown';
  const { code } = (error.cause ?? {}) as { code?: unknown };
  return typeof code === 'string' ? `${error.message}: ${code}` : error.message;
}
