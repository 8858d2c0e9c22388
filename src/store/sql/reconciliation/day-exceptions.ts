import { sql } from 'kysely';
import type { Kysely } from 'kysely';
import { ALL_OWNERS } from '../../../domain/api-client.js';
import type { Owner } from '../../../domain/api-client.js';
import type { IdentityField } from '../../../domain/payment-mismatch.js';
import type { PaymentSessionStatus } from '../../../domain/payment-status.js';
import type { ReconciliationException, RowExceptionKind, RowField, Total } from '../../../domain/reconciliation.js';
import type { DataKeys } from '../../encryption/data-keys.js';
import { notExists } from './ranges.js';
import { toReportRow } from './row-mapper.js';
import { fromStored, toStored } from '../../database/stored-values.js';
import type { Stored } from '../../database/stored-values.js';
import type { Row, Tables } from '../../database/tables.js';

type ImportRow = Row<'reconciliation_imports'>;

/** A page of the exceptions of an import, or of one section of them. */
interface Page {
  readonly kysely: Kysely<Tables>;
  readonly imported: ImportRow;
  readonly keys: DataKeys;
  /** Whose payments to show. */
  readonly owner: Owner;
  readonly first: number;
  /** Key of the last exception before the page, in a section without the section's number; empty for the first page. */
  readonly after: ReconciliationException['key'];
}

const COUNT = sql<number>`count(*)`.as('count');
const SUM = sql<number>`cast(coalesce(sum(p.amount_minor), 0) as bigint)`.as('amountMinor');

/** The exceptions of a page, section by section. The first part of a key is the number of its section. */
export async function exceptionsOf({ first, after, ...day }: Page): Promise<ReconciliationException[]> {
  const found: ReconciliationException[] = [];
  const [section = 0, ...key] = after;
  for (const [index, read] of [rowExceptionsOf, missingOf, contradictionsOf, mismatchesOf].entries()) {
    if (index < Number(section) || found.length === first) continue;
    found.push(...(await read({ ...day, first: first - found.length, after: index === section ? key : [] })));
  }
  return found;
}

/** Number of a day's exceptions that are no rows of its file. */
export async function countOtherExceptions(kysely: Kysely<Tables>, imported: ImportRow): Promise<number> {
  const missed = await missing(kysely, imported).select(COUNT).executeTakeFirstOrThrow();
  const contradicted = await contradictions(kysely, imported).select(COUNT).executeTakeFirstOrThrow();
  const mismatched = await mismatches(kysely, imported).select(COUNT).executeTakeFirstOrThrow();
  return missed.count + contradicted.count + mismatched.count;
}

/** Exceptions that are rows of the file, by kind. */
async function rowExceptionsOf({ kysely, imported, keys, owner, first, after }: Page) {
  const [outcome = '', digest = '', place = 0] = after;
  const rows = await kysely
    .selectFrom(exceptionalRows(kysely, imported, owner).as('r'))
    .selectAll()
    .where(sql<boolean>`(outcome, digest, place) > (${toStored(String(outcome))}, ${digest}, ${place})`)
    .orderBy('outcome')
    .orderBy('digest')
    .orderBy('place')
    .limit(first)
    .execute();
  return rows.map((row): ReconciliationException => ({
    kind: fromStored<RowExceptionKind>(row.outcome as Stored<RowExceptionKind>),
    key: [0, fromStored(row.outcome), row.digest, row.place],
    row: toReportRow(row, keys),
    paymentId: row.payment_session_id ?? undefined,
    field: fromStored<RowField>(row.field),
    ...valuesOf(row),
  }));
}

/** Each row with its place: its line, or for one client its number among identical rows, as lines reveal other rows. */
function exceptionalRows(kysely: Kysely<Tables>, { id }: ImportRow, owner: Owner) {
  const rows = kysely
    .selectFrom('reconciliation_rows')
    .selectAll()
    .where('import_id', '=', id)
    // Literally as in the index.
    .where(sql<boolean>`outcome not in ('MATCHED', 'LATE_NEWS')`);
  if (owner === ALL_OWNERS) return rows.select('line as place');
  const place = sql<number>`row_number() over (partition by outcome, digest order by line)`;
  const isOwned = isPaymentOf(owner, 'reconciliation_rows.payment_session_id');
  return rows.where('is_proven', '=', 1).where(isOwned).select(place.as('place'));
}

function isPaymentOf(owner: string, id: string) {
  return sql<boolean>`exists (select 1 from payment_sessions o where o.id = ${sql.ref(id)} and o.caller = ${owner})`;
}

function valuesOf({ ours, theirs }: { readonly ours: string | null; readonly theirs: string | null }) {
  return { recordedValue: ours ?? undefined, reportedValue: theirs ?? undefined };
}

/** Exceptions for payments that became final on the day and are in no file, and that no ambiguous row can mean. */
async function missingOf({ kysely, imported, owner, first, after }: Page) {
  const [previous = ''] = after;
  const rows = await missing(kysely, imported)
    .select('p.id')
    .$if(owner !== ALL_OWNERS, (query) => query.where(sql<boolean>`p.caller = ${owner}`))
    .where('a.payment_session_id', '>', String(previous))
    .orderBy('a.payment_session_id')
    .limit(first)
    .execute();
  const nothing = { field: undefined, recordedValue: undefined, reportedValue: undefined };
  return rows.map(({ id }): ReconciliationException => ({
    kind: 'MISSING_IN_FILE',
    key: [1, id],
    paymentId: id,
    ...nothing,
  }));
}

