import { sql } from 'kysely';
import type { Expression, Kysely, Selectable, SqlBool } from 'kysely';
import { idKey, spellingsOf } from '../../domain/ids.js';
import type { MatchCandidate } from '../../domain/payment-matching.js';
import type { DataKeys } from '../encryption/data-keys.js';
import type { Database } from '../database/database.js';
import { foldedRequestId } from '../database/folded-ids.js';
import { sessionIndexesOf, toPayment, unseal } from './payment-rows.js';
import type { MatchKeys } from '../contracts/status-store.js';
import type { PaymentSessionsTable, Tables } from '../database/tables.js';

type Row = Selectable<PaymentSessionsTable>;

/** Payments that these ids may identify and that Flinks may have, and sessions that attempts left behind there. */
export async function findMatchCandidates(
  database: Database,
  keys: DataKeys,
  ids: MatchKeys,
): Promise<MatchCandidate[]> {
  const sessionIndexes = ids.sessionIds.flatMap((sessionId) => sessionIndexesOf(keys, sessionId));
  const found = new Map<string, Row>();
  // One query per index; a single one with `or` would read the whole table.
  for (const named of [
    isIn(foldedRequestId(), ids.paymentRequestIds.map(idKey)),
    isIn(sql.ref('session_index'), sessionIndexes),
    hasReference('payment_sessions', ids.referenceIds),
  ]) {
    if (named === undefined) continue;
    const rows = await database.kysely
      .selectFrom('payment_sessions')
      .selectAll()
      .where(named)
      .where('at_flinks_since', 'is not', null)
      .execute();
    for (const row of rows) found.set(row.id, row);
  }
  const payments = [...found.values()].map((row) => ({ ...toPayment(row, keys), isOrphaned: false }));
  return [...payments, ...(await findOrphanedSessions(database.kysely, keys, sessionIndexes, ids.referenceIds))];
}

/** Orphaned sessions as the payments for which they were made, with the sessions' own ids as far as they are known. */
export async function findOrphanedSessions(
  kysely: Kysely<Tables>,
  keys: DataKeys,
  sessionIndexes: readonly string[],
  referenceIds: readonly string[],
): Promise<MatchCandidate[]> {
  const found = new Map<number, MatchCandidate>();
  for (const named of [isIn(sql.ref('a.session_index'), sessionIndexes), hasReference('p', referenceIds)]) {
    if (named === undefined) continue;
    const rows = await kysely
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

/**
 * Condition that Flinks knows the payments of a table, or of its alias, by one of these references; undefined for an
 * empty list.
 */
export function hasReference(table: string, referenceIds: readonly string[]): Expression<SqlBool> | undefined {
  const key = sql`coalesce(${sql.ref(`${table}.reference_key`)}, ${sql.ref(`${table}.reference_id`)})`;
  return isIn(key, [...new Set(referenceIds.flatMap(spellingsOf))]);
}

function isIn(column: Expression<unknown>, values: readonly string[]): Expression<SqlBool> | undefined {
  return values.length === 0 ? undefined : sql<SqlBool>`${column} in (${sql.join(values)})`;
}
