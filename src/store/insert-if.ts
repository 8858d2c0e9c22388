import { sql } from 'kysely';
import type { Expression, Insertable, OperationNodeSource, SqlBool } from 'kysely';
import type { Tables } from './tables.js';

/** Kysely has no insert of given values under a condition. */
export function insertIf<T extends keyof Tables>(
  table: T,
  row: Insertable<Tables[T]>,
  won: Expression<SqlBool>,
): OperationNodeSource {
  const columns = Object.keys(row).map((column) => sql.ref(column));
  return sql`insert into ${sql.table(table)} (${sql.join(columns)}) select ${sql.join(Object.values(row))} where ${won}`;
}
