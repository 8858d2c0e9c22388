import { sql } from 'kysely';
import type { Kysely, UpdateObject } from 'kysely';
import type { Import } from '../../contracts/reconciliation-store.js';
import type { Database } from '../../database/database.js';
import type { StoreHealth } from '../../database/store-health.js';
import type { Tables } from '../../database/tables.js';
import { fromNow } from '../sql-store.js';

/** A process that has not written for this long is taken for crashed. */
const LEASE_MS = 60_000;
/** Number of rows that are removed in one transaction. */
const REMOVED_ROWS = 5_000;

/** Columns of an import to be changed. */
export type ImportChange = UpdateObject<Tables, 'reconciliation_imports'>;

/**
 * Small steps of an import. Each write renews its lease, or fails without one. Imports with an expired lease are
 * removed.
 */
export class ImportSteps {
  constructor(
    private readonly database: Database,
    private readonly health: StoreHealth,
  ) {}

  /** Runs a query outside of a transaction. */
  read<T>(query: (kysely: Kysely<Tables>) => Promise<T>): Promise<T> {
    return this.health.guard(() => query(this.database.kysely));
  }

  /** Runs a write in a transaction that also renews the lease. */
  write(staged: Import, work: (transaction: Kysely<Tables>) => Promise<unknown>): Promise<void> {
    return this.health.guard(() =>
      this.database.write(async (transaction) => {
        await this.renew(transaction, staged.id);
        await work(transaction);
      }),
    );
  }

  /** End of a lease that begins now, by the clock of the database. */
  leaseEnd() {
    return fromNow(this.database, LEASE_MS);
  }

  /** Changes an import in progress and renews its lease; throws when the import was removed as stale. */
  async renew(transaction: Kysely<Tables>, importId: number, change: ImportChange = {}): Promise<void> {
    const held = await transaction
      .updateTable('reconciliation_imports')
      .set({ lease_until: this.leaseEnd(), ...change })
      .where('id', '=', importId)
      .where('state', '=', 'STAGING')
      .returning('id')
      .executeTakeFirst();
    if (held === undefined) throw new Error('the import has lost its lease');
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

  /** Removes an import with its rows, in batches. The import itself is last: an interrupted removal is resumed. */
  async remove(importId: number): Promise<void> {
    while ((await this.#removeBatch('reconciliation_rows', 'line', importId)) > 0);
    while ((await this.#removeBatch('reconciliation_absences', 'payment_session_id', importId)) > 0);
    await this.database.write((transaction) =>
      transaction.deleteFrom('reconciliation_imports').where('id', '=', importId).execute(),
    );
  }

  #removeBatch(table: string, column: string, importId: number): Promise<number> {
    const [from, key] = [sql.table(table), sql.ref(column)];
    const removal = sql`delete from ${from} where import_id = ${importId} and ${key} in (
      select ${key} from ${from} where import_id = ${importId} limit ${sql.lit(REMOVED_ROWS)}) returning 1 as removed`;
    return this.database.write(async (transaction) => (await removal.execute(transaction)).rows.length);
  }
}
