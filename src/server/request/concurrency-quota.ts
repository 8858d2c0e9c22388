/** Counts what is open, of all and of each caller, and lets in no more than so many. */
export class ConcurrencyQuota {
  readonly #byClient = new Map<string, number>();
  #size = 0;

  constructor(
    private readonly max: number,
    private readonly maxPerClient: number,
  ) {}

  /** How many are taken. */
  get size(): number {
    return this.#size;
  }

  /** Gives what frees the slot again, however often it is called; undefined when there is none left. */
  acquire(clientId: string): (() => void) | undefined {
    const own = this.#byClient.get(clientId) ?? 0;
    if (this.#size >= this.max || own >= this.maxPerClient) return undefined;
    this.#size += 1;
    this.#byClient.set(clientId, own + 1);
    let isTaken = true;
    return () => {
      if (isTaken) this.#free(clientId);
      isTaken = false;
    };
  }

  #free(clientId: string): void {
    this.#size -= 1;
    const left = (this.#byClient.get(clientId) ?? 1) - 1;
    if (left === 0) this.#byClient.delete(clientId);
    else this.#byClient.set(clientId, left);
  }
}
