import { sql } from 'kysely';
import type { Kysely } from 'kysely';
import type { ConcludedState } from '../../domain/idempotency-key.js';
import type { RetentionStore } from '../contracts/retention-store.js';
import type { Tables } from '../database/tables.js';
import { SqlStore } from './sql-store.js';

/** Rows per batch: few enough not to block other transactions. */
const BATCH = 200;

/** Data retention in SQL. The writes check the conditions again: a key that was used in the meantime is kept. */
export class SqlRetentionStore extends SqlStore implements RetentionStore {
  removeReleased(before: Date): Promise<number> {
    return this.write(async (transaction) => {
      const removed = await deleteKeys(transaction, ['RELEASED'], before);
      if (removed.length === 0) return 0;
      for (const table of ['payment_session_events', 'payment_mismatches', 'abandoned_attempts'] as const)
        await transaction.deleteFrom(table).where('payment_session_id', 'in', removed).execute();
      await transaction.deleteFrom('payment_sessions').where('id', 'in', removed).execute();
      return removed.length;
    });
  }

  removeKeys(before: Date): Promise<number> {
    return this.write(async (transaction) => (await deleteKeys(transaction, ['DONE', 'REFUSED'], before)).length);
  }

  removeWebhooks(before: Date): Promise<number> {
    return this.write(async (transaction) => {
      const due = transaction
        .selectFrom('webhook_inbox')
        .select('digest')
        .where('received_at', '<', before.getTime())
        .where('state', '<>', 'WAITING')
        .limit(BATCH);
      const removal = transaction.deleteFrom('webhook_inbox').where('digest', 'in', due);
      return (await removal.returning('digest').execute()).length;
    });
  }

  erasePersonalData(before: Date, userId?: string): Promise<number> {
    return this.write(async (transaction) => {
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
      const rows = transaction.updateTable('reconciliation_rows').set({ payer: null });
      await rows.where('payment_session_id', 'in', ids).where('payer', 'is not', null).execute();
      return erased.length;
    });
  }

  erasePayers(before: Date): Promise<number> {
    return this.write(async (transaction) => {
      const due = sql`select r.import_id, r.line from reconciliation_rows r
        join reconciliation_imports i on i.id = r.import_id
        where i.imported_at < ${before.getTime()} and r.payer is not null limit ${sql.lit(BATCH)}`;
      const rows = transaction.updateTable('reconciliation_rows').set({ payer: null });
      const erased = await rows
        .where(sql<boolean>`(import_id, line) in (${due})`)
        .returning('line')
        .execute();
      return erased.length;
    });
  }

  countPersonalData(userId: string): Promise<number> {
    return this.read(async (kysely) => {
      const payments = kysely.selectFrom('payment_sessions').where('user_id', '=', userId);
      const withData = payments.where('customer_name', 'is not', null);
      const { count } = await withData.select(sql<number>`count(*)`.as('count')).executeTakeFirstOrThrow();
      return count;
    });
  }
}

/** Deletes keys that were closed before a time, and returns the ids of their payments. */
async function deleteKeys(transaction: Kysely<Tables>, states: readonly ConcludedState[], before: Date) {
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
