import { sql } from 'kysely';
import type { Migration } from './migration.js';

/**
 * One key of a caller is one intention, whichever mutation it comes with. Older releases let each mutation have it: of two such
 * rows both go on answering for their mutation, the later one as a rival. A replica of the release before fails where it would
 * write a second row.
 */
export const oneIntention: Migration = {
  version: 8,
  name: 'one intention',
  compatibleFrom: 2,
  up: async (transaction) => {
    await transaction.schema
      .alterTable('idempotency_keys')
      .addColumn('rival', 'integer', (column) => column.notNull().defaultTo(0))
      .execute();
    // By the whole primary key, or SQLite would go through all keys of a caller for each of them.
    await sql`update idempotency_keys set rival = 1 where exists (
      select 1 from idempotency_keys as other
      where other.caller = idempotency_keys.caller and other.key = idempotency_keys.key
        and other.operation = case idempotency_keys.operation when 'LINK' then 'EMAIL' else 'LINK' end
        and other.payment_session_id < idempotency_keys.payment_session_id)`.execute(transaction);
    await transaction.schema
      .createIndex('idempotency_keys_intention')
      .on('idempotency_keys')
      .columns(['caller', 'key', 'rival'])
      .unique()
      .execute();
  },
};
