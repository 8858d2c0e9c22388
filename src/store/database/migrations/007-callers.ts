import { sql } from 'kysely';
import { createIndex, isNotNull } from './migration.js';
import type { Migration } from './migration.js';

/** API keys, and indexes for rate limits: payments of a client, and payments of a client for one payer. */
export const clients: Migration = {
  version: 7,
  name: 'callers',
  compatibleFrom: 2,
  up: async (transaction) => {
    await transaction.schema
      .createTable('api_keys')
      .addColumn('prefix', 'text', (column) => column.primaryKey())
      .addColumn('hash', 'text', (column) => column.notNull())
      .addColumn('caller', 'text', (column) => column.notNull())
      .addColumn('scopes', 'text', (column) => column.notNull())
      .addColumn('created_at', 'bigint', (column) => column.notNull())
      .addColumn('expires_at', 'bigint')
      .addColumn('revoked_at', 'bigint')
      .execute();
    await transaction.schema.alterTable('payment_sessions').addColumn('payer_index', 'text').execute();
    const ofPayer = ['payer_index', 'delivery', 'created_at'];
    const hasPayer = isNotNull('payer_index');
    await createIndex(transaction, 'payment_sessions_payer_index', 'payment_sessions', ofPayer, hasPayer);
    // Has an expression of its own like those of migration 5, so that PostgreSQL never considers another index.
    await sql`create index payment_sessions_caller_age on payment_sessions ((caller || ' '), created_at)`.execute(
      transaction,
    );
    await sql`create index payment_sessions_by_nobody on payment_sessions
      ((substr(caller, 1, 0)), delivery, status, created_at, id)`.execute(transaction);
  },
};
