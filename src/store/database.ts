import type { Expression, Kysely, OperationNodeSource, RawBuilder, SqlBool } from 'kysely';
import type { Changes } from './changes.js';
import type { DialectName } from './migrations/migration.js';
import type { Tables } from './tables.js';

/** A step that was taken, for the writes that follow from it. */
export interface Taken {
  /** The condition of each of them. */
  readonly won: Expression<SqlBool>;
  /** When the step was taken, by the clock of the database: of two steps of a key the second has the later time. */
  readonly at: Expression<number>;
  /** The row with `id` and `event_count` of a payment that the first of those writes has moved: for `select … from`. */
  moved(paymentId: string): OperationNodeSource;
}

/** What differs between the two databases, and no more. */
export interface Database {
  readonly kysely: Kysely<Tables>;
  /** Milliseconds since the epoch by the clock of the database, whole. */
  readonly nowMs: RawBuilder<number>;
  readonly dialect: DialectName;
  readonly changes: Changes;
  /**
   * Runs `gate`, a write that returns its time as `at`; if it wrote a row, runs what follows from it, all or nothing, durable
   * when it resolves. Gives the time, or undefined when the gate wrote nothing.
   */
  writeIf(
    gate: OperationNodeSource,
    followers: (taken: Taken) => readonly OperationNodeSource[],
  ): Promise<number | undefined>;
  /** Runs queries of one transaction, durable when it resolves. */
  write<T>(unit: (transaction: Kysely<Tables>) => Promise<T>): Promise<T>;
  /** Runs `work` in one transaction while no other process can do the same. */
  migrate(work: (transaction: Kysely<Tables>) => Promise<void>): Promise<void>;
  close(): Promise<void>;
}
