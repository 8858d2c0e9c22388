/** An auto-reset signal for one waiter: a notification without a waiter is kept for the next, and repeated ones coalesce. */
export class WakeSignal {
  #closed = false;
  #wake: () => void = () => undefined;

  constructor(private isNotified = false) {}

  notify(): void {
    this.isNotified = true;
    this.#wake();
  }

  /** Releases the waiter, and every later one, for good. */
  close(): void {
    this.#closed = true;
    this.#wake();
  }

  /** Resolves once notified, or after `timeoutMs` if it is given; to false once closed. */
  async wait(timeoutMs?: number): Promise<boolean> {
    if (!this.isNotified && !this.#closed) await this.#pause(timeoutMs);
    this.isNotified = false;
    return !this.#closed;
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
