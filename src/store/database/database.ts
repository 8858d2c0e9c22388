import type { Expression, Kysely, OperationNodeSource, RawBuilder, SqlBool } from 'kysely';
import type { Changes } from '../contracts/changes.js';
import type { DialectName } from './migrations/migration.js';
import type { Tables } from './tables.js';

/** A conditional write that was applied, for the writes that depend on it. */
export interface AppliedWrite {
  /** Builds the dependent writes. */
  readonly kysely: Kysely<Tables>;
  /** The condition under which each dependent write runs. */
  readonly applied: Expression<SqlBool>;
  /** When the guard was applied, by the clock of the database: a later transition of a key has a later time. */
  readonly at: Expression<number>;
  /** The row that the first dependent write returned, for `select … from`; `row` selects it from its table. */
  first(row: RawBuilder<unknown>): RawBuilder<unknown>;
}

/** Runs queries: each on its own, or all in one transaction. */
export interface Queryable {
  readonly kysely: Kysely<Tables>;
  /**
   * Runs `guard`, a write that returns its time as `at`. If it wrote a row, also runs the dependent writes; all are
   * committed together, and are durable when the call resolves, or when the surrounding transaction is committed.
   * Returns the time, or undefined when the guard wrote nothing.
   */
  conditionalWrite(
    guard: OperationNodeSource,
    dependents: (write: AppliedWrite) => readonly OperationNodeSource[],
  ): Promise<number | undefined>;
}

/** The differences between the two kinds of databases. */
export interface Database extends Queryable {
  /** Whole milliseconds since the epoch, by the clock of the database. */
  readonly nowMs: RawBuilder<number>;
  readonly dialect: DialectName;
  readonly changes: Changes;
  /** Runs queries in one transaction, which is durable when the call resolves. */
  write<T>(unit: (transaction: Kysely<Tables>) => Promise<T>): Promise<T>;
  /**
   * Like `write`, and mutually exclusive with all units of the same name in all processes: its queries see everything
   * that earlier ones wrote. Units of one name wait for each other. When one fails, those that wait for it in this
   * process fail too, and each of them may be retried.
   */
  writeExclusive<T>(name: string, unit: (queryable: Queryable) => Promise<T>): Promise<T>;
  /** Runs `work` in one transaction, and excludes all other processes that do the same. */
  migrate(work: (transaction: Kysely<Tables>) => Promise<void>): Promise<void>;
  /** Closes all connections. */
  close(): Promise<void>;
}

/** The configured database or data keys cannot be used; found at start-up. */
export class StoreConfigurationError extends Error {
  override readonly name = 'StoreConfigurationError';

  /** `problem` completes a sentence that starts with the variable's name. Neither may contain a secret. */
  constructor(variable: 'DATABASE_URL' | 'DATA_ENCRYPTION_KEYS', problem: string) {
    super(`${variable} ${problem}`);
  }
}
