import { EventEmitter, once } from 'node:events';
import type { Fault } from './evidence.js';

/** How long a fault can have effects after its end, such as a reset that a program has not noticed yet. */
const AFTER_EFFECT_MS = 100;

/** Milliseconds since the start of the run. */
export class Clock {
  readonly #startedMs = performance.now();

  now(): number {
    return performance.now() - this.#startedMs;
  }
}

/** The faults of a run with their times. */
export class FaultLog {
  readonly entries: Fault[] = [];

  constructor(private readonly clock: Clock) {}

  /** Records the beginning of a fault. Returns a function that records its end. */
  begin(fault: Omit<Fault, 'fromMs' | 'toMs'>): () => void {
    const index = this.entries.length;
    const entry = { ...fault, fromMs: this.clock.now(), toMs: Infinity };
    this.entries.push(entry);
    return () => (this.entries[index] = { ...entry, toMs: this.clock.now() + AFTER_EFFECT_MS });
  }
}

/** The progress of a run, for the parts of it that wait for each other. */
export class Progress {
  /** Payments that clients have begun. */
  started = 0;
  kills = 0;
  /** Kills after which the replica runs again. */
  restarts = 0;
  failed = false;
  readonly #changes = new EventEmitter().setMaxListeners(0);

  note(counter: 'started' | 'kills' | 'restarts'): void {
    this[counter] += 1;
    this.#changes.emit('change');
  }

  /** Rejects everything that waits. */
  fail(): void {
    this.failed = true;
    this.#changes.emit('change');
  }

  /** Waits for a condition. Rejects when the run fails or `timeout` aborts. */
  async until(holds: () => boolean, timeout?: AbortSignal): Promise<void> {
    while (!holds()) {
      if (this.failed) throw new Error('the run failed');
      await once(this.#changes, 'change', timeout === undefined ? {} : { signal: timeout });
    }
  }
}
