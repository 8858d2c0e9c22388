import { sql } from 'kysely';
import type { Kysely, RawBuilder } from 'kysely';
import type { Tables } from '../../database/tables.js';
import { isWithin } from './ranges.js';
import type { Range } from './ranges.js';

const IS_SETTLED = sql`status = 'SETTLED' and unreadable is null`;
/** Settled in the file, and so are their payments: no status ranks higher. */
const IS_PROVEN = sql`status = 'SETTLED' and outcome in ('MATCHED', 'LATE_NEWS')`;

const TOTALS = {
  row_count: sumWhere(sql`true`, '1'),
  matched_count: sumWhere(sql`outcome = 'MATCHED'`, '1'),
  late_count: sumWhere(sql`outcome = 'LATE_NEWS'`, '1'),
  exception_count: sumWhere(sql`outcome not in ('MATCHED', 'LATE_NEWS')`, '1'),
  settled_count: sumWhere(IS_SETTLED, '1'),
  settled_minor: sumWhere(IS_SETTLED, 'amount_minor'),
  proven_count: sumWhere(IS_PROVEN, '1'),
  proven_minor: sumWhere(IS_PROVEN, 'amount_minor'),
};

function sumWhere(condition: RawBuilder<unknown>, summand: '1' | 'amount_minor'): RawBuilder<number> {
  return sql`cast(coalesce(sum(case when ${condition} then ${sql.raw(summand)} else 0 end), 0) as bigint)`;
}

/** Counts and amounts over the rows of an import, named by their columns. */
export type Totals = Readonly<Record<keyof typeof TOTALS, number>>;

const NAMES = Object.keys(TOTALS) as (keyof Totals)[];

/** Totals of an import without rows. */
export const NO_TOTALS = Object.fromEntries(NAMES.map((name) => [name, 0])) as Totals;

/** Adds the totals of a range of lines to previous ones. */
export async function addTotals(kysely: Kysely<Tables>, importId: number, range: Range<number>, before: Totals) {
  const totals: Totals = await kysely
    .selectFrom('reconciliation_rows')
    .select(NAMES.map((name) => TOTALS[name].as(name)))
    .where('import_id', '=', importId)
    .where(isWithin('line', range))
    .executeTakeFirstOrThrow();
  return Object.fromEntries(NAMES.map((name) => [name, before[name] + totals[name]])) as Totals;
}
