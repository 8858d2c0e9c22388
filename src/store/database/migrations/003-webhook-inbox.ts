import { sql } from 'kysely';
import type { Migration } from './migration.js';

/** Webhook events from Flinks, stored before they are processed. */
export const webhookInbox: Migration = {
  version: 3,
  name: 'webhook inbox',
  compatibleFrom: 2,
  up: async (transaction) => {
    await transaction.schema
      .createTable('webhook_inbox')
      .addColumn('digest', 'text', (column) => column.primaryKey())
      .addColumn('payload', 'text', (column) => column.notNull())
      .addColumn('state', 'text', (column) =>
        column.notNull().check(sql`state in ('WAITING', 'DONE', 'UNMATCHED', 'UNREADABLE')`),
      )
      .addColumn('received_at', 'bigint', (column) => column.notNull())
      .addColumn('next_attempt_at', 'bigint')
      .addColumn('attempts', 'integer', (column) => column.notNull())
      .addColumn('payment_session_id', 'text')
      .execute();
    for (const column of ['next_attempt_at', 'payment_session_id'] as const)
      await transaction.schema
        .createIndex(`webhook_inbox_${column}`)
        .on('webhook_inbox')
        .column(column)
        .where(sql.ref(column), 'is not', null)
        .execute();
    await transaction.schema
      .createIndex('webhook_inbox_received_at')
      .on('webhook_inbox')
      .column('received_at')
      .execute();
    // For counting: few events are in these states.
    await transaction.schema
      .createIndex('webhook_inbox_state')
      .on('webhook_inbox')
      .column('state')
      .where(sql.ref('state'), '<>', sql.lit('DONE'))
      .execute();
  },
};
