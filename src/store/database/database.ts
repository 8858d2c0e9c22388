import type { Kysely, RawBuilder } from 'kysely';
import type { Changes } from '../contracts/changes.js';
import type { ConditionalWrite, PreparedWrite } from './conditional-write.js';
import type { DialectName } from './migrations/migration.js';
import type { InsertRows } from './insert-rows.js';
import type { Tables } from './tables.js';

/** The differences between the two kinds of databases. */
export interface Database {
  readonly kysely: Kysely<Tables>;
  /** Whole milliseconds since the epoch, by the clock of the database. */
  readonly nowMs: RawBuilder<number>;
  readonly dialect: DialectName;
  readonly changes: Changes;
  /** Texts as the list of an `in`. They are one parameter, so that the statement is the same for any number of them. */
  readonly listOf: (texts: readonly string[]) => RawBuilder<unknown>;
  readonly insertRows: InsertRows;
  /** Runs queries in one transaction, which is durable when the call resolves. */
  write<T>(unit: (transaction: Kysely<Tables>) => Promise<T>): Promise<T>;
  /** Compiles a conditional write, whose result is a `Row`. */
  prepareWrite<Values extends object, Row>(write: ConditionalWrite<Values>): PreparedWrite<Values, Row>;
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
