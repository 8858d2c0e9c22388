import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Kysely } from 'kysely';
import type { Tables } from './tables.js';

type Transaction = Kysely<Tables>;

interface Unit {
  readonly run: (transaction: Transaction) => Promise<void>;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Writes that arrive in one turn of the event loop are committed together: SQLite syncs its file once for all of them. When
 * one fails, all of that commit do, and each of their callers may repeat.
 */
export class GroupCommit {
  #waiting: Unit[] = [];
  #committing = false;

  constructor(private readonly kysely: Kysely<Tables>) {}

  write<T>(unit: (transaction: Transaction) => Promise<T>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      let result: T;
      this.#waiting.push({
        run: async (transaction) => {
          result = await unit(transaction);
        },
        resolve: () => resolve(result),
        reject,
      });
      if (!this.#committing) void this.#commitAll();
    });
  }

  async #commitAll(): Promise<void> {
    this.#committing = true;
    while (this.#waiting.length > 0) {
      // A commit blocks the process. What arrived meanwhile is read in one turn, and shares the next.
      await nextTurn();
      await this.#commit(this.#waiting.splice(0));
    }
    this.#committing = false;
  }

  async #commit(units: readonly Unit[]): Promise<void> {
    try {
      await this.kysely.transaction().execute(async (transaction) => {
        for (const unit of units) await unit.run(transaction);
      });
      for (const unit of units) unit.resolve();
    } catch (error) {
      for (const unit of units) unit.reject(error);
    }
  }
}
