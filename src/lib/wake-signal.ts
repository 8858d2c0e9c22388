/** An auto-reset signal for one waiter. A notification without a waiter is kept for the next; repeated ones coalesce. */
export class WakeSignal {
  #isClosed = false;
  #wake: () => void = () => undefined;

  constructor(private isNotified = false) {}

  /** Whether `close` was called. */
  isClosed(): boolean {
    return this.#isClosed;
  }

  /** Wakes the waiter, or the next one. */
  notify(): void {
    this.isNotified = true;
    this.#wake();
  }

  /** Releases the waiter, and every later one, for good. */
  close(): void {
    this.#isClosed = true;
    this.#wake();
  }

  /** Resolves to true once notified; to false when `timeoutMs` is given and over, and once closed. */
  async wait(timeoutMs?: number): Promise<boolean> {
    if (!this.isNotified && !this.#isClosed) await this.#pause(timeoutMs);
    const isNotified = this.isNotified && !this.#isClosed;
    this.isNotified = false;
    return isNotified;
  }

  async #pause(timeoutMs: number | undefined): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    await new Promise<void>((resolve) => {
      this.#wake = resolve;
      if (timeoutMs !== undefined) timer = setTimeout(resolve, timeoutMs).unref();
    });
    clearTimeout(timer);
  }
}
