import type { Kysely } from 'kysely';
import type { Database } from '../../database/database.js';
import type { StoreHealth } from '../../database/store-health.js';
import type { Tables } from '../../database/tables.js';
import type { ImportLeases } from './import-leases.js';
import type { Import } from '../../contracts/reconciliation-store.js';

type Work<T> = (kysely: Kysely<Tables>) => Promise<T>;

/**
 * Accesses the database for an import in small steps. Each write renews the lease, and fails if the import has lost it.
 */
export class ImportSteps {
  constructor(
    private readonly database: Database,
    private readonly health: StoreHealth,
    private readonly leases: ImportLeases,
  ) {}

  /** Runs a query outside of a transaction. */
  read<T>(query: Work<T>): Promise<T> {
    return this.health.guard(() => query(this.database.kysely));
  }

  /** Runs a write in a transaction that also renews the import's lease. */
  write(staged: Import, work: Work<unknown>): Promise<void> {
    return this.health.guard(() =>
      this.database.write(async (transaction) => {
        await this.leases.renew(transaction, staged.id);
        await work(transaction);
      }),
    );
  }
}
