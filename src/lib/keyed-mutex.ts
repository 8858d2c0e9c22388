/** Thrown for work that was not begun, because the work before it in the queue failed. */
export class QueueAborted extends Error {
  override readonly name = 'QueueAborted';
}

/**
 * Serializes work by name. When one piece fails, those that wait for it fail too: else each of them would wait in turn
 * for a database that does not respond.
 */
export class KeyedMutex {
  readonly #last = new Map<string, Promise<unknown>>();

  /** Runs `work` after all earlier work of the same name. Throws a `QueueAborted` when that failed. */
  async run<T>(name: string, work: () => Promise<T>): Promise<T> {
    const before = this.#last.get(name);
    const current = before === undefined ? work() : before.then(work, abort);
    this.#last.set(name, current);
    try {
      return await current;
    } finally {
      if (this.#last.get(name) === current) this.#last.delete(name);
    }
  }
}

function abort(error: unknown): never {
  throw error instanceof QueueAborted
    ? error
    : new QueueAborted('the previous work in the queue failed', { cause: error });
}
