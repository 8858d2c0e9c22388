import { sql } from 'kysely';
import type { ColumnDataType, Kysely } from 'kysely';
import { counterType, createIndex, isNotNull } from './migration.js';
import type { Migration } from './migration.js';

/** Reconciliation: imports of daily files, their rows with results, and payments that a file lacks. */
export const reconciliation: Migration = {
  version: 4,
  name: 'reconciliation',
  compatibleFrom: 2,
  up: async (transaction, dialect) => {
    await createImports(transaction, counterType(dialect));
    await createRows(transaction);
    await indexRows(transaction);
    await transaction.schema
      .createTable('reconciliation_absences')
      .addColumn('import_id', 'bigint', (column) => column.notNull())
      .addColumn('payment_session_id', 'text', (column) => column.notNull())
      .addPrimaryKeyConstraint('reconciliation_absences_pk', ['import_id', 'payment_session_id'])
      .execute();
    await extendEvents(transaction);
    const isFinal = isNotNull('final_at');
    await createIndex(transaction, 'payment_sessions_final_at', 'payment_sessions', ['final_at', 'id'], isFinal);
    // The second condition is true for each of these rows. Lists of payments lack it, so that PostgreSQL does not use
    // this index for them.
    const isUnknown = sql<boolean>`${sql.ref('status')} = 'UNKNOWN' and ${isNotNull('at_flinks_since')}`;
    await createIndex(transaction, 'payment_sessions_unknown', 'payment_sessions', ['created_at', 'id'], isUnknown);
  },
};

async function createImports(transaction: Kysely<unknown>, counter: ColumnDataType): Promise<void> {
  await transaction.schema
    .createTable('reconciliation_imports')
    .addColumn('id', counter, (column) => column.primaryKey())
    .addColumn('day', 'text', (column) => column.notNull())
    .addColumn('from_at', 'bigint', (column) => column.notNull())
    .addColumn('until_at', 'bigint', (column) => column.notNull())
    .addColumn('state', 'text', (column) => column.notNull())
    .addColumn('lease_until', 'bigint', (column) => column.notNull())
    .addColumn('imported_at', 'bigint', (column) => column.notNull())
    .addColumn('digest_key_id', 'text', (column) => column.notNull())
    .addColumn('digest', 'text')
    .addColumn('row_count', 'integer', (column) => column.notNull().defaultTo(0))
    .addColumn('matched_count', 'integer', (column) => column.notNull().defaultTo(0))
    .addColumn('late_count', 'integer', (column) => column.notNull().defaultTo(0))
    .addColumn('exception_count', 'integer', (column) => column.notNull().defaultTo(0))
    .addColumn('settled_count', 'integer', (column) => column.notNull().defaultTo(0))
    .addColumn('settled_minor', 'bigint', (column) => column.notNull().defaultTo(0))
    .addColumn('proven_count', 'integer', (column) => column.notNull().defaultTo(0))
    .addColumn('proven_minor', 'bigint', (column) => column.notNull().defaultTo(0))
    .addColumn('added_count', 'integer')
    .addColumn('gone_count', 'integer')
    .execute();
  await transaction.schema
    .createIndex('reconciliation_imports_current')
    .on('reconciliation_imports')
    .column('day')
    .unique()
    .where(sql.ref('state'), '=', sql.lit('CURRENT'))
    .execute();
}

async function createRows(transaction: Kysely<unknown>): Promise<void> {
  await transaction.schema
    .createTable('reconciliation_rows')
    .addColumn('import_id', 'bigint', (column) => column.notNull())
    .addColumn('line', 'integer', (column) => column.notNull())
    .addColumn('digest', 'text', (column) => column.notNull())
    .addColumn('outcome', 'text', (column) => column.notNull())
    .addColumn('field', 'text')
    .addColumn('ours', 'text')
    .addColumn('theirs', 'text')
    .addColumn('unreadable', 'text')
    .addColumn('payment_request_id', 'text')
    .addColumn('reference_id', 'text')
    .addColumn('amount_minor', 'bigint')
    .addColumn('status', 'text')
    .addColumn('status_details', 'text')
    .addColumn('created_at', 'bigint')
    .addColumn('payer', 'text')
    .addColumn('payment_session_id', 'text')
    .addColumn('precedence', 'integer', (column) => column.notNull())
    .addColumn('is_news', 'integer', (column) => column.notNull())
    .addPrimaryKeyConstraint('reconciliation_rows_pk', ['import_id', 'line'])
    .execute();
}

async function indexRows(transaction: Kysely<unknown>): Promise<void> {
  // Within one import: the rows of each payment, and rows that another import has too.
  const group = ['import_id', 'payment_session_id', 'precedence', 'digest', 'line'];
  await createIndex(transaction, 'reconciliation_rows_group', 'reconciliation_rows', group);
  await createIndex(transaction, 'reconciliation_rows_digest', 'reconciliation_rows', ['import_id', 'digest']);
  // For queries that need few of all rows.
  for (const [name, columns, condition] of [
    ['reconciliation_rows_payment', ['payment_session_id'], 'payment_session_id is not null'],
    ['reconciliation_rows_news', ['import_id', 'line'], 'is_news = 1'],
    [
      'reconciliation_rows_exceptions',
      ['import_id', 'outcome', 'digest', 'line'],
      "outcome not in ('MATCHED', 'LATE_NEWS')",
    ],
    ['reconciliation_rows_ambiguous', ['reference_id'], "outcome = 'AMBIGUOUS'"],
    ['reconciliation_rows_payer', ['import_id'], 'payer is not null'],
  ] as const)
    await createIndex(transaction, name, 'reconciliation_rows', columns, sql<boolean>`${sql.raw(condition)}`);
}

async function extendEvents(transaction: Kysely<unknown>): Promise<void> {
  await transaction.schema.alterTable('payment_session_events').addColumn('reconciled_on', 'text').execute();
  for (const [name, columns, condition] of [
    ['payment_session_events_reconciled_on', ['reconciled_on', 'id'], isNotNull('reconciled_on')],
    ['payment_session_events_contradictions', ['at', 'id'], sql<boolean>`effect in ('overtook', 'contradicted')`],
  ] as const)
    await createIndex(transaction, name, 'payment_session_events', columns, condition);
}
