import { StoreUnavailableError } from '../domain/store-unavailable.js';
import { WakeSignal } from '../lib/wake-signal.js';

/** Background jobs, run periodically and independently on every replica. */
export class Jobs {
  readonly #loops: Loop[] = [];

  /**
   * `onError`: called with every unexpected error, after which the job continues with its next batch. Must not throw.
   */
  constructor(private readonly onError: (error: unknown) => void) {}

  /**
   * Starts a job: runs batches until one finds nothing to do, then waits for `ms` milliseconds ±50 %, so that replicas
   * do not run at the same time. `batch` resolves to the number of items that it processed. Returns a function that
   * wakes the job, because there is something to do; called while a batch runs, it skips the next wait.
   */
  every(ms: number, batch: () => Promise<number>): () => void {
    const loop = new Loop(ms, batch, this.onError);
    this.#loops.push(loop);
    return () => loop.wake();
  }

  /** Stops all jobs. Resolves when their current batches have ended. */
  async end(): Promise<void> {
    await Promise.all(this.#loops.map((loop) => loop.end()));
  }
}

class Loop {
  readonly #ended: Promise<void>;
  readonly #signal = new WakeSignal();
  #isStopping = false;

  constructor(
    private readonly ms: number,
    private readonly batch: () => Promise<number>,
    private readonly onError: (error: unknown) => void,
  ) {
    this.#ended = this.#run();
  }

  wake(): void {
    this.#signal.notify();
  }

  end(): Promise<void> {
    this.#isStopping = true;
    this.#signal.close();
    return this.#ended;
  }

  async #run(): Promise<void> {
    while (!this.#stopped()) {
      try {
        while ((await this.batch()) > 0 && !this.#stopped()) continue;
      } catch (error) {
        // The store logs its own failures.
        if (!(error instanceof StoreUnavailableError)) this.onError(error);
      }
      await this.#signal.wait(this.ms * (0.5 + Math.random()));
    }
  }

  #stopped(): boolean {
    return this.#isStopping;
  }
}
