/** Counts what is open, of all and of each caller, and lets in no more than so many. */
export class Slots {
  readonly #ofCaller = new Map<string, number>();
  #size = 0;

  constructor(
    private readonly most: number,
    private readonly mostOfCaller: number,
  ) {}

  /** How many are taken. */
  get size(): number {
    return this.#size;
  }

  /** Gives what frees the slot again, however often it is called; undefined when there is none left. */
  take(caller: string): (() => void) | undefined {
    const own = this.#ofCaller.get(caller) ?? 0;
    if (this.#size >= this.most || own >= this.mostOfCaller) return undefined;
    this.#size += 1;
    this.#ofCaller.set(caller, own + 1);
    let isTaken = true;
    return () => {
      if (isTaken) this.#free(caller);
      isTaken = false;
    };
  }

  #free(caller: string): void {
    this.#size -= 1;
    const left = (this.#ofCaller.get(caller) ?? 1) - 1;
    if (left === 0) this.#ofCaller.delete(caller);
    else this.#ofCaller.set(caller, left);
  }
}
