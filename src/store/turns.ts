/** Said of work that was not begun, since the work before it failed. */
export class TurnMissed extends Error {
  override readonly name = 'TurnMissed';
}

/**
 * Work of one name is done one piece after another. When one fails, so do those that wait for it: a database that does not
 * answer would otherwise be waited for by each of them in turn.
 */
export class Turns {
  readonly #last = new Map<string, Promise<unknown>>();

  async take<T>(name: string, work: () => Promise<T>): Promise<T> {
    const before = this.#last.get(name);
    const turn = before === undefined ? work() : before.then(work, miss);
    this.#last.set(name, turn);
    try {
      return await turn;
    } finally {
      if (this.#last.get(name) === turn) this.#last.delete(name);
    }
  }
}

function miss(error: unknown): never {
  throw error instanceof TurnMissed ? error : new TurnMissed('what it waited for failed', { cause: error });
}
