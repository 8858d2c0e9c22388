import { setTimeout as sleep } from 'node:timers/promises';
import { StoreUnavailable } from '../domain/store-unavailable.js';
import type { AttemptStore, RetentionStore } from '../store/store.js';

const DAY_MS = 24 * 3_600_000;
const RETENTION_EVERY_MS = 60_000;

interface Settings {
  readonly leaseMs: number;
  readonly keyRetentionDays: number;
  readonly personalDataRetentionDays: number;
}

/**
 * What no call does: ends what dead replicas left, and removes what is kept long enough. Every replica does it at times of its
 * own; what one has done the others do not find any more.
 */
export class Housekeeping {
  readonly #stop = new AbortController();
  readonly #jobs: readonly Promise<void>[];

  constructor(attempts: Pick<AttemptStore, 'buryDead'>, retention: RetentionStore, settings: Settings) {
    const before = (days: number): Date => new Date(Date.now() - days * DAY_MS);
    this.#jobs = [
      this.#every(settings.leaseMs / 4, () => attempts.buryDead()),
      this.#every(RETENTION_EVERY_MS, () => retention.removeReleased(before(1))),
      this.#every(RETENTION_EVERY_MS, () => retention.removeKeys(before(settings.keyRetentionDays))),
      this.#every(RETENTION_EVERY_MS, () => retention.erasePersonalData(before(settings.personalDataRetentionDays))),
    ];
  }

  /** Resolves when nothing of it runs any more. */
  async end(): Promise<void> {
    this.#stop.abort();
    await Promise.all(this.#jobs);
  }

  /** Does batches until there is nothing left, then waits; not all replicas at the same time. */
  async #every(ms: number, batch: () => Promise<number>): Promise<void> {
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
