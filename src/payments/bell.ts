/** Wakes one who waits. Rung while nobody does, it is heard by the next; however often, it is heard once. */
export class Bell {
  #silenced = false;
  #wake: (() => void) | undefined;

  constructor(private isRung: boolean) {}

  ring(): void {
    this.isRung = true;
    this.#wake?.();
  }

  /** Lets who waits go, for good. */
  silence(): void {
    this.#silenced = true;
    this.#wake?.();
  }

  /** Resolves once it has been rung; false when it was silenced. */
  async rung(): Promise<boolean> {
    if (!this.isRung && !this.#silenced) await new Promise<void>((resolve) => (this.#wake = resolve));
    this.isRung = false;
    return !this.#silenced;
  }
}
