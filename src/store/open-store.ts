import type { ApiKeyStore } from './contracts/api-key-store.js';
import type { RateLimits } from '../domain/rate-limits.js';
import { checkDataKeys } from './encryption/data-keys.js';
import type { Changes } from './contracts/changes.js';
import type { DataKeys } from './encryption/data-keys.js';
import type { Database } from './database/database.js';
import { migrate } from './database/migrate.js';
import { openPostgres } from './database/postgres.js';
import { SqlOrphanStore } from './sql/sql-orphan-store.js';
import { SqlApiKeyStore } from './sql/sql-api-key-store.js';
import { SqlAttemptStore } from './sql/attempts/sql-attempt-store.js';
import type { CallbackStore } from './contracts/callback-store.js';
import { SqlCallbackStore } from './sql/sql-callback-store.js';
import { SqlInboxStore } from './sql/sql-inbox-store.js';
import { SqlImportStore } from './sql/reconciliation/sql-import-store.js';
import { SqlDueStore } from './sql/sql-due-store.js';
import { SqlStatusStore } from './sql/sql-status-store.js';
import { SqlPaymentStore } from './sql/sql-payment-store.js';
import { SqlReconciliationStore } from './sql/reconciliation/sql-reconciliation-store.js';
import { SqlRetentionStore } from './sql/sql-retention-store.js';
import { StoreProbe, StoreHealth, problemOf } from './database/store-health.js';
import { openSqlite } from './database/sqlite.js';
import type { StoreObserver } from './database/store-health.js';
import { StoreConfigurationError } from './database/database.js';
import type { OrphanStore, AttemptStore } from './contracts/attempt-store.js';
import type { DueStore, StatusStore } from './contracts/status-store.js';
import type { InboxStore } from './contracts/inbox-store.js';
import type { PaymentStore } from './contracts/payment-store.js';
import type { RetentionStore } from './contracts/retention-store.js';
import type { ImportStore, ReconciliationStore } from './contracts/reconciliation-store.js';

/** Where the store is, and the times and limits that its contracts apply. */
export interface StoreSettings {
  /** `sqlite:path`, `sqlite::memory:`, or `postgres://…`. */
  readonly databaseUrl: string;
  readonly dataKeys: DataKeys;
  /** For how long an attempt holds its key. */
  readonly leaseMs: number;
  /** Delay before a started payment is looked up for the first time. */
  readonly checkAfterMs: number;
  readonly limits: RateLimits;
}

/** The gateway's persistence, one contract for each purpose. */
export interface Store {
  readonly apiKeys: ApiKeyStore;
  readonly attempts: AttemptStore;
  readonly payments: PaymentStore;
  readonly statuses: StatusStore;
  readonly due: DueStore;
  readonly orphans: OrphanStore;
  readonly inbox: InboxStore;
  readonly callbacks: CallbackStore;
  readonly imports: ImportStore;
  readonly reconciliation: ReconciliationStore;
  readonly retention: RetentionStore;
  readonly changes: Changes;
  /** Writes to check whether the database accepts writes; never throws. */
  isReady(): Promise<boolean>;
  /** Closes the database. */
  close(): Promise<void>;
}

/** Opens the store, with its schema migrated and the data keys checked. Throws a `StoreConfigurationError`. */
export async function openStore(settings: StoreSettings, observer: StoreObserver): Promise<Store> {
  const { databaseUrl, dataKeys, leaseMs, checkAfterMs, limits } = settings;
  const database = await openDatabase(databaseUrl, observer.onPermissionsTightened);
  try {
    await migrate(database);
    await checkDataKeys(database, dataKeys);
    const health = new StoreHealth(observer);
    const attempts = new SqlAttemptStore(database, dataKeys, health, leaseMs, checkAfterMs, limits);
    // A SQLite file belongs to one process: since this one could open it, every process that held claims has ended.
    if (database.dialect === 'sqlite') while ((await attempts.expireStaleAttempts(true)) > 0);
    const probe = new StoreProbe(database, health);
    return {
      apiKeys: new SqlApiKeyStore(database, dataKeys, health),
      attempts,
      payments: new SqlPaymentStore(database, dataKeys, health),
      statuses: new SqlStatusStore(database, dataKeys, health, checkAfterMs),
      due: new SqlDueStore(database, dataKeys, health),
      orphans: new SqlOrphanStore(database, dataKeys, health),
      inbox: new SqlInboxStore(database, dataKeys, health),
      callbacks: new SqlCallbackStore(database, dataKeys, health),
      imports: new SqlImportStore(database, dataKeys, health),
      reconciliation: new SqlReconciliationStore(database, dataKeys, health),
      retention: new SqlRetentionStore(database, dataKeys, health),
      changes: database.changes,
      isReady: () => probe.isReady(),
      close: () => database.close(),
    };
  } catch (error) {
    await database.close();
    if (error instanceof StoreConfigurationError) throw error;
    throw new StoreConfigurationError('DATABASE_URL', `refers to a database that cannot be used: ${problemOf(error)}`);
  }
}

/** Opens the database of a URL as in the settings. Throws a `StoreConfigurationError`. */
export async function openDatabase(
  databaseUrl: string,
  onPermissionsTightened: (file: string) => void = () => undefined,
): Promise<Database> {
  return databaseUrl.startsWith('sqlite:')
    ? openSqlite(databaseUrl.slice('sqlite:'.length), onPermissionsTightened)
    : openPostgres(databaseUrl);
}
