const WINDOW_SECONDS = 10;

/** Measures the recent rate of something: a count for each of the last ten seconds. */
export class RateMeter {
  readonly #counts = new Array<number>(WINDOW_SECONDS).fill(0);
  #second = this.#now();

  /** Counts one occurrence. */
  count(): void {
    this.#advance();
    const slot = this.#second % WINDOW_SECONDS;
    this.#counts[slot] = (this.#counts[slot] ?? 0) + 1;
  }

  /** Count of the busiest of the last ten seconds. A burst thus counts in full, not as its average. */
  perSecond(): number {
    this.#advance();
    return Math.max(...this.#counts);
  }

  #advance(): void {
    const now = this.#now();
    for (let second = Math.max(this.#second, now - WINDOW_SECONDS) + 1; second <= now; second++)
      this.#counts[second % WINDOW_SECONDS] = 0;
    this.#second = now;
  }

  #now(): number {
    return Math.floor(performance.now() / 1000);
  }
}
