import { sql } from 'kysely';
import type { Kysely, Selectable } from 'kysely';
import type { Import } from './reconciliation-store.js';
import { RANGE_ROWS, isWithin } from './ranges.js';
import type { Range } from './ranges.js';
import { isNone } from './is-none.js';
import type { PaymentSessionEventsTable, ReconciliationImportsTable, Tables } from '../tables.js';

type ImportRow = Selectable<ReconciliationImportsTable>;
export type Totals = Pick<
  ImportRow,
  | 'row_count'
  | 'matched_count'
  | 'late_count'
  | 'exception_count'
  | 'settled_count'
  | 'settled_minor'
  | 'proven_count'
  | 'proven_minor'
>;

/** Few enough for one statement to name all of them. */
const LATE_EVENTS = 500;

type LateEvent = Pick<Selectable<PaymentSessionEventsTable>, 'id' | 'payment_session_id' | 'status'>;

export const NO_TOTALS: Totals = {
  row_count: 0,
  matched_count: 0,
  late_count: 0,
  exception_count: 0,
  settled_count: 0,
  settled_minor: 0,
  proven_count: 0,
  proven_minor: 0,
};

/** Events of news that the file of a day told, after one of them. */
export function lateEvents(kysely: Kysely<Tables>, day: string, after: number): Promise<LateEvent[]> {
  return kysely
    .selectFrom('payment_session_events')
    .select(['id', 'payment_session_id', 'status'])
    .where('reconciled_on', '=', day)
    .where('effect', '<>', 'contradicted')
    .where('id', '>', after)
    .orderBy('id')
    .limit(LATE_EVENTS)
    .execute();
}

/** What the file of the day told before stays news when it is imported again. */
export async function markLateNews(
  transaction: Kysely<Tables>,
  importId: number,
  events: readonly LateEvent[],
): Promise<void> {
  for (const status of new Set(events.map((event) => event.status)))
    await transaction
      .updateTable('reconciliation_rows')
      .set({ outcome: 'LATE_NEWS' })
      .where('import_id', '=', importId)
      .where('outcome', '=', 'MATCHED')
      .where('status', '=', status)
      .where(
        'payment_session_id',
        'in',
        events.filter((event) => event.status === status).map((event) => event.payment_session_id),
      )
      .execute();
}

export async function nextEnding(
  kysely: Kysely<Tables>,
  { until }: Import,
  above: number,
): Promise<number | undefined> {
  const row = await kysely
    .selectFrom('payment_sessions')
    .select('final_at')
    .where('final_at', '>', above)
    .where('final_at', '<', until.getTime())
    .orderBy('final_at')
    .offset(RANGE_ROWS - 1)
    .limit(1)
    .executeTakeFirst();
  return row?.final_at ?? undefined;
}

/**
 * Notes payments that ended on the day, and not by this file. Those that came to nothing by a decision made here, of which Flinks
 * may never have heard, are not expected in any file.
 */
export async function noteAbsences(
  transaction: Kysely<Tables>,
  { id, until }: Import,
  settledOnly: boolean,
  range: Range<number>,
): Promise<void> {
  await sql`insert into reconciliation_absences (import_id, payment_session_id)
    select ${id}, p.id from payment_sessions p
    where ${isWithin('p.final_at', range)} and p.final_at < ${until.getTime()} and p.at_flinks_since is not null
    ${settledOnly ? sql`and p.status = 'SETTLED'` : sql``}
    and ${isNone(sql`select 1 from reconciliation_rows r
      where r.import_id = ${id} and r.payment_session_id = p.id and r.status = p.status`)}
    and ${isNone(sql`select 1 from payment_session_events e
      where e.payment_session_id = p.id and e.status = p.status and e.effect <> 'contradicted'
      and (e.source = 'GATEWAY' and e.status = 'EXPIRED' or e.source = 'OPERATOR' and e.status <> 'SETTLED')`)}`.execute(
    transaction,
  );
}

export async function nextLine(kysely: Kysely<Tables>, importId: number, above: number): Promise<number | undefined> {
  const row = await kysely
    .selectFrom('reconciliation_rows')
    .select('line')
    .where('import_id', '=', importId)
    .where('line', '>', above)
    .orderBy('line')
    .offset(RANGE_ROWS - 1)
    .limit(1)
    .executeTakeFirst();
  return row?.line;
}

const COUNTED = {
  row_count: sql`true`,
  matched_count: sql`outcome = 'MATCHED'`,
  late_count: sql`outcome = 'LATE_NEWS'`,
  exception_count: sql`outcome not in ('MATCHED', 'LATE_NEWS')`,
  settled_count: sql`status = 'SETTLED' and unreadable is null`,
  // They agree with payments that are settled as well: no status ranks higher.
  proven_count: sql`status = 'SETTLED' and outcome in ('MATCHED', 'LATE_NEWS')`,
} as const;

export async function addTotals(
  kysely: Kysely<Tables>,
  importId: number,
  range: Range<number>,
  before: Totals,
): Promise<Totals> {
  const count = (condition: ReturnType<typeof sql>) =>
    sql<number>`cast(coalesce(sum(case when ${condition} then 1 else 0 end), 0) as bigint)`;
  const sum = (condition: ReturnType<typeof sql>) =>
    sql<number>`cast(coalesce(sum(case when ${condition} then amount_minor else 0 end), 0) as bigint)`;
  const totals: Totals = await kysely
    .selectFrom('reconciliation_rows')
    .select([
      count(COUNTED.row_count).as('row_count'),
      count(COUNTED.matched_count).as('matched_count'),
      count(COUNTED.late_count).as('late_count'),
      count(COUNTED.exception_count).as('exception_count'),
      count(COUNTED.settled_count).as('settled_count'),
      sum(COUNTED.settled_count).as('settled_minor'),
      count(COUNTED.proven_count).as('proven_count'),
      sum(COUNTED.proven_count).as('proven_minor'),
    ])
    .where('import_id', '=', importId)
    .where(isWithin('line', range))
    .executeTakeFirstOrThrow();
  const names = Object.keys(NO_TOTALS) as (keyof Totals)[];
  return Object.fromEntries(names.map((name) => [name, before[name] + totals[name]])) as Record<keyof Totals, number>;
}
