import { sql } from 'kysely';
import type { Migration } from './migration.js';

/**
 * One key of a client is one intention, whichever mutation it comes with. Older releases allowed each mutation to use
 * it: of two such rows each still belongs to its mutation, and the later one is the rival. A replica of the previous
 * release fails where it would write a second row.
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
    // Compared by the whole primary key, because SQLite would otherwise scan all keys of a client for each of them.
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
