/** Open subscriptions of a replica, without callback ones. Each costs some kilobytes and is watched. */
export const MAX_SUBSCRIPTIONS = 10_000;
/** Half of `MAX_SUBSCRIPTIONS`, so that one client cannot take all of them. */
export const MAX_SUBSCRIPTIONS_PER_CLIENT = 5_000;
/** Open WebSockets of a replica, including idle ones. */
export const MAX_WEBSOCKETS = 5_000;
/** A client with more subscriptions than this many sockets carry is a router, which has thousands on each socket. */
export const MAX_WEBSOCKETS_PER_CLIENT = 2_500;

/** Limits how many things (operations, sockets, subscriptions) may be open at once, in total and per client. */
export class ConcurrencyQuota {
  readonly #byClient = new Map<string, number>();
  #size = 0;

  constructor(
    private readonly max: number,
    private readonly maxPerClient: number,
  ) {}

  /** Slots in use. */
  get size(): number {
    return this.#size;
  }

  /** Returns a function that frees the slot, safe to call more than once; undefined when no slot is free. */
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
    const remaining = (this.#byClient.get(clientId) ?? 1) - 1;
    if (remaining === 0) this.#byClient.delete(clientId);
    else this.#byClient.set(clientId, remaining);
  }
}
