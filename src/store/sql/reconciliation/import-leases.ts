import { sql } from 'kysely';
import type { Kysely, UpdateObject } from 'kysely';
import type { Database } from '../../database/database.js';
import type { Tables } from '../../database/tables.js';

/** A process that has not written for this long is taken for crashed. */
const LEASE_MS = 60_000;
/** Number of rows that are removed in one transaction. */
const REMOVED_ROWS = 5_000;

/** Columns of an import to be changed. */
export type ImportChange = UpdateObject<Tables, 'reconciliation_imports'>;

/** Leases of imports in progress, by which stale imports are found and removed. */
export class ImportLeases {
  constructor(private readonly database: Database) {}

  /** End of a lease that begins now, by the clock of the database. */
  leaseEnd() {
    return sql<number>`${this.database.nowMs} + ${sql.lit(LEASE_MS)}`;
  }

  /** Changes an import in progress and renews its lease; throws when the import was removed as stale. */
  async renew(transaction: Kysely<Tables>, importId: number, change: ImportChange = {}): Promise<void> {
    const held = await transaction
      .updateTable('reconciliation_imports')
      .set({ lease_until: this.leaseEnd(), ...change })
      .where('id', '=', importId)
      .where('state', '=', 'STAGING')
      .returning('id')
      .execute();
    if (held.length === 0) throw new Error('the import has lost its lease');
  }

  /** Removes replaced imports, and stale ones of crashed processes. */
  async removeStale(): Promise<void> {
    // A SQLite file belongs to one process, so every other process that was staging in it has ended.
    const isStale =
      this.database.dialect === 'sqlite' ? sql<boolean>`true` : sql<boolean>`lease_until < ${this.database.nowMs}`;
    const stale = await this.database.kysely
      .selectFrom('reconciliation_imports')
      .select('id')
      .where((is) => is.or([is('state', '=', 'REPLACED'), is.and([is('state', '=', 'STAGING'), isStale])]))
      .execute();
    for (const { id } of stale) await this.remove(id);
  }

  /**
   * Removes an import with its rows, in batches. The import itself is removed last, so that an interrupted removal is
   * resumed.
   */
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
