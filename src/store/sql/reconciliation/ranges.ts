import { sql } from 'kysely';
import type { Kysely, RawBuilder, SqlBool } from 'kysely';
import type { Tables } from '../../database/tables.js';

/** Values of an ordered column above one, up to another; undefined where there is no end. */
export interface Range<V extends string | number> {
  readonly above: V;
  readonly upTo: V | undefined;
}

/** Few enough rows to be read in a moment. */
export const RANGE_ROWS = 10_000;

/**
 * Parts of a table that are small enough for one statement each. `next`: the value of the column that so many rows above one have
 * passed, or undefined when there are not as many.
 */
export async function* ranges<V extends string | number>(
  start: V,
  next: (above: V) => Promise<V | undefined>,
): AsyncGenerator<Range<V>> {
  for (let above: V | undefined = start; above !== undefined;) {
    const upTo: V | undefined = await next(above);
    yield { above, upTo };
    above = upTo;
  }
}

/** Where a range of the rows of an import ends, in the order of a column. */
export async function nextInImport<V extends string | number>(
  kysely: Kysely<Tables>,
  importId: number,
  column: 'line' | 'digest' | 'payment_session_id',
  above: V,
): Promise<V | undefined> {
  const name = sql.ref(column);
  const { rows } = await sql<{ value: V }>`select ${name} as value from reconciliation_rows
    where import_id = ${importId} and ${name} > ${above}
    order by ${name} limit 1 offset ${sql.lit(RANGE_ROWS - 1)}`.execute(kysely);
  return rows[0]?.value;
}

/** The condition of a range on a column. */
export function isWithin<V extends string | number>(column: string, { above, upTo }: Range<V>): RawBuilder<SqlBool> {
  const end = upTo === undefined ? sql`` : sql` and ${sql.ref(column)} <= ${upTo}`;
  return sql<SqlBool>`(${sql.ref(column)} > ${above}${end})`;
}
