import { sql } from 'kysely';
import type { RawBuilder, SqlBool } from 'kysely';
import { idKey, spellingsOf } from '../../domain/ids.js';
import type { MatchCandidate } from '../../domain/payment-matching.js';
import type { MatchKeys } from '../contracts/status-store.js';
import type { DataKeys } from '../encryption/data-keys.js';
import type { Database } from '../database/database.js';
import { hasRequestId } from '../database/folded-ids.js';
import type { Row } from '../database/tables.js';
import { sessionIndexesOf, toPayment, unseal } from './payment-rows.js';

type PaymentRow = Row<'payment_sessions'>;

/** Payments that these ids may identify and that Flinks may have, and sessions that attempts left behind there. */
export async function findMatchCandidates(database: Database, keys: DataKeys, ids: MatchKeys) {
  const sessionIndexes = ids.sessionIds.flatMap((sessionId) => sessionIndexesOf(keys, sessionId));
  const found = new Map<string, PaymentRow>();
  // One query per index; a single one with `or` would read the whole table.
  for (const named of [
    ids.paymentRequestIds.length > 0 && hasRequestId(database.listOf(ids.paymentRequestIds.map(idKey))),
    sessionIndexes.length > 0 && hasSession(database, 'payment_sessions', sessionIndexes),
    ids.referenceIds.length > 0 && hasReference(database, 'payment_sessions', ids.referenceIds),
  ])
    if (named !== false) for (const row of await findAtFlinks(database, named)) found.set(row.id, row);
  const payments = [...found.values()].map((row) => toCandidate(row, keys));
  return [...payments, ...(await findOrphanedSessions(database, keys, sessionIndexes, ids.referenceIds))];
}

/** Condition that Flinks knows a payment of the table or alias by one of the references. */
export function hasReference(
  { listOf }: Database,
  table: string,
  referenceIds: readonly string[],
): RawBuilder<SqlBool> {
  const key = sql`coalesce(${sql.ref(`${table}.reference_key`)}, ${sql.ref(`${table}.reference_id`)})`;
  return sql`${key} in ${listOf([...new Set(referenceIds.flatMap(spellingsOf))])}`;
}

function hasSession({ listOf }: Database, table: string, sessionIndexes: readonly string[]): RawBuilder<SqlBool> {
  return sql`${sql.ref(`${table}.session_index`)} in ${listOf(sessionIndexes)}`;
}

/** The payments that fulfil a condition and that Flinks may have. */
function findAtFlinks({ kysely }: Database, named: RawBuilder<SqlBool>): Promise<PaymentRow[]> {
  const payments = kysely.selectFrom('payment_sessions').selectAll();
  return payments.where(named).where('at_flinks_since', 'is not', null).execute();
}

/** Orphaned sessions as the payments for which they were made, with the sessions' own ids as far as they are known. */
async function findOrphanedSessions(
  database: Database,
  keys: DataKeys,
  sessionIndexes: readonly string[],
  referenceIds: readonly string[],
): Promise<MatchCandidate[]> {
  const found = new Map<number, MatchCandidate>();
  for (const named of [
    sessionIndexes.length > 0 && hasSession(database, 'a', sessionIndexes),
    referenceIds.length > 0 && hasReference(database, 'p', referenceIds),
  ]) {
    if (named === false) continue;
    const rows = await database.kysely
      .selectFrom('abandoned_attempts as a')
      .innerJoin('payment_sessions as p', 'p.id', 'a.payment_session_id')
      .selectAll('p')
      .select(['a.id as abandoned_id', 'a.session_id as abandoned_session'])
      .where(named)
      .execute();
    for (const { abandoned_id, abandoned_session, ...row } of rows) {
      const sessionId = unseal(keys, abandoned_session, 'session_id', row.id);
      found.set(abandoned_id, { ...toPayment(row, keys), sessionId, paymentRequestId: undefined, isOrphaned: true });
    }
  }
  return [...found.values()];
}

function toCandidate(row: PaymentRow, keys: DataKeys): MatchCandidate {
  return { ...toPayment(row, keys), isOrphaned: false };
}
