import { StoreUnavailableError } from '../domain/store-unavailable.js';
import { WakeSignal } from '../lib/wake-signal.js';

/** Background jobs, run periodically and independently on every replica. */
export class Jobs {
  readonly #signals: WakeSignal[] = [];
  readonly #loops: Promise<void>[] = [];

  /** `onError`: called with every unexpected error; the job then continues with its next batch. Must not throw. */
  constructor(private readonly onError: (error: unknown) => void) {}

  /**
   * Starts a job: runs batches until one finds nothing to do, then waits for `ms` milliseconds ±50 %, so that replicas
   * do not run at the same time. `batch` resolves to the number of items that it processed. Returns a function that
   * wakes the job, because there is something to do; called while a batch runs, it skips the next wait.
   */
  every(ms: number, batch: () => Promise<number>): () => void {
    const signal = new WakeSignal();
    this.#signals.push(signal);
    this.#loops.push(this.#run(ms, batch, signal));
    return () => signal.notify();
  }

  /** Stops all jobs. Resolves when their current batches have ended. */
  async end(): Promise<void> {
    for (const signal of this.#signals) signal.close();
    await Promise.all(this.#loops);
  }

  async #run(ms: number, batch: () => Promise<number>, signal: WakeSignal): Promise<void> {
    while (!signal.isClosed()) {
      try {
        while ((await batch()) > 0 && !signal.isClosed()) continue;
      } catch (error) {
        // The store logs its own failures.
        if (!(error instanceof StoreUnavailableError)) this.onError(error);
      }
      await signal.wait(ms * (0.5 + Math.random()));
    }
  }
}
