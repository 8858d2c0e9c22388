import { setTimeout as sleep } from 'node:timers/promises';
import { StoreUnavailableError } from '../../domain/store-unavailable.js';

const BACKOFF = { initialMs: 100, maxMs: 2_000 };

/** Writes that failed because the store was unavailable, repeated until they succeed. Each must be safe to repeat. */
export class DeferredWrites {
  readonly #pending = new Set<Promise<void>>();

  /** Runs `write` in the background until it succeeds. */
  add(write: () => Promise<unknown>): void {
    const done = repeat(write).finally(() => this.#pending.delete(done));
    this.#pending.add(done);
  }

  /** Resolves when no write is pending. */
  async whenIdle(): Promise<void> {
    while (this.#pending.size > 0) await Promise.all(this.#pending);
  }
}

async function repeat(write: () => Promise<unknown>): Promise<void> {
  for (let waitMs = BACKOFF.initialMs; ; waitMs = Math.min(2 * waitMs, BACKOFF.maxMs)) {
    try {
      await write();
      return;
    } catch (error) {
      if (!(error instanceof StoreUnavailableError)) throw error;
    }
    await sleep(waitMs);
  }
}
