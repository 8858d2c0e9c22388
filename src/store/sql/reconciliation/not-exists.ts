import { sql } from 'kysely';
import type { RawBuilder, SqlBool } from 'kysely';

/**
 * That a query which depends on the row at hand finds nothing. Asked row by row, by an index: `not exists` lets PostgreSQL read
 * a whole table first, which may have the rows of years.
 */
export function notExists(query: RawBuilder<unknown>): RawBuilder<SqlBool> {
  return sql<SqlBool>`(${query} limit 1) is null`;
}
