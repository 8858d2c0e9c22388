import { chmodSync, closeSync, lstatSync, mkdirSync, openSync, realpathSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { ExpressionWrapper, Kysely, SqliteDialect, sql } from 'kysely';
import type { OperationNodeSource, RawBuilder } from 'kysely';
import Libsql from 'libsql';
import { LocalChanges } from './local-changes.js';
import type { Database, Queryable } from './database.js';
import { GroupCommit } from './group-commit.js';
import { StoreConfigurationError } from './store-configuration-error.js';
import type { Tables } from './tables.js';

const OWNER_ONLY = 0o600;
const FOLDER_OF_OWNER = 0o700;
const OTHERS = 0o077;

/** Told of a file that others could read until now. */
export type RightsObserver = (file: string) => void;

/** A database in a file that belongs to this process while it runs, or in memory (`:memory:`). */
export function openSqlite(path: string, onRightsTaken: RightsObserver): Database {
  const connection = connect(path, onRightsTaken);
  const kysely = new Kysely<Tables>({ dialect: new SqliteDialect({ database: connection }) });
  const commits = new GroupCommit(kysely);
  return {
    kysely,
    nowMs: sql<number>`cast(unixepoch('subsec') * 1000 as integer)`,
    dialect: 'sqlite',
    changes: new LocalChanges(),
    conditionalWrite: (gate, followers) =>
      commits.write((transaction) => queryableOn(transaction).conditionalWrite(gate, followers)),
    write: (unit) => commits.write(unit),
    // The file is this process's, which runs one transaction at a time.
    writeExclusive: (_, unit) => commits.write((transaction) => unit(queryableOn(transaction))),
    migrate: (work) => commits.write(work),
    close: () => kysely.destroy(),
  };
}

function queryableOn(transaction: Kysely<Tables>): Queryable {
  return {
    kysely: transaction,
    conditionalWrite: async (gate, followers) => {
      const { rows } = await run<{ at: number }>(gate, transaction);
      const at = rows[0]?.at;
      if (at === undefined) return undefined;
      const taken = {
        applied: sql<boolean>`true`,
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

function connect(path: string, onRightsTaken: RightsObserver): InstanceType<typeof Libsql> {
  try {
    // As an absolute path it is not taken for a URI or for a server.
    const file = path === ':memory:' ? path : createFile(path);
    const connection = new Libsql(file);
    refuseForeign(connection, path);
    // The lock is taken by the first access and held until the process ends, however it ends.
    connection.pragma('locking_mode = EXCLUSIVE');
    connection.pragma('journal_mode = WAL');
    connection.pragma('synchronous = FULL');
    connection.pragma('foreign_keys = ON');
    connection.exec('BEGIN EXCLUSIVE; COMMIT');
    if (file !== ':memory:') takeRights(file, onRightsTaken);
    return connection;
  } catch (error) {
    if (error instanceof StoreConfigurationError) throw error;
    throw new StoreConfigurationError('DATABASE_URL', `names ${path}: ${explain(error as Error & { code?: string })}`);
  }
}

/** Nobody but its owner reads it; what SQLite puts beside it takes over the mode. Out: where it really is. */
function createFile(path: string): string {
  const found = statSync(path, { throwIfNoEntry: false });
  // A pipe would never open, and a device keeps nothing.
  if (found !== undefined && !found.isFile() && !found.isDirectory()) throw new Error('it is not a file');
  // As when its volume is not there.
  if (found === undefined && lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() === true)
    throw new Error('it is a link to a file that is not there');
  mkdirSync(dirname(path), { recursive: true, mode: FOLDER_OF_OWNER });
  closeSync(openSync(path, 'a', OWNER_ONLY));
  return realpathSync(path);
}

/**
 * Takes the rights of others from a file that was there, as after a copy or by a volume's group, and from what lies beside it. It is
 * not refused for them: some volumes give them anew at each start.
 */
function takeRights(file: string, onRightsTaken: RightsObserver): void {
  for (const each of [file, `${file}-wal`, `${file}-shm`, `${file}-journal`]) {
    if (!othersMay(each)) continue;
    try {
      chmodSync(each, OWNER_ONLY);
    } catch {
      // It is told below.
    }
    if (othersMay(each))
      throw new Error(`others may read ${each}, and that cannot be changed: have its owner run chmod 600, or move it`);
    onRightsTaken(each);
  }
}

function othersMay(file: string): boolean {
  return ((statSync(file, { throwIfNoEntry: false })?.mode ?? 0) & OTHERS) !== 0;
}

/** A file with tables of somebody else is a mistake in DATABASE_URL, and is left as it is. */
function refuseForeign(connection: InstanceType<typeof Libsql>, path: string): void {
  const tables = connection.prepare("select name from sqlite_master where type = 'table'").all() as { name: string }[];
  if (tables.length === 0 || tables.some(({ name }) => name === 'schema_migrations')) return;
  throw new StoreConfigurationError('DATABASE_URL', `names ${path}, which is a database of another program`);
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
