import { sql } from 'kysely';
import { idKey } from '../../../domain/ids.js';
import { TIME_TOLERANCE_MS } from '../../../domain/payment-matching.js';
import type { PaymentSessionStatus } from '../../../domain/payment-status.js';
import type { ReportRow } from '../../../domain/reconciliation.js';
import type { RowCandidate } from '../../contracts/reconciliation-store.js';
import type { Database } from '../../database/database.js';
import { hasRequestId } from '../../database/folded-ids.js';
import { fromStored } from '../../database/stored-values.js';
import type { Row } from '../../database/tables.js';
import type { DataKeys } from '../../encryption/data-keys.js';
import { hasReference } from '../match-candidates.js';
import { unseal } from '../payment-rows.js';

/** A reference that more payments of the period share identifies none of them. */
const MAX_PER_REFERENCE = 50;

/** Only what rows are compared with: reading and decrypting whole payments would take most of the time of an import. */
const COLUMNS = [
  ...(['id', 'status', 'amount_minor', 'currency', 'created_at', 'customer_name', 'customer_email'] as const),
  ...(['payment_request_id', 'reference_id', 'reference_suffix', 'reference_key'] as const),
];

type CandidateRow = Pick<Row<'payment_sessions'>, (typeof COLUMNS)[number]>;

/**
 * The payments that each row may mean, by payment request id, else payments and orphaned sessions by reference;
 * undefined: the reference has too many payments to distinguish.
 */
export async function findRowCandidates(database: Database, keys: DataKeys, rows: readonly ReportRow[]) {
  const requests = rows.map(({ paymentRequestId: id }) => (id === undefined ? '' : idKey(id)));
  const byRequest = groupBy(await findByRequest(database, requests), (row) => idKey(row.payment_request_id ?? ''));
  const others = rows.filter((row, index) => row.referenceId !== undefined && !byRequest.has(requests[index] ?? ''));
  const references = [...new Set(others.flatMap(({ referenceId }) => referenceId ?? []))];
  const byReference = groupBy(await findByReference(database, references, periodOf(others)), referenceKeyOf);
  const orphaned = groupBy(await findOrphaned(database, references), referenceKeyOf);
  return rows.map(({ referenceId }, index) => {
    const ofRow = byRequest.get(requests[index] ?? '');
    if (ofRow !== undefined) return ofRow.map((row) => toCandidate(row, keys));
    const key = idKey(referenceId ?? '');
    const found = byReference.get(key) ?? [];
    if (found.length > MAX_PER_REFERENCE) return undefined;
    return [
      ...found.map((row) => toCandidate(row, keys)),
      ...(orphaned.get(key) ?? []).map((row) => ({
        ...toCandidate(row, keys),
        paymentRequestId: undefined,
        isOrphaned: true,
      })),
    ];
  });
}

async function findByRequest({ kysely, listOf }: Database, requestKeys: readonly string[]): Promise<CandidateRow[]> {
  const known = requestKeys.filter((key) => key !== '');
  if (known.length === 0) return [];
  const payments = kysely
    .selectFrom('payment_sessions')
    .select(COLUMNS)
    .where(hasRequestId(listOf(known)));
  return payments.where('at_flinks_since', 'is not', null).execute();
}

/** The earliest and the latest time at which the payments of rows may have been requested. */
function periodOf(rows: readonly ReportRow[]): readonly [from: number, until: number] {
  const times = rows.flatMap(({ createdAt }) => createdAt?.getTime() ?? []);
  if (times.length < rows.length) return [0, Number.MAX_SAFE_INTEGER];
  return [Math.min(...times) - TIME_TOLERANCE_MS, Math.max(...times) + TIME_TOLERANCE_MS];
}

/** Payments of the references that were requested in a period, just too many of one at the most. */
async function findByReference(
  database: Database,
  references: readonly string[],
  [from, until]: readonly [number, number],
): Promise<CandidateRow[]> {
  if (references.length === 0) return [];
  const place = sql<number>`row_number() over (partition by coalesce(reference_key, reference_id) order by created_at, id)`;
  const numbered = database.kysely
    .selectFrom('payment_sessions')
    .select([...COLUMNS, place.as('place')])
    .where(hasReference(database, 'payment_sessions', references))
    .where('at_flinks_since', 'is not', null)
    .where('created_at', '>=', from)
    .where('created_at', '<=', until);
  const some = database.kysely.selectFrom(numbered.as('n')).select(COLUMNS);
  return some.where('place', '<=', MAX_PER_REFERENCE + 1).execute();
}

/** The payments for which orphaned sessions of the references were made, once for each session. */
async function findOrphaned(database: Database, references: readonly string[]): Promise<CandidateRow[]> {
  if (references.length === 0) return [];
  return database.kysely
    .selectFrom('abandoned_attempts as a')
    .innerJoin('payment_sessions as p', 'p.id', 'a.payment_session_id')
    .select(COLUMNS.map((column) => `p.${column}` as const))
    .where(hasReference(database, 'p', references))
    .execute();
}

const referenceKeyOf = ({ reference_key, reference_id }: CandidateRow): string => idKey(reference_key ?? reference_id);

function toCandidate(row: CandidateRow, keys: DataKeys): RowCandidate {
  return {
    id: row.id,
    status: fromStored<PaymentSessionStatus>(row.status),
    upstreamReferenceId: `${row.reference_id}${row.reference_suffix}`,
    amount: { amountMinor: row.amount_minor, currency: row.currency },
    customer: { email: unseal(keys, row.customer_email, 'customer_email', row.id) },
    // Rows have none to compare it with.
    sessionId: undefined,
    paymentRequestId: row.payment_request_id ?? undefined,
    createdAt: new Date(row.created_at),
    isPayerErased: row.customer_name === null,
    isOrphaned: false,
  };
}

function groupBy<T>(rows: readonly T[], keyOf: (row: T) => string): ReadonlyMap<string, readonly T[]> {
  const groups = new Map<string, T[]>();
  for (const row of rows) {
    const key = keyOf(row);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [row]);
    else group.push(row);
  }
  return groups;
}
