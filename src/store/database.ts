import type { Expression, Kysely, OperationNodeSource, RawBuilder, SqlBool } from 'kysely';
import type { DialectName } from './migrations/migration.js';
import type { Tables } from './tables.js';

/** What differs between the two databases, and no more. */
export interface Database {
  readonly kysely: Kysely<Tables>;
  /** Milliseconds since the epoch by the clock of the database, whole. */
  readonly nowMs: RawBuilder<number>;
  readonly dialect: DialectName;
  /**
   * Runs `gate`, which returns `payment_session_id` of the row that it wrote; if it wrote one, runs what follows from it, all
   * or nothing, durable when it resolves. True when the gate wrote. `followers` have `won` as their condition.
   */
  writeIf(
    gate: OperationNodeSource,
    followers: (won: Expression<SqlBool>) => readonly OperationNodeSource[],
  ): Promise<boolean>;
  /** Runs queries of one transaction, durable when it resolves. */
  write<T>(unit: (transaction: Kysely<Tables>) => Promise<T>): Promise<T>;
  /** Runs `work` in one transaction while no other process can do the same. */
  migrate(work: (transaction: Kysely<Tables>) => Promise<void>): Promise<void>;
  close(): Promise<void>;
}
