import { sql } from 'kysely';
import type { RawBuilder, SqlBool } from 'kysely';

/**
 * Condition that a query which depends on the current row returns nothing. Evaluated row by row, with an index: `not
 * exists` allows PostgreSQL to read a whole table first, which may have the rows of years.
 */
export function notExists(query: RawBuilder<unknown>): RawBuilder<SqlBool> {
  return sql<SqlBool>`(${query} limit 1) is null`;
}
