import { copyFileSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import Libsql from 'libsql';
import { TemporaryFolder } from './temporary-folder.js';

/** A database file in a temporary folder. */
export class SqliteFile extends TemporaryFolder {
  readonly #path = join(this.path, 'payments.db');
  readonly url = `sqlite:${this.#path}`;
  #copies = 0;

  /** Queries a copy of the file, because libsql keeps a file open until its objects are garbage-collected. */
  query<Row>(query: string): Row[] {
    const copy = join(this.path, `copy-${(this.#copies += 1)}.db`);
    for (const part of ['', '-wal']) if (existsSync(this.#path + part)) copyFileSync(this.#path + part, copy + part);
    return new Libsql(copy).prepare(query).all() as Row[];
  }
}
