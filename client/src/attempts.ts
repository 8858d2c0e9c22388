import { delayBeforeRepeat } from './repeat.js';
import type { Outcome, RepeatBounds } from './repeat.js';

/** The attempts of one call by the application. */
export class Attempts {
  readonly #startedMs = performance.now();
  #count = 0;

  constructor(private readonly bounds: RepeatBounds) {}

  /**
   * Counts an attempt with this outcome. Returns the milliseconds to wait before the next one, or undefined if there is
   * none.
   */
  delayAfter(outcome: Outcome): number | undefined {
    this.#count += 1;
    const progress = { attempts: this.#count, elapsedMs: performance.now() - this.#startedMs };
    return delayBeforeRepeat(outcome, progress, this.bounds, Math.random());
  }
}
