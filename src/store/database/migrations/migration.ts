import type { Kysely } from 'kysely';

/** Kind of database, by its SQL dialect. */
export type DialectName = 'sqlite' | 'postgres';

/**
 * One step of the schema. Steps only add: the previous release keeps working on the new schema. `compatibleFrom` is the
 * oldest schema version whose release works with it; a step that breaks older releases sets its own version there.
 */
export interface Migration {
  readonly version: number;
  readonly name: string;
  readonly compatibleFrom: number;
  /** Changes the schema, inside of a transaction. */
  up(transaction: Kysely<unknown>, dialect: DialectName): Promise<void>;
}