function missing(kysely: Kysely<Tables>, imported: ImportRow) {
  return absences(kysely, imported).where(isUnnamed);
}

const currentRows = sql`select 1 from reconciliation_rows r
  join reconciliation_imports i on i.id = r.import_id where i.state = 'CURRENT'`;

/** Condition that no row of any file means, or may mean, payment `p`. */
export const isUnnamed = sql<boolean>`(${notExists(sql`${currentRows} and r.payment_session_id = p.id`)}
  and ${notExists(sql`${currentRows} and r.outcome = 'AMBIGUOUS' and r.reference_id = coalesce(p.reference_key, p.reference_id)
    and r.amount_minor = p.amount_minor`)})`;

/** Payments that were missing when the file was imported, without those that status updates have changed since. */
function absences(kysely: Kysely<Tables>, { id, from_at, until_at }: ImportRow) {
  return kysely
    .selectFrom('reconciliation_absences as a')
    .innerJoin('payment_sessions as p', 'p.id', 'a.payment_session_id')
    .where('a.import_id', '=', id)
    .where('p.final_at', '>=', from_at)
    .where('p.final_at', '<', until_at);
}

/** Status updates of the day that contradict earlier ones. A file's count for its day, whose rows show conflicts. */
async function contradictionsOf({ kysely, imported, owner, first, after }: Page) {
  const [id = '', number = 0] = after;
  const before = sql<Stored<PaymentSessionStatus>>`(select b.status from payment_session_events b
    where b.payment_session_id = e.payment_session_id and b.number < e.number and b.effect <> 'contradicted'
    order by b.number desc limit 1)`;
  // Deliberately an expression that no index has: PostgreSQL would read all events in the order of that index, as if
  // many of them were of the day.
  const payment = sql<string>`(e.payment_session_id || '')`;
  const rows = await contradictions(kysely, imported)
    .select(['e.payment_session_id', 'e.number', 'e.status', before.as('before')])
    .where(sql<boolean>`(${payment}, e.number) > (${id}, ${number})`)
    .$if(owner !== ALL_OWNERS, (query) => query.where(isPaymentOf(String(owner), 'e.payment_session_id')))
    .orderBy(payment)
    .orderBy('e.number')
    .limit(first)
    .execute();
  return rows.map((row): ReconciliationException => ({
    kind: 'CONFLICTING_STATUS',
    key: [2, row.payment_session_id, row.number],
    paymentId: row.payment_session_id,
    eventNumber: row.number,
    field: 'STATUS',
    recordedValue: fromStored<PaymentSessionStatus>(row.before),
    reportedValue: fromStored<PaymentSessionStatus>(row.status),
  }));
}

function contradictions(kysely: Kysely<Tables>, { day, from_at, until_at }: ImportRow) {
  const events = kysely
    .selectFrom('payment_session_events as e')
    .where(sql<boolean>`e.effect in ('overtook', 'contradicted')`);
  return events.where(
    sql<boolean>`(e.reconciled_on is null and e.at >= ${from_at} and e.at < ${until_at}
        or e.reconciled_on = ${day} and e.effect = 'overtook')`,
  );
}

/**
 * Status updates of the day that belong to another payment than the one they identify. Shown only to readers of all
 * payments: it is not proven that they concern a client's own.
 */
async function mismatchesOf({ kysely, imported, owner, first, after }: Page) {
  if (owner !== ALL_OWNERS) return [];
  const [id = 0] = after;
  const found = mismatches(kysely, imported).selectAll().where('m.id', '>', Number(id));
  const rows = await found.orderBy('m.id').limit(first).execute();
  return rows.map((row): ReconciliationException => ({
    kind: 'UPDATE_MISMATCH',
    key: [3, row.id],
    paymentId: row.payment_session_id,
    source: row.source,
    at: new Date(row.at),
    field: fromStored<IdentityField>(row.field),
    ...valuesOf(row),
  }));
}

function mismatches(kysely: Kysely<Tables>, { from_at, until_at }: ImportRow) {
  return kysely.selectFrom('payment_mismatches as m').where('m.at', '>=', from_at).where('m.at', '<', until_at);
}

/**
 * Total of the day's payments that the gateway has as settled: those in its file, and those that were settled on the
 * day and that no file has as settled. So each belongs to one day, whatever the time at which either side recorded it.
 */
export async function settledOf(kysely: Kysely<Tables>, imported: ImportRow): Promise<Total> {
  const otherAmount = await kysely
    .selectFrom('reconciliation_rows as r')
    .innerJoin('payment_sessions as p', 'p.id', 'r.payment_session_id')
    .select([COUNT, SUM])
    .where('r.import_id', '=', imported.id)
    .where(sql<boolean>`r.outcome not in ('MATCHED', 'LATE_NEWS')`)
    .where('r.outcome', '=', 'AMOUNT_DIFFERS')
    .where('r.status', '=', 'SETTLED')
    .where('p.status', '=', 'SETTLED')
    .executeTakeFirstOrThrow();
  const absent = await absences(kysely, imported)
    .select([COUNT, SUM])
    .where('p.status', '=', 'SETTLED')
    .where(notExists(sql`${currentRows} and r.payment_session_id = p.id and r.status = 'SETTLED'`))
    .executeTakeFirstOrThrow();
  return {
    count: imported.proven_count + otherAmount.count + absent.count,
    amountMinor: imported.proven_minor + otherAmount.amountMinor + absent.amountMinor,
  };
}
