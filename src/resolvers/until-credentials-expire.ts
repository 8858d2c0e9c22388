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
  /** Functions that stop watching the credentials. */
  readonly #stops: (() => void)[] = [];
  #isDone = false;

  constructor(
    private readonly source: AsyncIterableIterator<T, void, void>,
    private readonly reader: Pick<RequestContext, 'client' | 'isClientCurrent'>,
  ) {
    const { expiresAt, apiKey } = reader.client;
    this.#expired = new Promise((resolve) => {
      if (expiresAt !== undefined) this.#stops.push(callAt(expiresAt.getTime(), resolve));
      if (apiKey !== undefined) this.#stops.push(keys.add(apiKey, { ...reader, onExpired: resolve }));
    });
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
    this.#stops.forEach((stop) => stop());
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

interface Watcher extends Pick<RequestContext, 'isClientCurrent'> {
  readonly onExpired: () => void;
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
      if (first === undefined || (await first.isClientCurrent())) continue;
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
