import { sql } from 'kysely';
import type { Kysely, RawBuilder } from 'kysely';
import type { DataKeys } from '../encryption/data-keys.js';
import type { Database } from '../database/database.js';
import type { StoreHealth } from '../database/store-health.js';
import type { Tables } from '../database/tables.js';

/** Base of the contracts' implementations. Every failure of the database becomes a `StoreUnavailableError`. */
export abstract class SqlStore {
  constructor(
    protected readonly database: Database,
    protected readonly keys: DataKeys,
    protected readonly health: StoreHealth,
  ) {}

  /** Runs queries outside of a transaction. */
  protected read<T>(query: (kysely: Kysely<Tables>) => Promise<T>): Promise<T> {
    return this.health.guard(() => query(this.database.kysely));
  }

  /** Runs queries in one transaction, which is durable when the call resolves. */
  protected write<T>(unit: (transaction: Kysely<Tables>) => Promise<T>): Promise<T> {
    return this.health.guard(() => this.database.write(unit));
  }
}

/** The time `ms` milliseconds from now, by the clock of the database. */
export function fromNow({ nowMs }: Pick<Database, 'nowMs'>, ms: number): RawBuilder<number> {
  return sql<number>`${nowMs} + ${sql.lit(Math.round(ms))}`;
}

/** Milliseconds by the clock of the database, evaluated once per statement so that an index can be searched with it. */
export function nowOnce({ nowMs }: Pick<Database, 'nowMs'>): RawBuilder<number> {
  return sql<number>`(select ${nowMs})`;
}

/**
 * Ids of due rows, the longest due first, for the update that leases them. Skips those that another replica is leasing.
 */
export function dueIds<Id>(
  database: Database,
  { table, id, dueAt }: { readonly table: keyof Tables; readonly id: string; readonly dueAt: string },
  limit: number,
): RawBuilder<Id> {
  const due = sql.ref(dueAt);
  const lock = database.dialect === 'postgres' ? sql`for update skip locked` : sql``;
  return sql<Id>`(select ${sql.ref(id)} from ${sql.table(table)} where ${due} <= ${nowOnce(database)}
    order by ${due} limit ${sql.lit(limit)} ${lock})`;
}
