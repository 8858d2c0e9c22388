import { sql } from 'kysely';
import type { Kysely } from 'kysely';
import { createIndex, isNotNull } from './migration.js';
import type { Migration } from './migration.js';

/** The statuses as stored in columns. */
const STATUSES = [
  ...['CREATING', 'UNKNOWN', 'INITIATED', 'PROCESSING', 'EXPIRED', 'CANCELLED', 'DECLINED', 'FAILED', 'ACCEPTED'],
  ...['PROCESSED', 'SETTLED'],
];

/** The life cycle of payments: numbered events, status checks, and ways to find a payment. */
export const paymentLife: Migration = {
  version: 2,
  name: 'payment life',
  // The previous release does not number events.
  compatibleFrom: 2,
  up: async (transaction) => {
    await extendPaymentSessions(transaction);
    await numberEvents(transaction);
    await indexPaymentSessions(transaction);
    await transaction.schema.alterTable('abandoned_attempts').addColumn('next_cancel_at', 'bigint').execute();
    await transaction.schema.alterTable('abandoned_attempts').addColumn('session_index', 'text').execute();
    await sql`update abandoned_attempts set next_cancel_at = at where session_id is not null`.execute(transaction);
    for (const column of ['next_cancel_at', 'session_index'] as const)
      await createIndex(transaction, `abandoned_attempts_${column}`, 'abandoned_attempts', [column], isNotNull(column));
  },
};

async function extendPaymentSessions(transaction: Kysely<unknown>): Promise<void> {
  const statuses = sql.join(STATUSES.map((status) => sql.lit(status)));
  await transaction.schema
    .alterTable('payment_sessions')
    // SQLite accepts a new check constraint only together with a new column.
    .addColumn('event_count', 'integer', (column) =>
      column
        .notNull()
        .defaultTo(0)
        .check(sql`status in (${statuses})`),
    )
    .execute();
  for (const [column, type] of [
    ['status_details', 'text'],
    ['status_checked_at', 'bigint'],
    ['next_check_at', 'bigint'],
    ['at_flinks_since', 'bigint'],
    ['session_index', 'text'],
  ] as const)
    await transaction.schema.alterTable('payment_sessions').addColumn(column, type).execute();
  await sql`update payment_sessions set at_flinks_since = updated_at where status = 'UNKNOWN' or session_id is not null`.execute(
    transaction,
  );
}

async function numberEvents(transaction: Kysely<unknown>): Promise<void> {
  await transaction.schema
    .alterTable('payment_session_events')
    .addColumn('number', 'integer', (column) => column.notNull().defaultTo(0))
    .execute();
  await transaction.schema
    .alterTable('payment_session_events')
    .addColumn('effect', 'text', (column) => column.notNull().defaultTo('moved'))
    .execute();
  await transaction.schema.alterTable('payment_session_events').addColumn('told_by', 'text').execute();
  await sql`update payment_session_events set number = (
    select count(*) from payment_session_events as e
    where e.payment_session_id = payment_session_events.payment_session_id and e.id <= payment_session_events.id)`.execute(
    transaction,
  );
  await sql`update payment_sessions set event_count = (
    select count(*) from payment_session_events as e where e.payment_session_id = payment_sessions.id)`.execute(
    transaction,
  );
  await transaction.schema.dropIndex('payment_session_events_payment').execute();
  await transaction.schema
    .createIndex('payment_session_events_payment')
    .on('payment_session_events')
    .columns(['payment_session_id', 'number'])
    .unique()
    .execute();
}

async function indexPaymentSessions(transaction: Kysely<unknown>): Promise<void> {
  for (const column of ['next_check_at', 'session_index', 'payment_request_id'] as const)
    await createIndex(transaction, `payment_sessions_${column}`, 'payment_sessions', [column], isNotNull(column));
  await createIndex(transaction, 'payment_sessions_reference_id', 'payment_sessions', ['reference_id']);
}
