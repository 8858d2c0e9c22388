/** The work that has begun and not ended, for a shutdown to wait for. */
export class InFlight {
  readonly #pending = new Set<Promise<unknown>>();

  /** Adds work until it settles, and returns it. */
  add<T>(work: Promise<T>): Promise<T> {
    const settled: Promise<unknown> = work.catch(() => undefined).finally(() => this.#pending.delete(settled));
    this.#pending.add(settled);
    return work;
  }

  /** Resolves once no work is pending, including work that is added meanwhile. Never rejects. */
  async whenIdle(): Promise<void> {
    while (this.#pending.size > 0) await Promise.all(this.#pending);
  }
}
