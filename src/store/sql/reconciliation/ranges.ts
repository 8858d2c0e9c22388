import { sql } from 'kysely';
import type { Kysely, RawBuilder, SqlBool } from 'kysely';
import type { Tables } from '../../database/tables.js';

/** Values of an ordered column greater than `above`, up to and including `upTo`; undefined: no upper end. */
export interface Range<V extends string | number> {
  readonly above: V;
  readonly upTo: V | undefined;
}

/** Number of rows in a range: few enough to be read quickly. */
export const RANGE_ROWS = 10_000;

/**
 * Splits a table into ranges that are small enough for one statement each. `next` returns the upper end of the range
 * that begins above a value, or undefined for the last range.
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

/** Upper end of the next range of the rows of an import, in the order of a column; undefined for the last range. */
export async function nextInImport<V extends string | number>(
  kysely: Kysely<Tables>,
  importId: number,
  column: 'line' | 'payment_session_id',
  above: V,
): Promise<V | undefined> {
  const name = sql.ref(column);
  const { rows } = await sql<{ value: V }>`select ${name} as value from reconciliation_rows
    where import_id = ${importId} and ${name} > ${above}
    order by ${name} limit 1 offset ${sql.lit(RANGE_ROWS - 1)}`.execute(kysely);
  return rows[0]?.value;
}

/** Condition that a column is within a range. */
export function isWithin<V extends string | number>(column: string, { above, upTo }: Range<V>): RawBuilder<SqlBool> {
  const end = upTo === undefined ? sql`` : sql` and ${sql.ref(column)} <= ${upTo}`;
  return sql<SqlBool>`(${sql.ref(column)} > ${above}${end})`;
}

/**
 * Condition that a query which depends on the current row returns nothing. Evaluated row by row, with an index: `not
 * exists` allows PostgreSQL to read a whole table first, which may have the rows of years.
 */
export function notExists(query: RawBuilder<unknown>): RawBuilder<SqlBool> {
  return sql<SqlBool>`(${query} limit 1) is null`;
}
