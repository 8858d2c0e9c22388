import type { Expression, Kysely, OperationNodeSource, RawBuilder, SqlBool } from 'kysely';
import type { Changes } from '../contracts/changes.js';
import type { DialectName } from './migrations/migration.js';
import type { Tables } from './tables.js';

/** A step that was taken, for the writes that follow from it. */
export interface AppliedWrite {
  /** The condition of each of them. */
  readonly applied: Expression<SqlBool>;
  /** When the step was taken, by the clock of the database: of two steps of a key the second has the later time. */
  readonly at: Expression<number>;
  /** What the first of those writes returns, where it stands in its table: for `select … from`. */
  first(row: RawBuilder<unknown>): RawBuilder<unknown>;
}

/** Where queries run: each by itself, or all in one transaction. */
export interface Queryable {
  readonly kysely: Kysely<Tables>;
  /**
   * Runs `gate`, a write that returns its time as `at`; if it wrote a row, runs what follows from it, all or nothing, durable
   * when it resolves, or when the transaction is. Gives the time, or undefined when the gate wrote nothing.
   */
  conditionalWrite(
    gate: OperationNodeSource,
    followers: (taken: AppliedWrite) => readonly OperationNodeSource[],
  ): Promise<number | undefined>;
}

/** What differs between the two databases, and no more. */
export interface Database extends Queryable {
  /** Milliseconds since the epoch by the clock of the database, whole. */
  readonly nowMs: RawBuilder<number>;
  readonly dialect: DialectName;
  readonly changes: Changes;
  /** Runs queries of one transaction, durable when it resolves. */
  write<T>(unit: (transaction: Kysely<Tables>) => Promise<T>): Promise<T>;
  /**
   * As `write`, while no other process does the same under this name: its queries see what all before it have written. Units of
   * one name wait for each other; when one fails, so do those that wait for it here, and each of their callers may repeat.
   */
  writeExclusive<T>(name: string, unit: (queryable: Queryable) => Promise<T>): Promise<T>;
  /** Runs `work` in one transaction while no other process can do the same. */
  migrate(work: (transaction: Kysely<Tables>) => Promise<void>): Promise<void>;
  close(): Promise<void>;
}
