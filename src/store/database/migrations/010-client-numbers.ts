import { sql } from 'kysely';
import type { Migration } from './migration.js';

/**
 * Numbers each client's payments, so that a claim finds the payment that a rate limit depends on without reading those
 * after it. Payments that a replica of the previous release writes have no number and do not count.
 */
export const clientNumbers: Migration = {
  version: 10,
  name: 'client numbers',
  compatibleFrom: 2,
  up: async (transaction) => {
    await transaction.schema.alterTable('payment_sessions').addColumn('client_number', 'integer').execute();
    await sql`update payment_sessions set client_number = numbered.place from (
      select id, row_number() over (partition by caller order by created_at, id) as place
      from payment_sessions) as numbered
      where numbered.id = payment_sessions.id`.execute(transaction);
    // Has an expression of its own like those of migration 5, so that PostgreSQL never considers another index.
    await sql`create unique index payment_sessions_client_number on payment_sessions
      ((caller || ' '), client_number)`.execute(transaction);
    await transaction.schema.dropIndex('payment_sessions_caller_age').execute();
  },
};
