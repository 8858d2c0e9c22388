import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll } from '@jest/globals';
import { TestPostgres } from '../support/postgres.js';

/** Makes URLs of empty stores of each kind, which are gone after the tests of the file that calls this. */
export class EmptyStores {
  readonly #folder = mkdtempSync(join(tmpdir(), 'store-test-'));
  #postgres: TestPostgres | undefined;
  #made = 0;

  constructor() {
    beforeAll(async () => {
      this.#postgres = await new TestPostgres().start();
    });
    afterAll(async () => {
      await this.#postgres?.stop();
      rmSync(this.#folder, { recursive: true });
    });
  }

  readonly sqlite = (): string => `sqlite:${join(this.#folder, `${(this.#made += 1)}.db`)}`;

  readonly onPostgres = async (): Promise<string> => this.#server.databaseUrl(await this.#server.createDatabase());

  get #server(): TestPostgres {
    if (this.#postgres === undefined) throw new Error('PostgreSQL runs while tests do');
    return this.#postgres;
  }
}
