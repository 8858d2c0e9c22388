import { setTimeout as sleep } from 'node:timers/promises';
import { rethrowUnlessUnavailable } from '../../domain/store-unavailable.js';
import { backoffMs } from '../../lib/backoff.js';
import { InFlight } from '../../lib/in-flight.js';

const BACKOFF = { initialMs: 100, maxMs: 2_000 };

/** Writes that failed because the store was unavailable, repeated until they succeed. Each must be safe to repeat. */
export class DeferredWrites {
  readonly #inFlight = new InFlight();

  /** Runs `write` in the background until it succeeds. */
  add(write: () => Promise<unknown>): void {
    void this.#inFlight.add(repeat(write));
  }

  /** Resolves when no write is pending. */
  whenIdle(): Promise<void> {
    return this.#inFlight.whenIdle();
  }
}

async function repeat(write: () => Promise<unknown>): Promise<void> {
  for (let failures = 1; ; failures += 1) {
    try {
      await write();
      return;
    } catch (error) {
      rethrowUnlessUnavailable(error);
    }
    await sleep(backoffMs(BACKOFF, failures));
  }
}
