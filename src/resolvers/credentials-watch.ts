import type { ApiClient } from '../domain/api-client.js';

/** How often it is asked whether an API key still holds. */
const RECHECK_MS = 30_000;
/** What Node can wait for at once. */
const MAX_INTERVAL_MS = 2 ** 31 - 1;

/** Calls `onOver` when what a caller showed has run out or was revoked; gives what stops the watch. */
export function onCredentialsExpired(
  { expiresAt, apiKey }: ApiClient,
  isCurrent: () => Promise<boolean>,
  onOver: () => void,
): () => void {
  const stopTimer = expiresAt === undefined ? undefined : callAt(expiresAt.getTime(), onOver);
  const stopAsking = apiKey === undefined ? undefined : keys.add(apiKey, { isCurrent, onOver });
  return () => {
    stopTimer?.();
    stopAsking?.();
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
  readonly onOver: () => void;
}

/** Asks for each key once, however many watch it. */
class KeyWatch {
  readonly #watchers = new Map<string, Set<Watcher>>();
  #timer: NodeJS.Timeout | undefined;

  add(key: string, watcher: Watcher): () => void {
    const watchers = this.#watchers.get(key) ?? new Set();
    this.#watchers.set(key, watchers.add(watcher));
    this.#timer ??= setInterval(() => void this.#ask(), RECHECK_MS).unref();
    return () => {
      if (watchers.delete(watcher) && watchers.size === 0) this.#forget(key);
    };
  }

  async #ask(): Promise<void> {
    for (const watchers of [...this.#watchers.values()]) {
      const [first] = watchers;
      if (first === undefined || (await first.isCurrent())) continue;
      for (const { onOver } of [...watchers]) onOver();
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
