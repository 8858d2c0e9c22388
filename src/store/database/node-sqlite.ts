import type { SqliteDatabase, SqliteStatement } from 'kysely';
import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite';
import { BoundedCache } from '../../lib/bounded-cache.js';

/** More than the texts that this program sends. Lists of values make further ones. */
const MAX_STATEMENTS = 500;

interface NodeSqliteStatement extends SqliteStatement {
  /** Runs the statement and returns its first row. */
  get(values: readonly unknown[]): object | undefined;
}

/** SQLite as Kysely's dialect expects it. Compiles each text once: compiling one costs more than running it. */
export class NodeSqlite implements SqliteDatabase {
  readonly #statements = new BoundedCache<string, NodeSqliteStatement>(MAX_STATEMENTS);

  constructor(private readonly connection: DatabaseSync) {}

  prepare(text: string): NodeSqliteStatement {
    const known = this.#statements.get(text);
    if (known !== undefined) return known;
    const statement = toKysely(this.connection.prepare(text));
    this.#statements.set(text, statement);
    return statement;
  }

  close(): void {
    this.connection.close();
  }
}

function toKysely(statement: StatementSync): NodeSqliteStatement {
  return {
    get: (values) => statement.get(...(values as SQLInputValue[])),
    reader: statement.columns().length > 0,
    all: (values) => statement.all(...(values as SQLInputValue[])),
    run: (values) => statement.run(...(values as SQLInputValue[])),
    iterate: (values) => statement.iterate(...(values as SQLInputValue[])),
  };
}
