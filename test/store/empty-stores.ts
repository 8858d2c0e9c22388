import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll } from '@jest/globals';
import { TestPostgres } from '../support/postgres.js';

/** Creates URLs of empty stores of each kind, and removes the stores after the tests of the file. */
export class EmptyStores {
  readonly #folder = mkdtempSync(join(tmpdir(), 'store-test-'));
  #postgres: TestPostgres | undefined;
  #count = 0;

  constructor() {
    beforeAll(async () => {
      this.#postgres = await TestPostgres.start();
    });
    afterAll(async () => {
      await this.#postgres?.stop();
      rmSync(this.#folder, { recursive: true });
    });
  }

  readonly sqlite = (): string => `sqlite:${join(this.#folder, `${(this.#count += 1)}.db`)}`;

  readonly onPostgres = async (): Promise<string> => this.#server.databaseUrl(await this.#server.createDatabase());

  get #server(): TestPostgres {
    if (this.#postgres === undefined) throw new Error('PostgreSQL runs while tests do');
    return this.#postgres;
  }
}
