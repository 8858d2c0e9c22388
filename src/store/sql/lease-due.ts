import { sql } from 'kysely';
import type { RawBuilder } from 'kysely';
import type { Database } from '../database/database.js';
import type { Tables } from '../database/tables.js';

/** Milliseconds by the clock of the database, evaluated once per statement so that an index can be searched with it. */
export function nowOnce({ nowMs }: Pick<Database, 'nowMs'>): RawBuilder<number> {
  return sql<number>`(select ${nowMs})`;
}

/**
 * The ids of the rows of a table that are due, the longest due first, for the one update that leases them. Rows that
 * another replica is leasing at the same time are skipped.
 */
export function dueIds<Id>(
  database: Pick<Database, 'nowMs' | 'dialect'>,
  { table, id, dueAt }: { readonly table: keyof Tables; readonly id: string; readonly dueAt: string },
  limit: number,
): RawBuilder<Id> {
  const due = sql.ref(dueAt);
  const lock = database.dialect === 'postgres' ? sql`for update skip locked` : sql``;
  return sql<Id>`(select ${sql.ref(id)} from ${sql.table(table)} where ${due} <= ${nowOnce(database)}
    order by ${due} limit ${sql.lit(limit)} ${lock})`;
}
