/** Faults waiting for their turn, oldest first. */
export class FaultQueue<Fault extends { count: number }> {
  #left: Fault[] = [];

  add(fault: Fault): void {
    this.#left.push(fault);
  }

  /** Uses up one turn of the oldest fault that fits. */
  take(fits: (fault: Fault) => boolean = () => true): Fault | undefined {
    const fault = this.#left.find(fits);
    if (fault === undefined) return undefined;
    fault.count -= 1;
    if (fault.count === 0) this.#left = this.#left.filter((candidate) => candidate !== fault);
    return fault;
  }

  list(): readonly Fault[] {
    return this.#left;
  }

  clear(): void {
    this.#left = [];
  }
}
