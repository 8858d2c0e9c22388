import { sql } from 'kysely';
import type { Kysely } from 'kysely';
import type { Database } from '../database/database.js';
import type { StoreHealth } from '../database/store-health.js';
import type { RetentionStore } from '../contracts/retention-store.js';
import type { Tables } from '../database/tables.js';

/** Rows per batch: few enough not to block other transactions. */
const BATCH = 200;

/**
 * Data retention in SQL. The writes themselves check the conditions again: a key that was used in the meantime is kept.
 */
export class SqlRetentionStore implements RetentionStore {
  constructor(
    private readonly database: Database,
    private readonly health: StoreHealth,
  ) {}

  removeReleased(before: Date): Promise<number> {
    return this.#batch(async (transaction) => {
      const removed = await deleteKeys(transaction, ['RELEASED'], before);
      if (removed.length === 0) return 0;
      for (const table of ['payment_session_events', 'payment_mismatches', 'abandoned_attempts'] as const)
        await transaction.deleteFrom(table).where('payment_session_id', 'in', removed).execute();
      await transaction.deleteFrom('payment_sessions').where('id', 'in', removed).execute();
      return removed.length;
    });
  }

  removeKeys(before: Date): Promise<number> {
    return this.#batch(async (transaction) => (await deleteKeys(transaction, ['DONE', 'REFUSED'], before)).length);
  }

  removeWebhooks(before: Date): Promise<number> {
    return this.#batch(async (transaction) => {
      const due = transaction
        .selectFrom('webhook_inbox')
        .select('digest')
        .where('received_at', '<', before.getTime())
        .where('state', '<>', 'WAITING')
        .limit(BATCH);
      const removed = await transaction
        .deleteFrom('webhook_inbox')
        .where('digest', 'in', due)
        .returning('digest')
        .execute();
      return removed.length;
    });
  }

  erasePersonalData(before: Date, userId?: string): Promise<number> {
    return this.#batch(async (transaction) => {
      const due = transaction
        .selectFrom('payment_sessions')
        .select('id')
        .where('final_at', '<', before.getTime())
        .where('customer_name', 'is not', null)
        .$if(userId !== undefined, (query) => query.where('user_id', '=', userId ?? ''))
        .limit(BATCH);
      const erased = await transaction
        .updateTable('payment_sessions')
        .set({ customer_name: null, customer_email: null, session_id: null, session_index: null, payer_index: null })
        .where('id', 'in', due)
        .returning('id')
        .execute();
      if (erased.length === 0) return 0;
      const ids = erased.map(({ id }) => id);
      await transaction
        .updateTable('abandoned_attempts')
        .set({ session_id: null, session_index: null, next_cancel_at: null })
        .where('payment_session_id', 'in', ids)
        .execute();
      await transaction.deleteFrom('webhook_inbox').where('payment_session_id', 'in', ids).execute();
      await transaction
        .updateTable('reconciliation_rows')
        .set({ payer: null })
        .where('payment_session_id', 'in', ids)
        .where('payer', 'is not', null)
        .execute();
      return erased.length;
    });
  }

  erasePayers(before: Date): Promise<number> {
    return this.#batch(async (transaction) => {
      const due = sql`select r.import_id, r.line from reconciliation_rows r
        join reconciliation_imports i on i.id = r.import_id
        where i.imported_at < ${before.getTime()} and r.payer is not null limit ${sql.lit(BATCH)}`;
      const erased = await transaction
        .updateTable('reconciliation_rows')
        .set({ payer: null })
        .where(sql<boolean>`(import_id, line) in (${due})`)
        .returning('line')
        .execute();
      return erased.length;
    });
  }

  countPersonalData(userId: string): Promise<number> {
    return this.health.guard(async () => {
      const { count } = await this.database.kysely
        .selectFrom('payment_sessions')
        .select((is) => is.fn.countAll<number>().as('count'))
        .where('user_id', '=', userId)
        .where('customer_name', 'is not', null)
        .executeTakeFirstOrThrow();
      return count;
    });
  }

  #batch(work: (transaction: Kysely<Tables>) => Promise<number>): Promise<number> {
    return this.health.guard(() => this.database.write(work));
  }
}

/** Deletes keys that were closed before a time, and returns the ids of their payments. */
async function deleteKeys(
  transaction: Kysely<Tables>,
  states: readonly ('RELEASED' | 'DONE' | 'REFUSED')[],
  before: Date,
): Promise<string[]> {
  const due = transaction
    .selectFrom('idempotency_keys')
    .select('payment_session_id')
    .where('state', 'in', states)
    .where('closed_at', '<', before.getTime())
    .limit(BATCH);
  const removed = await transaction
    .deleteFrom('idempotency_keys')
    .where('payment_session_id', 'in', due)
    .where('state', 'in', states)
    .where('closed_at', '<', before.getTime())
    .returning('payment_session_id')
    .execute();
  return removed.map(({ payment_session_id }) => payment_session_id);
}
