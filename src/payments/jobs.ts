import { setTimeout as sleep } from 'node:timers/promises';
import { StoreUnavailable } from '../domain/store-unavailable.js';

/** What no call does: jobs that every replica does again and again, at times of its own. */
export class Jobs {
  readonly #stop = new AbortController();
  readonly #running: Promise<void>[] = [];

  /** Does batches until one finds nothing to do, then waits about so long; not all replicas at the same time. */
  every(ms: number, batch: () => Promise<number>): void {
    this.#running.push(this.#repeat(ms, batch));
  }

  /** Resolves when nothing of it runs any more. */
  async end(): Promise<void> {
    this.#stop.abort();
    await Promise.all(this.#running);
  }

  async #repeat(ms: number, batch: () => Promise<number>): Promise<void> {
    while (!this.#stopped()) {
      try {
        while ((await batch()) > 0 && !this.#stopped()) continue;
      } catch (error) {
        // The store tells of its failures itself.
        if (!(error instanceof StoreUnavailable)) throw error;
      }
      await this.#pause(ms * (0.5 + Math.random()));
    }
  }

  #stopped(): boolean {
    return this.#stop.signal.aborted;
  }

  async #pause(ms: number): Promise<void> {
    try {
      await sleep(ms, undefined, { signal: this.#stop.signal, ref: false });
    } catch {
      // Told to end.
    }
  }
}
