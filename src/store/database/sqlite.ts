import { Kysely, SqliteDialect, sql } from 'kysely';
import { chmodSync, closeSync, lstatSync, mkdirSync, openSync, realpathSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { ChangeListener, Changes } from '../contracts/changes.js';
import type { Database } from './database.js';
import { StoreConfigurationError } from './database.js';
import { GroupCommit } from './group-commit.js';
import { insertRowsSqlite } from './insert-rows.js';
import { NodeSqlite } from './node-sqlite.js';
import { SqliteWrite } from './sqlite-write.js';
import type { Tables } from './tables.js';

const OWNER_ONLY = 0o600;
const OWNER_ONLY_FOLDER = 0o700;
const OTHERS = 0o077;
// SQLite's result codes.
const BUSY = 5;
const NOT_A_DATABASE = 26;

type SqliteError = Error & { readonly errcode?: number };
/** Called with a file that other users could read until now. */
type RightsObserver = (file: string) => void;

/** Opens a file that belongs to this process while it runs, or `:memory:`. Throws a `StoreConfigurationError`. */
export function openSqlite(path: string, onPermissionsTightened: RightsObserver): Database {
  const connection = connect(path, onPermissionsTightened);
  const sqlite = new NodeSqlite(connection);
  const kysely = new Kysely<Tables>({ dialect: new SqliteDialect({ database: sqlite }) });
  const commits = new GroupCommit(kysely);
  return {
    kysely,
    nowMs: sql<number>`cast(unixepoch('subsec') * 1000 as integer)`,
    dialect: 'sqlite',
    changes: localChanges(),
    insertRows: insertRowsSqlite,
    listOf: (texts) => sql`(select value from json_each(${JSON.stringify(texts)}))`,
    write: (unit) => commits.write(unit),
    prepareWrite: (definition) => new SqliteWrite(sqlite, commits, definition),
    migrate: (work) => commits.write(work),
    close: async () => {
      await kysely.destroy();
      // Kysely closes only what it has used.
      if (connection.isOpen) connection.close();
    },
  };
}

function connect(path: string, onPermissionsTightened: RightsObserver): DatabaseSync {
  try {
    // An absolute path cannot be mistaken for a URI or a server.
    const file = path === ':memory:' ? path : createFile(path);
    const connection = new DatabaseSync(file);
    try {
      rejectForeignDatabase(connection, path);
      takeOver(connection);
      if (file !== ':memory:') tightenPermissions(file, onPermissionsTightened);
      return connection;
    } catch (error) {
      connection.close();
      throw error;
    }
  } catch (error) {
    if (error instanceof StoreConfigurationError) throw error;
    const problem = explain(error as SqliteError);
    throw new StoreConfigurationError('DATABASE_URL', `refers to ${path}: ${problem}`);
  }
}

/** The lock is taken by the first access and held until the process ends, however it ends. */
function takeOver(connection: DatabaseSync): void {
  connection.exec(`
    PRAGMA locking_mode = EXCLUSIVE;
    PRAGMA journal_mode = WAL;
    PRAGMA synchronous = FULL;
    PRAGMA foreign_keys = ON;
    BEGIN EXCLUSIVE; COMMIT`);
}

/** Creates a missing file, readable by its owner only, like those that SQLite puts beside it. Returns its real path. */
function createFile(path: string): string {
  const found = statSync(path, { throwIfNoEntry: false });
  // A pipe would never open, and a device stores nothing.
  if (found !== undefined && !found.isFile() && !found.isDirectory()) throw new Error('it is not a file');
  // For example because its volume is not mounted.
  if (found === undefined && lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() === true)
    throw new Error('it is a link to a missing file');
  mkdirSync(dirname(path), { recursive: true, mode: OWNER_ONLY_FOLDER });
  closeSync(openSync(path, 'a', OWNER_ONLY));
  return realpathSync(path);
}

/**
 * Removes others' permissions from a file and those beside it: they may come from a copy or a volume's group. The file
 * is not rejected because of them, since some volumes grant them again at each start.
 */
function tightenPermissions(file: string, onPermissionsTightened: RightsObserver): void {
  for (const each of [file, `${file}-wal`, `${file}-shm`, `${file}-journal`]) {
    if (!othersCanAccess(each)) continue;
    try {
      chmodSync(each, OWNER_ONLY);
    } catch {
      // Checked below.
    }
    if (othersCanAccess(each))
      throw new Error(
        `other users can read ${each}, and this process cannot change that: run chmod 600 as its owner, or move it`,
      );
    onPermissionsTightened(each);
  }
}

function othersCanAccess(file: string): boolean {
  return ((statSync(file, { throwIfNoEntry: false })?.mode ?? 0) & OTHERS) !== 0;
}

/** A file with tables of another program is a mistake in DATABASE_URL, and is left unchanged. */
function rejectForeignDatabase(connection: DatabaseSync, path: string): void {
  const tables = connection.prepare("select name from sqlite_master where type = 'table'").all() as { name: string }[];
  if (tables.length === 0 || tables.some(({ name }) => name === 'schema_migrations')) return;
  throw new StoreConfigurationError('DATABASE_URL', `refers to ${path}, which is a database of another program`);
}

function explain({ errcode, message }: SqliteError): string {
  // The upper bytes say more about the error.
  const code = (errcode ?? 0) & 0xff;
  if (code === BUSY) return 'another process has it open, and only one process can use a SQLite database';
  return code === NOT_A_DATABASE ? 'it is not a SQLite database' : message;
}

/** Change notifications for a database that belongs to one process. */
function localChanges(): Changes {
  let current: ChangeListener | undefined;
  return {
    publish: (paymentId) => current?.onChange(paymentId),
    subscribe: (listener) => (current = listener),
    close: () => Promise.resolve(),
  };
}
