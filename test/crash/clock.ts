import { EventEmitter, once } from 'node:events';
import type { Fault } from './evidence.js';

/** What a disturbance leaves behind for a moment, such as a reset that has not been noticed yet. */
const AFTER_EFFECT_MS = 100;

/** Milliseconds since the start of the run. */
export class Clock {
  readonly #startedMs = performance.now();

  now(): number {
    return performance.now() - this.#startedMs;
  }
}

/** What the harness did, and when. */
export class FaultLog {
  readonly entries: Fault[] = [];

  constructor(private readonly clock: Clock) {}

  /** Notes the beginning; what it gives notes the end. */
  begin(fault: Omit<Fault, 'fromMs' | 'toMs'>): () => void {
    const index = this.entries.length;
    const entry = { ...fault, fromMs: this.clock.now(), toMs: Infinity };
    this.entries.push(entry);
    return () => (this.entries[index] = { ...entry, toMs: this.clock.now() + AFTER_EFFECT_MS });
  }
}

/** How far a run has come, for parts of it that wait for each other. */
export class Progress {
  begun = 0;
  kills = 0;
  /** Kills after which the replica is back. */
  returns = 0;
  failed = false;
  readonly #changes = new EventEmitter().setMaxListeners(0);

  note(what: 'begun' | 'kills' | 'returns'): void {
    this[what] += 1;
    this.#changes.emit('change');
  }

  /** Nothing is worth waiting for any more. */
  fail(): void {
    this.failed = true;
    this.#changes.emit('change');
  }

  /** Rejects when the run has failed, and by `patience`. */
  async until(holds: () => boolean, patience?: AbortSignal): Promise<void> {
    while (!holds()) {
      if (this.failed) throw new Error('the run has failed');
      await once(this.#changes, 'change', patience === undefined ? {} : { signal: patience });
    }
  }
}
