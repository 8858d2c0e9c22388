import type { ApiKeyStore } from './api-key-store.js';
import type { RateLimits } from '../domain/rate-limits.js';
import { checkDataKeys } from './check-data-keys.js';
import type { Changes } from './changes.js';
import type { DataKeys } from './data-keys.js';
import type { Database } from './database.js';
import { migrate } from './migrate.js';
import { openPostgres } from './postgres.js';
import { SqlOrphanStore } from './sql-orphan-store.js';
import { SqlApiKeyStore } from './sql-api-key-store.js';
import { SqlAttemptStore } from './sql-attempt-store.js';
import type { CallbackStore } from './callback-store.js';
import { SqlCallbackStore } from './sql-callback-store.js';
import { SqlInboxStore } from './sql-inbox-store.js';
import { SqlImportStore } from './reconciliation/sql-import-store.js';
import { SqlDueStore } from './sql-due-store.js';
import { SqlStatusStore } from './sql-status-store.js';
import { SqlPaymentStore } from './sql-payment-store.js';
import { SqlReconciliationStore } from './reconciliation/sql-reconciliation-store.js';
import { SqlRetentionStore } from './sql-retention-store.js';
import { StoreProbe } from './store-probe.js';
import { openSqlite } from './sqlite.js';
import type { RightsObserver } from './sqlite.js';
import { StoreHealth, problemOf } from './store-health.js';
import type { StoreObserver } from './store-health.js';
import { StoreConfigurationError } from './unfit-store.js';
import type {
  OrphanStore,
  AttemptStore,
  DueStore,
  InboxStore,
  StatusStore,
  PaymentStore,
  RetentionStore,
} from './store.js';
import type { ImportStore, ReconciliationStore } from './reconciliation/reconciliation-store.js';

export interface StoreSettings {
  /** `sqlite:path`, `sqlite::memory:`, or `postgres://…`. */
  readonly databaseUrl: string;
  readonly dataKeys: DataKeys;
  /** How long an attempt is its owner's alone. */
  readonly leaseMs: number;
  /** After which time a payment that was started is looked up for the first time. */
  readonly checkAfterMs: number;
  readonly limits: RateLimits;
}

export interface Store {
  readonly apiKeys: ApiKeyStore;
  readonly attempts: AttemptStore;
  readonly payments: PaymentStore;
  readonly statuses: StatusStore;
  readonly due: DueStore;
  readonly abandoned: OrphanStore;
  readonly inbox: InboxStore;
  readonly callbacks: CallbackStore;
  readonly imports: ImportStore;
  readonly reconciliation: ReconciliationStore;
  readonly retention: RetentionStore;
  readonly changes: Changes;
  /** Writes to find out whether the store takes writes; never throws. */
  isReady(): Promise<boolean>;
  close(): Promise<void>;
}

/** Opens the store, brings its schema up to date and takes over what a dead process left. Throws `UnfitStore`. */
export async function openStore(settings: StoreSettings, observer: StoreObserver): Promise<Store> {
  const { databaseUrl, dataKeys, leaseMs, checkAfterMs, limits } = settings;
  const database = await openDatabase(databaseUrl, observer.onPermissionsTightened);
  try {
    await migrate(database);
    await checkDataKeys(database, dataKeys);
    const health = new StoreHealth(observer);
    const attempts = new SqlAttemptStore(database, dataKeys, health, leaseMs, checkAfterMs, limits);
    // A SQLite file belongs to one process: whoever held claims in it is dead, or we would not have it.
    if (database.dialect === 'sqlite') while ((await attempts.expireStaleAttempts(true)) > 0);
    const probe = new StoreProbe(database, health);
    return {
      apiKeys: new SqlApiKeyStore(database, health),
      attempts,
      payments: new SqlPaymentStore(database, dataKeys, health),
      statuses: new SqlStatusStore(database, dataKeys, health, checkAfterMs),
      due: new SqlDueStore(database, dataKeys, health),
      abandoned: new SqlOrphanStore(database, dataKeys, health),
      inbox: new SqlInboxStore(database, dataKeys, health),
      callbacks: new SqlCallbackStore(database, dataKeys, health),
      imports: new SqlImportStore(database, dataKeys, health),
      reconciliation: new SqlReconciliationStore(database, dataKeys, health),
      retention: new SqlRetentionStore(database, health),
      changes: database.changes,
      isReady: () => probe.isReady(),
      close: () => database.close(),
    };
  } catch (error) {
    await database.close();
    if (error instanceof StoreConfigurationError) throw error;
    throw new StoreConfigurationError('DATABASE_URL', `names a store that cannot be used: ${problemOf(error)}`);
  }
}

/** `databaseUrl` as in the settings. Throws `UnfitStore`. */
export async function openDatabase(
  databaseUrl: string,
  onRightsTaken: RightsObserver = () => undefined,
): Promise<Database> {
  return databaseUrl.startsWith('sqlite:')
    ? openSqlite(databaseUrl.slice('sqlite:'.length), onRightsTaken)
    : openPostgres(databaseUrl);
}
