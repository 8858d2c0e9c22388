import { sql } from 'kysely';
import type { Kysely } from 'kysely';
import { counterType, createIndex, isNotNull } from './migration.js';
import type { Migration } from './migration.js';

/** Payments, their events, their idempotency keys, and orphaned sessions. */
export const payments: Migration = {
  version: 1,
  name: 'payments',
  compatibleFrom: 1,
  up: async (transaction, dialect) => {
    const counter = counterType(dialect);
    await createPaymentSessions(transaction);
    await transaction.schema
      .createTable('payment_session_events')
      .addColumn('id', counter, (column) => column.primaryKey())
      .addColumn('payment_session_id', 'text', (column) => column.notNull())
      .addColumn('status', 'text', (column) => column.notNull())
      .addColumn('source', 'text', (column) => column.notNull())
      .addColumn('at', 'bigint', (column) => column.notNull())
      .addColumn('details', 'text')
      .execute();
    await createIndex(transaction, 'payment_session_events_payment', 'payment_session_events', ['payment_session_id']);
    await createIdempotencyKeys(transaction);
    await transaction.schema
      .createTable('abandoned_attempts')
      .addColumn('id', counter, (column) => column.primaryKey())
      .addColumn('payment_session_id', 'text', (column) => column.notNull())
      .addColumn('attempt', 'integer', (column) => column.notNull())
      .addColumn('session_id', 'text')
      .addColumn('at', 'bigint', (column) => column.notNull())
      .execute();
    await createIndex(transaction, 'abandoned_attempts_payment', 'abandoned_attempts', ['payment_session_id']);
    await transaction.schema
      .createTable('data_keys')
      .addColumn('id', 'text', (column) => column.primaryKey())
      .addColumn('check_value', 'text', (column) => column.notNull())
      .execute();
    await transaction.schema
      .createTable('store_probe')
      .addColumn('id', 'integer', (column) => column.primaryKey())
      .addColumn('at', 'bigint', (column) => column.notNull())
      .execute();
  },
};

async function createPaymentSessions(transaction: Kysely<unknown>): Promise<void> {
  await transaction.schema
    .createTable('payment_sessions')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('caller', 'text', (column) => column.notNull())
    .addColumn('delivery', 'text', (column) => column.notNull())
    .addColumn('status', 'text', (column) => column.notNull())
    .addColumn('reference_id', 'text', (column) => column.notNull())
    .addColumn('user_id', 'text', (column) => column.notNull())
    .addColumn('amount_minor', 'bigint', (column) => column.notNull())
    .addColumn('currency', 'text', (column) => column.notNull())
    .addColumn('client_urls', 'text', (column) => column.notNull())
    .addColumn('customer_name', 'text')
    .addColumn('customer_email', 'text')
    .addColumn('session_id', 'text')
    .addColumn('payment_request_id', 'text')
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addColumn('updated_at', 'bigint', (column) => column.notNull())
    .addColumn('final_at', 'bigint')
    .execute();
  // Payments whose personal data is to be erased.
  const hasPersonalData = sql<boolean>`${isNotNull('final_at')} and ${isNotNull('customer_name')}`;
  await createIndex(transaction, 'payment_sessions_final', 'payment_sessions', ['final_at'], hasPersonalData);
  await createIndex(transaction, 'payment_sessions_user', 'payment_sessions', ['user_id']);
}

async function createIdempotencyKeys(transaction: Kysely<unknown>): Promise<void> {
  await transaction.schema
    .createTable('idempotency_keys')
    .addColumn('caller', 'text', (column) => column.notNull())
    .addColumn('operation', 'text', (column) => column.notNull())
    .addColumn('key', 'text', (column) => column.notNull())
    .addColumn('payment_session_id', 'text', (column) => column.notNull().unique())
    .addColumn('fingerprint', 'text', (column) => column.notNull())
    .addColumn('fingerprint_key_id', 'text', (column) => column.notNull())
    .addColumn('fingerprint_form', 'integer', (column) => column.notNull())
    .addColumn('state', 'text', (column) => column.notNull())
    .addColumn('attempt', 'integer', (column) => column.notNull())
    .addColumn('owner', 'text', (column) => column.notNull())
    .addColumn('lease_until', 'bigint', (column) => column.notNull())
    .addColumn('released_as', 'text')
    .addColumn('closed_at', 'bigint')
    .addPrimaryKeyConstraint('idempotency_keys_pk', ['caller', 'operation', 'key'])
    .execute();
  // Attempts in progress, and keys that may be removed: both are few among all keys.
  const isInProgress = sql<boolean>`${sql.ref('state')} in ('CLAIMED', 'MARKED')`;
  await createIndex(transaction, 'idempotency_keys_leases', 'idempotency_keys', ['lease_until'], isInProgress);
  const isClosed = isNotNull('closed_at');
  await createIndex(transaction, 'idempotency_keys_closed', 'idempotency_keys', ['state', 'closed_at'], isClosed);
}
