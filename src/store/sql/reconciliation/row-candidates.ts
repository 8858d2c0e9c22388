import { sql } from 'kysely';
import type { Kysely, Selectable } from 'kysely';
import { idKey } from '../../../domain/ids.js';
import { TIME_TOLERANCE_MS } from '../../../domain/payment-matching.js';
import type { MatchCandidate } from '../../../domain/payment-matching.js';
import type { ReportRow } from '../../../domain/reconciliation.js';
import { findOrphanedSessions, hasReference } from '../match-candidates.js';
import type { DataKeys } from '../../encryption/data-keys.js';
import { foldedRequestId } from '../../database/folded-ids.js';
import { toPayment } from '../payment-rows.js';
import type { PaymentSessionsTable, Tables } from '../../database/tables.js';

/** A reference that more payments of the period share identifies none of them. */
const MAX_PER_REFERENCE = 50;

type Row = Selectable<PaymentSessionsTable>;
type Candidates = readonly MatchCandidate[] | undefined;

/**
 * The payments that each row may mean: by payment request id, or if that finds none, payments and orphaned sessions by
 * reference. undefined: the reference has too many payments to distinguish.
 */
export async function findRowCandidates(
  kysely: Kysely<Tables>,
  keys: DataKeys,
  rows: readonly ReportRow[],
): Promise<Candidates[]> {
  const byRequest = groupBy(await readByRequest(kysely, rows), (row) => idKey(row.payment_request_id ?? ''));
  const ofRequest = (row: ReportRow) => byRequest.get(idKey(row.paymentRequestId ?? '')) ?? [];
  const others = rows.filter((row) => ofRequest(row).length === 0 && row.referenceId !== undefined);
  const references = [...new Set(others.flatMap(({ referenceId }) => referenceId ?? []))];
  const byReference = groupBy(await readByReference(kysely, others, references), ({ reference_key, reference_id }) =>
    idKey(reference_key ?? reference_id),
  );
  const orphaned = groupBy(await findOrphanedSessions(kysely, keys, [], references), ({ upstreamReferenceId }) =>
    idKey(upstreamReferenceId),
  );
  return rows.map((row) => {
    const named = ofRequest(row);
    const toCandidate = (each: Row): MatchCandidate => ({ ...toPayment(each, keys), isOrphaned: false });
    if (named.length > 0) return named.map(toCandidate);
    const key = idKey(row.referenceId ?? '');
    const found = byReference.get(key) ?? [];
    const sessions = orphaned.get(key) ?? [];
    return found.length > MAX_PER_REFERENCE ? undefined : [...found.map(toCandidate), ...sessions];
  });
}

function groupBy<T>(rows: readonly T[], keyOf: (row: T) => string): ReadonlyMap<string, readonly T[]> {
  const groups = new Map<string, T[]>();
  for (const row of rows) {
    const group = groups.get(keyOf(row));
    if (group === undefined) groups.set(keyOf(row), [row]);
    else group.push(row);
  }
  return groups;
}

async function readByRequest(kysely: Kysely<Tables>, rows: readonly ReportRow[]): Promise<Row[]> {
  const ids = new Set(rows.flatMap(({ paymentRequestId: id }) => (id === undefined ? [] : idKey(id))));
  if (ids.size === 0) return [];
  return kysely
    .selectFrom('payment_sessions')
    .selectAll()
    .where(foldedRequestId(), 'in', [...ids])
    .where('at_flinks_since', 'is not', null)
    .execute();
}

async function readByReference(
  kysely: Kysely<Tables>,
  rows: readonly ReportRow[],
  references: readonly string[],
): Promise<Row[]> {
  if (references.length === 0) return [];
  const times = rows.map(({ createdAt }) => createdAt?.getTime());
  const [from, until] = times.includes(undefined)
    ? [0, Number.MAX_SAFE_INTEGER]
    : [Math.min(...(times as number[])) - TIME_TOLERANCE_MS, Math.max(...(times as number[])) + TIME_TOLERANCE_MS];
  const numbered = kysely
    .selectFrom('payment_sessions')
    .selectAll()
    .select(
      sql<number>`row_number() over (partition by coalesce(reference_key, reference_id) order by created_at, id)`.as(
        'place',
      ),
    )
    .where(hasReference('payment_sessions', references) ?? sql<boolean>`false`)
    .where('at_flinks_since', 'is not', null)
    .where('created_at', '>=', from)
    .where('created_at', '<=', until);
  return kysely
    .selectFrom(numbered.as('n'))
    .selectAll()
    .where('place', '<=', MAX_PER_REFERENCE + 1)
    .execute();
}
