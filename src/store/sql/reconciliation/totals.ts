import { sql } from 'kysely';
import type { Kysely, Selectable } from 'kysely';
import type { ReconciliationImportsTable, Tables } from '../../database/tables.js';
import { isWithin } from './ranges.js';
import type { Range } from './ranges.js';

type ImportRow = Selectable<ReconciliationImportsTable>;
/** Counts and amounts over the rows of an import, named by their columns. */
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

/** Totals of an import without rows. */
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

const COUNTED = {
  row_count: sql`true`,
  matched_count: sql`outcome = 'MATCHED'`,
  late_count: sql`outcome = 'LATE_NEWS'`,
  exception_count: sql`outcome not in ('MATCHED', 'LATE_NEWS')`,
  settled_count: sql`status = 'SETTLED' and unreadable is null`,
  // Their payments are settled as well: no status ranks higher.
  proven_count: sql`status = 'SETTLED' and outcome in ('MATCHED', 'LATE_NEWS')`,
} as const;

/** Adds the totals of a range of lines to previous ones. */
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
