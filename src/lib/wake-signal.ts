/** Wakes one who waits. Rung while nobody does, it is heard by the next; however often, it is heard once. */
export class WakeSignal {
  #closed = false;
  #wake: (() => void) | undefined;

  constructor(private isNotified: boolean) {}

  notify(): void {
    this.isNotified = true;
    this.#wake?.();
  }

  /** Lets who waits go, for good. */
  close(): void {
    this.#closed = true;
    this.#wake?.();
  }

  /** Resolves once it has been rung; false when it was silenced. */
  async wait(): Promise<boolean> {
    if (!this.isNotified && !this.#closed) await new Promise<void>((resolve) => (this.#wake = resolve));
    this.isNotified = false;
    return !this.#closed;
  }
}
