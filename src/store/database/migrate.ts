import { sql } from 'kysely';
import type { Kysely } from 'kysely';
import { StoreConfigurationError } from './database.js';
import type { Database } from './database.js';
import { payments } from './migrations/001-payments.js';
import { paymentLife } from './migrations/002-payment-life.js';
import { webhookInbox } from './migrations/003-webhook-inbox.js';
import { reconciliation } from './migrations/004-reconciliation.js';
import { paymentList } from './migrations/005-payment-list.js';
import { callbackSubscriptions } from './migrations/006-callback-subscriptions.js';
import { clients } from './migrations/007-callers.js';
import { oneIntention } from './migrations/008-one-intention.js';
import { identity } from './migrations/009-identity.js';
import { clientNumbers } from './migrations/010-client-numbers.js';
import { rowDigests } from './migrations/011-row-digests.js';
import type { Migration } from './migrations/migration.js';
import type { Tables } from './tables.js';

/** All migrations in order. A released migration is never changed. */
export const MIGRATIONS: readonly Migration[] = [
  payments,
  paymentLife,
  webhookInbox,
  reconciliation,
  paymentList,
  callbackSubscriptions,
  clients,
  oneIntention,
  identity,
  clientNumbers,
  rowDigests,
];

/**
 * Migrates the schema to this release's version, under a lock. A newer schema is left unchanged: accepted if it
 * declares to be compatible with this release, else rejected. Kysely's own migrator rejects every newer one, which
 * would prevent rolling deployments.
 */
export function migrate(database: Database, migrations: readonly Migration[] = MIGRATIONS): Promise<void> {
  const latest = Math.max(...migrations.map(({ version }) => version));
  return database.migrate(async (transaction) => {
    const applied = await appliedMigrations(transaction);
    const oldestCompatible = Math.max(0, ...applied.map(({ compatible_from }) => compatible_from));
    if (oldestCompatible > latest)
      throw databaseError(
        `of a newer release: it requires schema version ${oldestCompatible}, and this release has ${latest}`,
      );
    const versions = new Set(applied.map(({ version }) => version));
    for (const migration of migrations)
      if (!versions.has(migration.version)) await apply(transaction, migration, database);
    if (database.dialect === 'postgres') await rejectVolatileTables(transaction);
  });
}

/** All tables but `store_probe`, whose rows need not be durable. */
const DURABLE_TABLES: Readonly<Record<Exclude<keyof Tables, 'store_probe'>, true>> = {
  idempotency_keys: true,
  payment_sessions: true,
  payment_session_events: true,
  payment_references: true,
  payment_mismatches: true,
  abandoned_attempts: true,
  webhook_inbox: true,
  reconciliation_imports: true,
  reconciliation_rows: true,
  reconciliation_absences: true,
  callback_subscriptions: true,
  callback_holders: true,
  api_keys: true,
  data_keys: true,
  schema_migrations: true,
};

/** Rejects temporary tables, which end with their connection, and unlogged ones, which are empty after a crash. */
async function rejectVolatileTables(transaction: Kysely<Tables>): Promise<void> {
  const { rows } = await sql<{ name: string }>`select relname as name from pg_class
    where relkind = 'r' and relpersistence <> 'p' and pg_table_is_visible(oid) and relname in (${sql.join(Object.keys(DURABLE_TABLES))})
    order by relname`.execute(transaction);
  const names = rows.map(({ name }) => name).join(', ');
  if (rows.length > 0) throw databaseError(`with tables that a crash would empty: make ${names} permanent and logged`);
}

function databaseError(problem: string): StoreConfigurationError {
  return new StoreConfigurationError('DATABASE_URL', `refers to a database ${problem}`);
}

async function appliedMigrations(transaction: Kysely<Tables>) {
  await transaction.schema
    .createTable('schema_migrations')
    .ifNotExists()
    .addColumn('version', 'integer', (column) => column.primaryKey())
    .addColumn('name', 'text', (column) => column.notNull())
    .addColumn('compatible_from', 'integer', (column) => column.notNull())
    .addColumn('at', 'bigint', (column) => column.notNull())
    .execute();
  return transaction.selectFrom('schema_migrations').selectAll().execute();
}

async function apply(transaction: Kysely<Tables>, migration: Migration, database: Database): Promise<void> {
  await migration.up(transaction as Kysely<unknown>, database.dialect);
  const { version, name, compatibleFrom } = migration;
  const row = { version, name, compatible_from: compatibleFrom, at: database.nowMs };
  await transaction.insertInto('schema_migrations').values(row).execute();
}
