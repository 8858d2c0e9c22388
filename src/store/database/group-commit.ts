import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Kysely } from 'kysely';
import type { Tables } from './tables.js';

interface Unit {
  readonly run: (transaction: Kysely<Tables>) => Promise<void> | undefined;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Commits concurrent writes together: SQLite syncs its file once for all writes that arrive in one turn of the event
 * loop. When one fails, all writes of that commit fail, and each of them may be retried.
 */
export class GroupCommit {
  #waiting: Unit[] = [];
  #committing = false;

  constructor(private readonly kysely: Kysely<Tables>) {}

  /** Runs a unit in the next commit. */
  write<T>(unit: (transaction: Kysely<Tables>) => Promise<T>): Promise<T> {
    return this.#add(async (transaction, resolveWith) => resolveWith(await unit(transaction)));
  }

  /** Like `write`, for a unit that awaits nothing. */
  writeAtOnce<T>(unit: () => T): Promise<T> {
    return this.#add((_, resolveWith) => resolveWith(unit()));
  }

  #add<T>(run: (transaction: Kysely<Tables>, resolveWith: (result: T) => undefined) => Promise<undefined> | undefined) {
    return new Promise<T>((resolve, reject) => {
      let result: T;
      const resolveWith = (value: T): undefined => void (result = value);
      this.#waiting.push({
        run: (transaction) => run(transaction, resolveWith),
        resolve: () => resolve(result),
        reject,
      });
      if (!this.#committing) void this.#commitAll();
    });
  }

  async #commitAll(): Promise<void> {
    this.#committing = true;
    while (this.#waiting.length > 0) {
      // A commit blocks the process. Writes that arrived meanwhile are read in one turn, and share the next commit.
      await nextTurn();
      await this.#commit(this.#waiting.splice(0));
    }
    this.#committing = false;
  }

  async #commit(units: readonly Unit[]): Promise<void> {
    try {
      await this.kysely.transaction().execute(async (transaction) => {
        for (const unit of units) {
          const running = unit.run(transaction);
          if (running !== undefined) await running;
        }
      });
      for (const unit of units) unit.resolve();
    } catch (error) {
      for (const unit of units) unit.reject(error);
    }
  }
}
