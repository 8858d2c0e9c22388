import { setTimeout as sleep } from 'node:timers/promises';
import { StoreUnavailableError } from '../../domain/store-unavailable.js';

const BACKOFF = { firstMs: 100, mostMs: 2_000 };

/** Writes that the store did not take when they were due, repeated until it does. Each must be harmless when repeated. */
export class DeferredWrites {
  readonly #pending = new Set<Promise<void>>();

  add(write: () => Promise<unknown>): void {
    const done = repeat(write).finally(() => this.#pending.delete(done));
    this.#pending.add(done);
  }

  /** Resolves when none is left. */
  async whenIdle(): Promise<void> {
    while (this.#pending.size > 0) await Promise.all(this.#pending);
  }
}

async function repeat(write: () => Promise<unknown>): Promise<void> {
  for (let waitMs = BACKOFF.firstMs; ; waitMs = Math.min(2 * waitMs, BACKOFF.mostMs)) {
    try {
      await write();
      return;
    } catch (error) {
      if (!(error instanceof StoreUnavailableError)) throw error;
    }
    await sleep(waitMs);
  }
}
