import { MIGRATIONS } from '../../src/store/database/migrate.js';
import type { Migration } from '../../src/store/database/migrations/migration.js';

/** The migrations of a release before the one with this name. */
export function migrationsBefore(name: string): readonly Migration[] {
  const index = MIGRATIONS.findIndex((migration) => migration.name === name);
  if (index === -1) throw new Error(`there is no migration ${name}`);
  return MIGRATIONS.slice(0, index);
}
