import { sql } from 'kysely';
import type { Kysely, UpdateObject } from 'kysely';
import type { Database } from '../../database/database.js';
import type { Tables } from '../../database/tables.js';

/** A process that has written nothing for so long is dead. */
const LEASE_MS = 60_000;
/** Rows that are removed in one go. */
const REMOVED_ROWS = 5_000;

export type ImportChange = UpdateObject<Tables, 'reconciliation_imports'>;

/** Which imports are somebody's, and which are to be removed. */
export class ImportLeases {
  constructor(private readonly database: Database) {}

  leaseEnd() {
    return sql<number>`${this.database.nowMs} + ${sql.lit(LEASE_MS)}`;
  }

  /** Changes an import that is under way, and holds it for some more time; throws when it was given up for dead. */
  async renew(transaction: Kysely<Tables>, importId: number, change: ImportChange = {}): Promise<void> {
    const held = await transaction
      .updateTable('reconciliation_imports')
      .set({ lease_until: this.leaseEnd(), ...change })
      .where('id', '=', importId)
      .where('state', '=', 'STAGING')
      .returning('id')
      .execute();
    if (held.length === 0) throw new Error('the import was given up for dead');
  }

  /** Removes what was replaced, and what dead processes have left. */
  async removeStale(): Promise<void> {
    // A SQLite file belongs to one process: whoever was staging in it is dead.
    const isStale =
      this.database.dialect === 'sqlite' ? sql<boolean>`true` : sql<boolean>`lease_until < ${this.database.nowMs}`;
    const stale = await this.database.kysely
      .selectFrom('reconciliation_imports')
      .select('id')
      .where((is) => is.or([is('state', '=', 'REPLACED'), is.and([is('state', '=', 'STAGING'), isStale])]))
      .execute();
    for (const { id } of stale) await this.remove(id);
  }

  /** In batches; the import itself last, so that the rest is found again. */
  async remove(importId: number): Promise<void> {
    for (const [table, column] of [
      ['reconciliation_rows', 'line'],
      ['reconciliation_absences', 'payment_session_id'],
    ] as const)
      while ((await this.#removeBatch(table, column, importId)) > 0) continue;
    await this.database.write((transaction) =>
      transaction.deleteFrom('reconciliation_imports').where('id', '=', importId).execute(),
    );
  }

  #removeBatch(table: string, column: string, importId: number): Promise<number> {
    return this.database.write(async (transaction) => {
      const { rows } =
        await sql`delete from ${sql.table(table)} where import_id = ${importId} and ${sql.ref(column)} in (
        select ${sql.ref(column)} from ${sql.table(table)} where import_id = ${importId} limit ${sql.lit(REMOVED_ROWS)})
        returning 1 as removed`.execute(transaction);
      return rows.length;
    });
  }
}
