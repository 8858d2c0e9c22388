import type { Expression, Kysely, OperationNodeSource, RawBuilder, SqlBool } from 'kysely';
import type { Placeholders } from './statement.js';
import type { Tables } from './tables.js';

/** A guard that was applied, for the writes that depend on it. */
export interface AppliedGuard {
  /** Builds the dependent writes. */
  readonly kysely: Kysely<Tables>;
  /** The condition under which each dependent write runs. */
  readonly applied: Expression<SqlBool>;
  /** When the guard was applied, by the clock of the database: a later transition of a key has a later time. */
  readonly at: RawBuilder<number>;
  /** The row that the first dependent write returned, for `select … from`; `row` selects it from its table. */
  readonly first: (row: RawBuilder<unknown>) => RawBuilder<unknown>;
}

/** A write that depends on a guard. */
export interface DependentWrite {
  readonly query: OperationNodeSource;
  /** Columns of the row that it returns which the result of the whole write has too. */
  readonly returned?: readonly string[];
}

/**
 * A write and the writes that depend on it, all or none of which are applied. Built once; `values` are those of each
 * run.
 */
export interface ConditionalWrite<Values extends object> {
  /** A query that returns one row: the guard runs only if its `passes` is 1. */
  readonly check?: (values: Placeholders<Values>) => OperationNodeSource;
  /** A write of at most one row that returns its time as `at`; `passes` has to be one of its conditions. */
  readonly guard: (values: Placeholders<Values>, passes: Expression<SqlBool>) => OperationNodeSource;
  readonly dependents?: (values: Placeholders<Values>, guard: AppliedGuard) => readonly DependentWrite[];
}

/**
 * A conditional write that is compiled. A run resolves to a row with the columns of the check, `at`, and the returned
 * columns of dependents; `at` and these are null or absent if the guard wrote nothing. All is durable by then.
 */
export interface PreparedWrite<Values extends object, Row> {
  /** Runs the write with these values. */
  run(values: Values): Promise<Partial<Row>>;
  /**
   * Like `run`, and mutually exclusive with all such runs of the same name in all processes: it sees everything that
   * earlier ones wrote. Those that wait share a transaction. `values` is called when it is their turn. If the database
   * fails, all that wait in this process fail.
   */
  runExclusive(name: string, values: () => Values): Promise<Partial<Row>>;
}
