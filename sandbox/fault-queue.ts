/** Faults that have not acted yet, oldest first. Each acts `count` times. */
export class FaultQueue<Fault extends { count: number }> {
  #pending: Fault[] = [];

  /** Adds a fault to the end of the queue. */
  add(fault: Fault): void {
    this.#pending.push(fault);
  }

  /** Uses the oldest matching fault once, and returns it. */
  take(matches: (fault: Fault) => boolean = () => true): Fault | undefined {
    const fault = this.#pending.find(matches);
    if (fault === undefined) return undefined;
    fault.count -= 1;
    if (fault.count === 0) this.#pending = this.#pending.filter((candidate) => candidate !== fault);
    return fault;
  }

  /** The pending faults with their remaining counts. */
  list(): readonly Fault[] {
    return this.#pending;
  }

  /** Removes all faults. */
  clear(): void {
    this.#pending = [];
  }
}
