import type { Kysely } from 'kysely';

export type DialectName = 'sqlite' | 'postgres';

/**
 * One step of the schema. It only adds: the release before goes on working on the schema that a step leaves, and takes
 * `compatibleFrom` for the oldest version that it may itself be of. A step that cannot keep that says so by its own version.
 */
export interface Migration {
  readonly version: number;
  readonly name: string;
  readonly compatibleFrom: number;
  up(transaction: Kysely<unknown>, dialect: DialectName): Promise<void>;
}
