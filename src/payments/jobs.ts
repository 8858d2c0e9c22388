import { StoreUnavailableError } from '../domain/store-unavailable.js';

/** What no call does: jobs that every replica does again and again, at times of its own. */
export class Jobs {
  readonly #loops: Loop[] = [];

  /** `onFault`: told of an error that should not be; the job goes on with its next batch. Must not throw. */
  constructor(private readonly onFault: (error: unknown) => void) {}

  /**
   * Does batches until one finds nothing to do, then waits about so long; not all replicas at the same time. Gives a function that
   * ends the wait, or the next one if there is none: there is something to do.
   */
  every(ms: number, batch: () => Promise<number>): () => void {
    const loop = new Loop(ms, batch, this.onFault);
    this.#loops.push(loop);
    return () => loop.wake();
  }

  /** Resolves when nothing of it runs any more. */
  async end(): Promise<void> {
    await Promise.all(this.#loops.map((loop) => loop.end()));
  }
}

class Loop {
  readonly #ended: Promise<void>;
  #isStopping = false;
  #isWoken = false;
  #endPause: () => void = () => undefined;

  constructor(
    private readonly ms: number,
    private readonly batch: () => Promise<number>,
    private readonly onFault: (error: unknown) => void,
  ) {
    this.#ended = this.#run();
  }

  wake(): void {
    this.#isWoken = true;
    this.#endPause();
  }

  end(): Promise<void> {
    this.#isStopping = true;
    this.wake();
    return this.#ended;
  }

  async #run(): Promise<void> {
    while (!this.#stopped()) {
      this.#isWoken = false;
      try {
        while ((await this.batch()) > 0 && !this.#stopped()) continue;
      } catch (error) {
        // The store tells of its failures itself.
        if (!(error instanceof StoreUnavailableError)) this.onFault(error);
      }
      await this.#pause(this.ms * (0.5 + Math.random()));
    }
  }

  #stopped(): boolean {
    return this.#isStopping;
  }

  async #pause(ms: number): Promise<void> {
    if (this.#isWoken) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms).unref();
      this.#endPause = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}
