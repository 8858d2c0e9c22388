/** Said of work that was not begun, since the work before it failed. */
export class QueueAborted extends Error {
  override readonly name = 'TurnMissed';
}

/**
 * Work of one name is done one piece after another. When one fails, so do those that wait for it: a database that does not
 * answer would otherwise be waited for by each of them in turn.
 */
export class KeyedMutex {
  readonly #last = new Map<string, Promise<unknown>>();

  async run<T>(name: string, work: () => Promise<T>): Promise<T> {
    const before = this.#last.get(name);
    const current = before === undefined ? work() : before.then(work, miss);
    this.#last.set(name, current);
    try {
      return await current;
    } finally {
      if (this.#last.get(name) === current) this.#last.delete(name);
    }
  }
}

function miss(error: unknown): never {
  throw error instanceof QueueAborted ? error : new QueueAborted('what it waited for failed', { cause: error });
}
