import type { ApiClient } from '../domain/api-client.js';

/** How often API keys are checked again. */
const RECHECK_MS = 30_000;
/** The longest delay of a timer in Node. */
const MAX_INTERVAL_MS = 2 ** 31 - 1;

/** Calls `onExpired` when the client's credentials expire or are revoked; returns a function that stops watching. */
export function onCredentialsExpired(
  { expiresAt, apiKey }: ApiClient,
  isCurrent: () => Promise<boolean>,
  onExpired: () => void,
): () => void {
  const stopTimer = expiresAt === undefined ? undefined : callAt(expiresAt.getTime(), onExpired);
  const stopWatching = apiKey === undefined ? undefined : keys.add(apiKey, { isCurrent, onExpired });
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

interface Watcher {
  readonly isCurrent: () => Promise<boolean>;
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
