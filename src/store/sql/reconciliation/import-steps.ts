import type { Kysely } from 'kysely';
import type { Database } from '../../database/database.js';
import type { StoreHealth } from '../../database/store-health.js';
import type { Tables } from '../../database/tables.js';
import type { ImportLeases } from './import-leases.js';
import type { Import } from '../../contracts/reconciliation-store.js';

type Work<T> = (kysely: Kysely<Tables>) => Promise<T>;

/** How an import uses the store: in steps that each are small, and that nobody takes who was given up for dead. */
export class ImportSteps {
  constructor(
    private readonly database: Database,
    private readonly health: StoreHealth,
    private readonly leases: ImportLeases,
  ) {}

  read<T>(query: Work<T>): Promise<T> {
    return this.health.guard(() => query(this.database.kysely));
  }

  write(staged: Import, work: Work<unknown>): Promise<void> {
    return this.health.guard(() =>
      this.database.write(async (transaction) => {
        await this.leases.renew(transaction, staged.id);
        await work(transaction);
      }),
    );
  }
}
