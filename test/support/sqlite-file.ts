import { copyFileSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { TemporaryFolder } from './temporary-folder.js';

/** A database file in a temporary folder. */
export class SqliteFile extends TemporaryFolder {
  readonly #path = join(this.path, 'payments.db');
  readonly url = `sqlite:${this.#path}`;
  #copies = 0;

  /** Queries a copy of the file, which belongs to the process that has it open. */
  query<Row>(query: string): Row[] {
    const copy = join(this.path, `copy-${(this.#copies += 1)}.db`);
    for (const part of ['', '-wal']) if (existsSync(this.#path + part)) copyFileSync(this.#path + part, copy + part);
    using database = new DatabaseSync(copy);
    return database.prepare(query).all() as Row[];
  }
}
