import { sql } from 'kysely';
import type { Migration } from './migration.js';

/**
 * Lists of payments, newest first: one index for each combination of user and reference filters. Each uses an
 * expression of its own, so that PostgreSQL never considers another one. The second and third also serve lookups of a
 * user or a reference alone.
 */
const INDEXES = {
  payment_sessions_by_caller: "(caller || '')",
  payment_sessions_by_user: 'user_id, caller',
  payment_sessions_by_reference: 'reference_id, caller',
  payment_sessions_by_user_and_reference: "(user_id || ' ' || reference_id), caller",
};

/** Indexes for lists of payments. */
export const paymentList: Migration = {
  version: 5,
  name: 'payment list',
  compatibleFrom: 2,
  up: async (transaction) => {
    for (const [index, scope] of Object.entries(INDEXES))
      await sql`create index ${sql.id(index)} on payment_sessions
        (${sql.raw(scope)}, delivery, status, created_at, id)`.execute(transaction);
    for (const index of ['payment_sessions_user', 'payment_sessions_reference_id'])
      await transaction.schema.dropIndex(index).execute();
  },
};
