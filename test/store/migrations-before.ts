import { MIGRATIONS } from '../../src/store/database/migrate.js';
import type { Migration } from '../../src/store/database/migrations/migration.js';

/** The steps of a release that does not have the step of this name yet. */
export function migrationsBefore(name: string): readonly Migration[] {
  const index = MIGRATIONS.findIndex((migration) => migration.name === name);
  if (index === -1) throw new Error(`there is no migration ${name}`);
  return MIGRATIONS.slice(0, index);
}
