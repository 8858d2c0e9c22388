import { join } from 'node:path';
import { TestPostgres } from '../support/postgres.js';
import { withService } from '../support/services.js';
import { TemporaryFolder } from '../support/temporary-folder.js';

/** Creates URLs of empty stores of each kind, and removes the stores after the tests of the file. */
export class EmptyStores {
  readonly #folder = withService(new TemporaryFolder());
  readonly #postgres = withService(new TestPostgres());
  #count = 0;

  readonly sqlite = (): string => `sqlite:${join(this.#folder.path, `${(this.#count += 1)}.db`)}`;

  readonly onPostgres = async (): Promise<string> => this.#postgres.databaseUrl(await this.#postgres.createDatabase());
}
