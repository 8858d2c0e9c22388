import { copyFileSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Libsql from 'libsql';

/** A database file in a folder of its own, which is there until `remove`. */
export class SqliteFile {
  readonly #folder = mkdtempSync(join(tmpdir(), 'payments-'));
  readonly #path = join(this.#folder, 'payments.db');
  readonly url = `sqlite:${this.#path}`;
  #copies = 0;

  /** Queries the file as the last process left it. Of a copy: libsql keeps what it opened until its objects are collected. */
  query<Row>(query: string): Row[] {
    const copy = join(this.#folder, `copy-${(this.#copies += 1)}.db`);
    for (const part of ['', '-wal']) if (existsSync(this.#path + part)) copyFileSync(this.#path + part, copy + part);
    return new Libsql(copy).prepare(query).all() as Row[];
  }

  remove(): void {
    rmSync(this.#folder, { recursive: true });
  }
}
