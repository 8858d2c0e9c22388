import { join } from 'node:path';
import { withService } from '../support/fixture.js';
import { TestPostgres } from '../support/postgres.js';
import { TemporaryFolder } from '../support/temporary-folder.js';

/** Makes URLs of empty stores of each kind, which are gone after the tests of the file that calls this. */
export class EmptyStores {
  readonly #folder = withService(new TemporaryFolder());
  readonly #postgres = withService(new TestPostgres());
  #made = 0;

  readonly sqlite = (): string => `sqlite:${join(this.#folder.path, `${(this.#made += 1)}.db`)}`;

  readonly onPostgres = async (): Promise<string> => this.#postgres.databaseUrl(await this.#postgres.createDatabase());
}
