/** The work that has begun and not ended, for a shutdown to wait for. */
export class InFlight {
  readonly #pending = new Set<Promise<unknown>>();

  /** How many pieces of work are pending. */
  get size(): number {
    return this.#pending.size;
  }

  /** Adds work until it ends. Returns it, so that whoever awaits it gets its result or its error. */
  add<T>(work: Promise<T>): Promise<T> {
    const ending: Promise<T> = work.finally(() => this.#pending.delete(ending));
    this.#pending.add(ending);
    return ending;
  }

  /** Resolves when the first of the pending pieces of work ends. Never rejects. */
  async whenOneEnds(): Promise<void> {
    await Promise.race(this.#pending).catch(() => undefined);
  }

  /** Resolves once no work is pending, including work that is added meanwhile. Never rejects. */
  async whenIdle(): Promise<void> {
    while (this.#pending.size > 0) await Promise.allSettled(this.#pending);
  }
}
