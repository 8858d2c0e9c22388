import { sql } from 'kysely';
import type { Kysely } from 'kysely';
import { folded } from '../folded-ids.js';
import { counterType, createIndex } from './migration.js';
import type { DialectName, Migration } from './migration.js';

/** References as Flinks knows them and their first clients, unique payment request ids, mismatched status updates. */
export const identity: Migration = {
  version: 9,
  name: 'identity',
  compatibleFrom: 2,
  up: async (transaction, dialect) => {
    await keyReferences(transaction);
    await createReferences(transaction, dialect);
    await separateRequestIds(transaction);
    await createMismatches(transaction, dialect);
    await transaction.schema
      .alterTable('reconciliation_rows')
      .addColumn('is_proven', 'integer', (column) => column.notNull().defaultTo(0))
      .execute();
  },
};

async function keyReferences(transaction: Kysely<unknown>): Promise<void> {
  await transaction.schema
    .alterTable('payment_sessions')
    .addColumn('reference_suffix', 'text', (column) => column.notNull().defaultTo(''))
    .execute();
  await transaction.schema.alterTable('payment_sessions').addColumn('reference_key', 'text').execute();
  // For all other rows the key equals the reference; a large table is not rewritten.
  await sql`update payment_sessions set reference_key = ${folded('reference_id')}
    where ${folded('reference_id')} <> reference_id`.execute(transaction);
  // Payments that older releases write have no key where it equals the reference.
  await sql`create index payment_sessions_reference_key on payment_sessions ((coalesce(reference_key, reference_id)))`.execute(
    transaction,
  );
}

async function createReferences(transaction: Kysely<unknown>, dialect: DialectName): Promise<void> {
  await transaction.schema
    .createTable('payment_references')
    .addColumn('reference', 'text', (column) => column.primaryKey())
    .addColumn('caller', 'text', (column) => column.notNull())
    .execute();
  // ASCII only, like SQLite's `lower`.
  const inLowerCase = dialect === 'sqlite' ? sql`lower(reference_id)` : sql`lower(reference_id collate "C")`;
  await sql`insert into payment_references (reference, caller)
    select reference, caller from (
      select ${inLowerCase} as reference, caller,
        row_number() over (partition by ${inLowerCase} order by created_at, id) as place from payment_sessions) as used
    where place = 1`.execute(transaction);
}

/** An id that several payments share, or the nil GUID, identifies none of them. */
async function separateRequestIds(transaction: Kysely<unknown>): Promise<void> {
  const id = folded('payment_request_id');
  await sql`update payment_sessions set payment_request_id = null,
      next_check_at = case when session_id is null then null else next_check_at end
    where payment_request_id = '00000000-0000-0000-0000-000000000000' or ${id} in (
      select ${id} from payment_sessions where payment_request_id is not null group by ${id} having count(*) > 1)`.execute(
    transaction,
  );
  await sql`create unique index payment_sessions_request on payment_sessions (${id})
    where payment_request_id is not null`.execute(transaction);
}

async function createMismatches(transaction: Kysely<unknown>, dialect: DialectName): Promise<void> {
  await transaction.schema
    .createTable('payment_mismatches')
    .addColumn('id', counterType(dialect), (column) => column.primaryKey())
    .addColumn('payment_session_id', 'text', (column) => column.notNull())
    .addColumn('source', 'text', (column) => column.notNull())
    .addColumn('field', 'text', (column) => column.notNull())
    .addColumn('ours', 'text')
    .addColumn('theirs', 'text')
    .addColumn('at', 'bigint', (column) => column.notNull())
    .execute();
  await sql`create unique index payment_mismatches_once on payment_mismatches
    (payment_session_id, source, field, (coalesce(theirs, '')))`.execute(transaction);
  await createIndex(transaction, 'payment_mismatches_at', 'payment_mismatches', ['at', 'id']);
}
