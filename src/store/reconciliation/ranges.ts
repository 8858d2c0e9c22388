import { sql } from 'kysely';
import type { RawBuilder, SqlBool } from 'kysely';

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

/** The condition of a range on a column. */
export function isWithin<V extends string | number>(column: string, { above, upTo }: Range<V>): RawBuilder<SqlBool> {
  const end = upTo === undefined ? sql`` : sql` and ${sql.ref(column)} <= ${upTo}`;
  return sql<SqlBool>`(${sql.ref(column)} > ${above}${end})`;
}
