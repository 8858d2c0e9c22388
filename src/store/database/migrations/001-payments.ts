import { sql } from 'kysely';
import type { ColumnDataType, Kysely } from 'kysely';
import type { Migration } from './migration.js';

/** Payments, their events, their idempotency keys, and orphaned sessions. */
export const payments: Migration = {
  version: 1,
  name: 'payments',
  compatibleFrom: 1,
  up: async (transaction, dialect) => {
    const counter: ColumnDataType = dialect === 'sqlite' ? 'integer' : 'bigserial';
    await createPaymentSessions(transaction);
    await createPaymentSessionEvents(transaction, counter);
    await createIdempotencyKeys(transaction);
    await createAbandonedAttempts(transaction, counter);
    await createDataKeys(transaction);
    await createProbe(transaction);
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
  await transaction.schema
    .createIndex('payment_sessions_final')
    .on('payment_sessions')
    .column('final_at')
    .where(sql.ref('final_at'), 'is not', null)
    .where(sql.ref('customer_name'), 'is not', null)
    .execute();
  await transaction.schema.createIndex('payment_sessions_user').on('payment_sessions').column('user_id').execute();
}

async function createPaymentSessionEvents(transaction: Kysely<unknown>, counter: ColumnDataType): Promise<void> {
  await transaction.schema
    .createTable('payment_session_events')
    .addColumn('id', counter, (column) => column.primaryKey())
    .addColumn('payment_session_id', 'text', (column) => column.notNull())
    .addColumn('status', 'text', (column) => column.notNull())
    .addColumn('source', 'text', (column) => column.notNull())
    .addColumn('at', 'bigint', (column) => column.notNull())
    .addColumn('details', 'text')
    .execute();
  await transaction.schema
    .createIndex('payment_session_events_payment')
    .on('payment_session_events')
    .column('payment_session_id')
    .execute();
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
  await transaction.schema
    .createIndex('idempotency_keys_leases')
    .on('idempotency_keys')
    .column('lease_until')
    .where(sql.ref('state'), 'in', sql`('CLAIMED', 'MARKED')`)
    .execute();
  await transaction.schema
    .createIndex('idempotency_keys_closed')
    .on('idempotency_keys')
    .columns(['state', 'closed_at'])
    .where(sql.ref('closed_at'), 'is not', null)
    .execute();
}

async function createAbandonedAttempts(transaction: Kysely<unknown>, counter: ColumnDataType): Promise<void> {
  await transaction.schema
    .createTable('abandoned_attempts')
    .addColumn('id', counter, (column) => column.primaryKey())
    .addColumn('payment_session_id', 'text', (column) => column.notNull())
    .addColumn('attempt', 'integer', (column) => column.notNull())
    .addColumn('session_id', 'text')
    .addColumn('at', 'bigint', (column) => column.notNull())
    .execute();
  await transaction.schema
    .createIndex('abandoned_attempts_payment')
    .on('abandoned_attempts')
    .column('payment_session_id')
    .execute();
}

async function createDataKeys(transaction: Kysely<unknown>): Promise<void> {
  await transaction.schema
    .createTable('data_keys')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('check_value', 'text', (column) => column.notNull())
    .execute();
}

async function createProbe(transaction: Kysely<unknown>): Promise<void> {
  await transaction.schema
    .createTable('store_probe')
    .addColumn('id', 'integer', (column) => column.primaryKey())
    .addColumn('at', 'bigint', (column) => column.notNull())
    .execute();
}
