import { sql } from 'kysely';
import type { Kysely } from 'kysely';
import type { DataKeys } from './data-keys.js';
import type { Database } from '../database/database.js';
import type { Tables } from '../database/tables.js';
import { StoreConfigurationError } from '../database/database.js';

/**
 * Rejects a database with anything encrypted or indexed under a data key that is not configured, or under a different
 * key of the same id: it could not be decrypted, and repeated requests could not be recognized. Then records the key
 * for new data.
 */
export function checkDataKeys(database: Database, keys: DataKeys): Promise<void> {
  return database.migrate(async (transaction) => {
    for (const known of await transaction.selectFrom('data_keys').selectAll().execute()) {
      if (!keys.ids.includes(known.id)) await rejectIfUsed(transaction, known.id);
      else if (known.check_value !== keys.checkValue(known.id))
        throw new StoreConfigurationError(
          'DATA_ENCRYPTION_KEYS',
          `has a different key ${known.id} than the one with which the database was encrypted`,
        );
    }
    await transaction
      .insertInto('data_keys')
      .values({ id: keys.newestId, check_value: keys.checkValue(keys.newestId) })
      .onConflict((conflict) => conflict.column('id').doNothing())
      .execute();
  });
}

async function rejectIfUsed(transaction: Kysely<Tables>, id: string): Promise<void> {
  // Not `like`: ids may contain its wildcards.
  const isSealed = (column: string) => sql`substr(${sql.ref(column)}, 1, ${id.length + 1}) = ${`${id}.`}`;
  const { rows } = await sql<{ used: number }>`
    select 1 as used where exists (select 1 from payment_sessions
      where ${isSealed('customer_name')} or ${isSealed('customer_email')} or ${isSealed('session_id')} or ${isSealed('session_index')}
        or ${isSealed('payer_index')})
    or exists (select 1 from abandoned_attempts where ${isSealed('session_id')} or ${isSealed('session_index')})
    or exists (select 1 from webhook_inbox where ${isSealed('digest')} or ${isSealed('payload')})
    or exists (select 1 from callback_subscriptions where ${isSealed('id')} or ${isSealed('registration')})
    or exists (select 1 from reconciliation_rows where ${isSealed('payer')})
    or exists (select 1 from idempotency_keys where fingerprint_key_id = ${id})`.execute(transaction);
  if (rows.length > 0)
    throw new StoreConfigurationError(
      'DATA_ENCRYPTION_KEYS',
      `lacks the key ${id}, which the database uses: append it to the list`,
    );
  await transaction.deleteFrom('data_keys').where('id', '=', id).execute();
}
