import { sql } from 'kysely';
import { createIndex, isNotNull } from './migration.js';
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
      await createIndex(transaction, `webhook_inbox_${column}`, 'webhook_inbox', [column], isNotNull(column));
    await createIndex(transaction, 'webhook_inbox_received_at', 'webhook_inbox', ['received_at']);
    // For counting: few events are in these states.
    const isOpen = sql<boolean>`${sql.ref('state')} <> 'DONE'`;
    await createIndex(transaction, 'webhook_inbox_state', 'webhook_inbox', ['state'], isOpen);
  },
};
