import { sql } from 'kysely';
import type { Expression, Kysely, SqlBool } from 'kysely';
import { idKey, spellingsOf } from '../../domain/ids.js';
import { TIME_TOLERANCE_MS } from '../../domain/payment-matching.js';
import type { MatchCandidate } from '../../domain/payment-matching.js';
import type { ReportRow } from '../../domain/reconciliation.js';
import type { MatchKeys } from '../contracts/status-store.js';
import type { DataKeys } from '../encryption/data-keys.js';
import { hasRequestId } from '../database/folded-ids.js';
import type { Row, Tables } from '../database/tables.js';
import { sessionIndexesOf, toPayment, unseal } from './payment-rows.js';

/** A reference that more payments of the period share identifies none of them. */
const MAX_PER_REFERENCE = 50;

type PaymentRow = Row<'payment_sessions'>;

/** Payments that these ids may identify and that Flinks may have, and sessions that attempts left behind there. */
export async function findMatchCandidates(kysely: Kysely<Tables>, keys: DataKeys, ids: MatchKeys) {
  const sessionIndexes = ids.sessionIds.flatMap((sessionId) => sessionIndexesOf(keys, sessionId));
  const found = new Map<string, PaymentRow>();
  // One query per index; a single one with `or` would read the whole table.
  for (const named of [
    hasOneOf(ids.paymentRequestIds),
    isIn(sql.ref('session_index'), sessionIndexes),
    hasReference('payment_sessions', ids.referenceIds),
  ])
    for (const row of await findAtFlinks(kysely, named)) found.set(row.id, row);
  const payments = [...found.values()].map((row) => toCandidate(row, keys));
  return [...payments, ...(await findOrphanedSessions(kysely, keys, sessionIndexes, ids.referenceIds))];
}

/**
 * The payments that each row may mean, by payment request id, else payments and orphaned sessions by reference;
 * undefined: the reference has too many payments to distinguish.
 */
export async function findRowCandidates(kysely: Kysely<Tables>, keys: DataKeys, rows: readonly ReportRow[]) {
  const requestIds = rows.flatMap(({ paymentRequestId }) => paymentRequestId ?? []);
  const named = await findAtFlinks(kysely, hasOneOf(requestIds));
  const byRequest = groupBy(named, (row) => idKey(row.payment_request_id ?? ''));
  const ofRequest = (row: ReportRow) => byRequest.get(idKey(row.paymentRequestId ?? '')) ?? [];
  const others = rows.filter((row) => ofRequest(row).length === 0 && row.referenceId !== undefined);
  const references = [...new Set(others.flatMap(({ referenceId }) => referenceId ?? []))];
  const referring = await findByReference(kysely, others, references);
  const byReference = groupBy(referring, ({ reference_key, reference_id }) => idKey(reference_key ?? reference_id));
  const orphaned = await findOrphanedSessions(kysely, keys, [], references);
  const orphanedByReference = groupBy(orphaned, ({ upstreamReferenceId }) => idKey(upstreamReferenceId));
  return rows.map((row) => {
    const ofRow = ofRequest(row);
    if (ofRow.length > 0) return ofRow.map((each) => toCandidate(each, keys));
    const key = idKey(row.referenceId ?? '');
    const found = byReference.get(key) ?? [];
    if (found.length > MAX_PER_REFERENCE) return undefined;
    return [...found.map((each) => toCandidate(each, keys)), ...(orphanedByReference.get(key) ?? [])];
  });
}

/**
 * Condition that Flinks knows a payment of the table or alias by one of the references; undefined without references.
 */
export function hasReference(table: string, referenceIds: readonly string[]): Expression<SqlBool> | undefined {
  const key = sql`coalesce(${sql.ref(`${table}.reference_key`)}, ${sql.ref(`${table}.reference_id`)})`;
  return isIn(key, [...new Set(referenceIds.flatMap(spellingsOf))]);
}

function hasOneOf(requestIds: readonly string[]): Expression<SqlBool> | undefined {
  return requestIds.length === 0 ? undefined : hasRequestId([...new Set(requestIds.map(idKey))]);
}

function isIn(column: Expression<unknown>, values: readonly string[]): Expression<SqlBool> | undefined {
  return values.length === 0 ? undefined : sql<SqlBool>`${column} in (${sql.join(values)})`;
}

/** The payments that fulfil a condition and that Flinks may have; none without a condition. */
async function findAtFlinks(kysely: Kysely<Tables>, named: Expression<SqlBool> | undefined): Promise<PaymentRow[]> {
  if (named === undefined) return [];
  const payments = kysely.selectFrom('payment_sessions').selectAll();
  return payments.where(named).where('at_flinks_since', 'is not', null).execute();
}

/** Payments of the references that were requested at about the times of the rows, just too many of one at the most. */
async function findByReference(kysely: Kysely<Tables>, rows: readonly ReportRow[], references: readonly string[]) {
  const isNamed = hasReference('payment_sessions', references);
  if (isNamed === undefined) return [];
  const times = rows.map(({ createdAt }) => createdAt?.getTime());
  const known = times.filter((time) => time !== undefined);
  const [from, until] =
    known.length < times.length
      ? [0, Number.MAX_SAFE_INTEGER]
      : [Math.min(...known) - TIME_TOLERANCE_MS, Math.max(...known) + TIME_TOLERANCE_MS];
  const place = sql<number>`row_number() over (partition by coalesce(reference_key, reference_id) order by created_at, id)`;
  const numbered = kysely
    .selectFrom('payment_sessions')
    .selectAll()
    .select(place.as('place'))
    .where(isNamed)
    .where('at_flinks_since', 'is not', null)
    .where('created_at', '>=', from)
    .where('created_at', '<=', until);
  const some = kysely.selectFrom(numbered.as('n')).selectAll();
  return some.where('place', '<=', MAX_PER_REFERENCE + 1).execute();
}

/** Orphaned sessions as the payments for which they were made, with the sessions' own ids as far as they are known. */
async function findOrphanedSessions(
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

function toCandidate(row: PaymentRow, keys: DataKeys): MatchCandidate {
  return { ...toPayment(row, keys), isOrphaned: false };
}

function groupBy<T>(rows: readonly T[], keyOf: (row: T) => string): ReadonlyMap<string, readonly T[]> {
  const groups = new Map<string, T[]>();
  for (const row of rows) {
    const group = groups.get(keyOf(row)) ?? [];
    groups.set(keyOf(row), group);
    group.push(row);
  }
  return groups;
}
