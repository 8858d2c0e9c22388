import type { ApiClient } from '../domain/api-client.js';
import { isExpired, unauthenticated } from './field-access.js';
import type { RequestContext } from './request-context.js';

/** How often API keys are checked again. */
const RECHECK_MS = 30_000;
/** The longest delay of a timer in Node. */
const MAX_INTERVAL_MS = 2 ** 31 - 1;

const DONE = { done: true, value: undefined } as const;

/**
 * Passes on the values of a source while the reader's credentials are valid. When they expire, it ends the source and
 * throws UNAUTHENTICATED: at once if a call of `next` is pending, otherwise at the next call.
 */
export class UntilCredentialsExpire<T> implements AsyncIterableIterator<T, void, void> {
  readonly #expired: Promise<void>;
  readonly #stopWatching: () => void;
  #isDone = false;

  constructor(
    private readonly source: AsyncIterableIterator<T, void, void>,
    private readonly reader: Pick<RequestContext, 'client' | 'isClientCurrent'>,
  ) {
    let onExpired: () => void = () => undefined;
    this.#expired = new Promise((resolve) => (onExpired = resolve));
    this.#stopWatching = onCredentialsExpired(reader.client, { isCurrent: reader.isClientCurrent, onExpired });
  }

  async next(): Promise<IteratorResult<T, void>> {
    if (this.#isDone) return DONE;
    const step = await Promise.race([this.source.next(), this.#expired]);
    if (step?.done === true) return this.return();
    if (step !== undefined && (await this.#isCurrent())) return step;
    await this.return();
    throw unauthenticated('Subscribe again.');
  }

  /** Ends the source, also while a call of `next` is pending. */
  async return(): Promise<IteratorResult<T, void>> {
    this.#isDone = true;
    this.#stopWatching();
    await this.source.return?.();
    return DONE;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async #isCurrent(): Promise<boolean> {
    const { client, isClientCurrent } = this.reader;
    return !isExpired(client) && (await isClientCurrent());
  }
}

interface Watcher {
  readonly isCurrent: () => Promise<boolean>;
  /** Called when the credentials expire or are revoked. */
  readonly onExpired: () => void;
}

/** Returns a function that stops watching. */
function onCredentialsExpired({ expiresAt, apiKey }: ApiClient, watcher: Watcher): () => void {
  const stopTimer = expiresAt && callAt(expiresAt.getTime(), watcher.onExpired);
  const stopWatching = apiKey === undefined ? undefined : keys.add(apiKey, watcher);
  return () => {
    stopTimer?.();
    stopWatching?.();
  };
}

function callAt(atMs: number, call: () => void): () => void {
  let timer: NodeJS.Timeout | undefined;
  const wait = (): void => {
    const ms = atMs - Date.now();
    if (ms <= 0) call();
    else timer = setTimeout(wait, Math.min(ms, MAX_INTERVAL_MS)).unref();
  };
  wait();
  return () => clearTimeout(timer);
}

/** Checks each key once per interval, however many subscriptions watch it. */
class KeyWatch {
  readonly #watchers = new Map<string, Set<Watcher>>();
  #timer: NodeJS.Timeout | undefined;

  add(key: string, watcher: Watcher): () => void {
    const watchers = this.#watchers.get(key) ?? new Set();
    this.#watchers.set(key, watchers.add(watcher));
    this.#timer ??= setInterval(() => void this.#recheck(), RECHECK_MS).unref();
    return () => {
      if (watchers.delete(watcher) && watchers.size === 0) this.#forget(key);
    };
  }

  async #recheck(): Promise<void> {
    for (const watchers of [...this.#watchers.values()]) {
      const [first] = watchers;
      if (first === undefined || (await first.isCurrent())) continue;
      for (const { onExpired } of [...watchers]) onExpired();
    }
  }

  #forget(key: string): void {
    this.#watchers.delete(key);
    if (this.#watchers.size > 0) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
  }
}

const keys = new KeyWatch();
