import { mkdirSync, openSync, closeSync } from 'node:fs';
import { dirname } from 'node:path';
import { ExpressionWrapper, Kysely, SqliteDialect, sql } from 'kysely';
import type { OperationNodeSource, RawBuilder } from 'kysely';
import Libsql from 'libsql';
import { LocalChanges } from './changes.js';
import type { Database, Queryable } from './database.js';
import { SharedCommits } from './shared-commits.js';
import { UnfitStore } from './unfit-store.js';
import type { Tables } from './tables.js';

const OWNER_ONLY = 0o600;

/** A database in a file that belongs to this process while it runs, or in memory (`:memory:`). */
export function openSqlite(path: string): Database {
  const connection = connect(path);
  const kysely = new Kysely<Tables>({ dialect: new SqliteDialect({ database: connection }) });
  const commits = new SharedCommits(kysely);
  return {
    kysely,
    nowMs: sql<number>`cast(unixepoch('subsec') * 1000 as integer)`,
    dialect: 'sqlite',
    changes: new LocalChanges(),
    writeIf: (gate, followers) => commits.write((transaction) => queryableOn(transaction).writeIf(gate, followers)),
    write: (unit) => commits.write(unit),
    // The file is this process's, which runs one transaction at a time.
    writeAlone: (_, unit) => commits.write((transaction) => unit(queryableOn(transaction))),
    migrate: (work) => commits.write(work),
    close: () => kysely.destroy(),
  };
}

function queryableOn(transaction: Kysely<Tables>): Queryable {
  return {
    kysely: transaction,
    writeIf: async (gate, followers) => {
      const { rows } = await run<{ at: number }>(gate, transaction);
      const at = rows[0]?.at;
      if (at === undefined) return undefined;
      const taken = {
        won: sql<boolean>`true`,
        at: sql<number>`${at}`,
        first: (row: RawBuilder<unknown>) => row,
      };
      for (const query of followers(taken)) await run(query, transaction);
      return at;
    },
  };
}

function run<Row>(query: OperationNodeSource, transaction: Kysely<Tables>) {
  return sql<Row>`${new ExpressionWrapper(query.toOperationNode())}`.execute(transaction);
}

function connect(path: string): InstanceType<typeof Libsql> {
  try {
    if (path !== ':memory:') createFile(path);
    const connection = new Libsql(path);
    refuseForeign(connection, path);
    // The lock is taken by the first access and held until the process ends, however it ends.
    connection.pragma('locking_mode = EXCLUSIVE');
    connection.pragma('journal_mode = WAL');
    connection.pragma('synchronous = FULL');
    connection.pragma('foreign_keys = ON');
    connection.exec('BEGIN EXCLUSIVE; COMMIT');
    return connection;
  } catch (error) {
    if (error instanceof UnfitStore) throw error;
    throw new UnfitStore('DATABASE_URL', `names ${path}: ${explain(error as Error & { code?: string })}`);
  }
}

/** Nobody but its owner reads it; what SQLite puts beside it takes over the mode. */
function createFile(path: string): void {
  mkdirSync(dirname(path), { recursive: true });
  closeSync(openSync(path, 'a', OWNER_ONLY));
}

/** A file with tables of somebody else is a mistake in DATABASE_URL, and is left as it is. */
function refuseForeign(connection: InstanceType<typeof Libsql>, path: string): void {
  const tables = connection.prepare("select name from sqlite_master where type = 'table'").all() as { name: string }[];
  if (tables.length === 0 || tables.some(({ name }) => name === 'schema_migrations')) return;
  throw new UnfitStore('DATABASE_URL', `names ${path}, which is a database of another program`);
}

function explain({ code, message }: Error & { code?: string }): string {
  switch (code) {
    case 'SQLITE_BUSY':
      return 'another process has it open; a SQLite store belongs to one process';
    case 'SQLITE_NOTADB':
      return 'it is not a SQLite database';
    default:
      return message;
  }
}
