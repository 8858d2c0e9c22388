/**
 * Auto-reset signal: wakes one waiter. A notification without a waiter is kept for the next one, and repeated
 * notifications coalesce.
 */
export class WakeSignal {
  #closed = false;
  #wake: (() => void) | undefined;

  constructor(private isNotified: boolean) {}

  /** Wakes the waiter, or lets the next one pass. */
  notify(): void {
    this.isNotified = true;
    this.#wake?.();
  }

  /** Releases the waiter and all later ones. */
  close(): void {
    this.#closed = true;
    this.#wake?.();
  }

  /** Resolves once the signal is notified: true; or closed: false. */
  async wait(): Promise<boolean> {
    if (!this.isNotified && !this.#closed) await new Promise<void>((resolve) => (this.#wake = resolve));
    this.isNotified = false;
    return !this.#closed;
  }
}
