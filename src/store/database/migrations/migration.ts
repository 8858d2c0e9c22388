import { sql } from 'kysely';
import type { ColumnDataType, Kysely, RawBuilder, SqlBool } from 'kysely';

/** Kind of database, by its SQL dialect. */
export type DialectName = 'sqlite' | 'postgres';

/**
 * One step of the schema, which only adds: the previous release keeps working on it. `compatibleFrom` is the oldest
 * schema version whose release works with it; a step that breaks older releases sets its own version there.
 */
export interface Migration {
  readonly version: number;
  readonly name: string;
  readonly compatibleFrom: number;
  /** Changes the schema, inside of a transaction. */
  up(transaction: Kysely<unknown>, dialect: DialectName): Promise<void>;
}

/** The type of a column that numbers the rows of a table. */
export function counterType(dialect: DialectName): ColumnDataType {
  return dialect === 'sqlite' ? 'integer' : 'bigserial';
}

/** Creates an index of a table, limited to the rows that fulfil a condition if there is one. */
export function createIndex(
  transaction: Kysely<unknown>,
  name: string,
  table: string,
  columns: readonly string[],
  condition?: RawBuilder<SqlBool>,
): Promise<void> {
  const index = transaction.schema
    .createIndex(name)
    .on(table)
    .columns([...columns]);
  return (condition === undefined ? index : index.where(condition)).execute();
}

/** Condition for an index of the rows that have a value in a column. */
export function isNotNull(column: string): RawBuilder<SqlBool> {
  return sql<SqlBool>`${sql.ref(column)} is not null`;
}
