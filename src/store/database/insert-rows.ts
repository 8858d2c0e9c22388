import { CompiledQuery, sql } from 'kysely';
import type { Insertable, Kysely } from 'kysely';
import type { Tables } from './tables.js';

/** Inserts any number of rows that have the same columns. */
export type InsertRows = <Table extends keyof Tables>(
  transaction: Kysely<Tables>,
  table: Table,
  rows: readonly Insertable<Tables[Table]>[],
) => Promise<void>;

// Kysely builds a node for each value and a text for each statement, which takes longer than storing the rows.

/** More are hardly faster, and fewer leave fewer texts for the remaining rows. */
const SQLITE_ROWS = 50;

/** Inserts rows into SQLite, with the same statement for each full batch. */
export const insertRowsSqlite: InsertRows = async (transaction, table, rows) => {
  const columns = Object.keys(rows[0] ?? {});
  const placeholders = `(${columns.map(() => '?').join(', ')})`;
  for (let index = 0; index < rows.length; index += SQLITE_ROWS) {
    const batch = rows.slice(index, index + SQLITE_ROWS);
    const text = `insert into ${table} (${columns.join(', ')}) values ${batch.map(() => placeholders).join(', ')}`;
    await transaction.executeQuery(CompiledQuery.raw(text, batch.flatMap(Object.values)));
  }
};

/** Inserts rows into PostgreSQL as one parameter. */
export const insertRowsPostgres: InsertRows = async (transaction, table, rows) => {
  const columns = sql.join(Object.keys(rows[0] ?? {}).map((column) => sql.ref(column)));
  await sql`insert into ${sql.table(table)} (${columns})
    select ${columns} from json_populate_recordset(null::${sql.table(table)}, ${JSON.stringify(rows)})`.execute(
    transaction,
  );
};
