/** Thrown for work that was not begun, because the work before it in the queue failed. */
export class QueueAborted extends Error {
  override readonly name = 'QueueAborted';
}

interface Waiting<Item, Result> {
  readonly item: Item;
  readonly resolve: (result: Result) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Runs one batch of items at a time for each name: the items that arrive during a batch are the next one. When a batch
 * fails, those that wait for it fail too: else each of them would wait in turn for a database that does not respond.
 */
export class KeyedBatches<Item, Result> {
  readonly #waiting = new Map<string, Waiting<Item, Result>[]>();

  constructor(
    /** Resolves to the results in the order of the items. */
    private readonly run: (name: string, items: readonly Item[]) => Promise<readonly Result[]>,
    private readonly maxSize: number,
  ) {}

  /** Adds an item to the next batch of its name. Throws a `QueueAborted` when the batch before that failed. */
  add(name: string, item: Item): Promise<Result> {
    return new Promise((resolve, reject) => {
      const waiting = { item, resolve, reject };
      const queue = this.#waiting.get(name);
      if (queue !== undefined) queue.push(waiting);
      else void this.#runAll(name, [waiting]);
    });
  }

  async #runAll(name: string, queue: Waiting<Item, Result>[]): Promise<void> {
    this.#waiting.set(name, queue);
    while (queue.length > 0) {
      const batch = queue.splice(0, this.maxSize);
      try {
        const items = batch.map(({ item }) => item);
        const results = await this.run(name, items);
        batch.forEach(({ resolve }, index) => resolve(results[index] as Result));
      } catch (error) {
        for (const { reject } of batch) reject(error);
        const aborted = new QueueAborted('the previous work in the queue failed', { cause: error });
        for (const { reject } of queue.splice(0)) reject(aborted);
      }
    }
    this.#waiting.delete(name);
  }
}
