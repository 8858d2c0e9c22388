import { randomBytes, randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import type { Selectable } from 'kysely';
import type { PaymentDeliveryMethod, PaymentDetails, PaymentSession, PaymentFilter } from '../../src/domain/payment.js';
import { UNLIMITED } from '../support/unlimited.js';
import type { RateLimits } from '../../src/domain/rate-limits.js';
import { Sensitive } from '../../src/domain/sensitive.js';
import { checkDataKeys, DataKeys } from '../../src/store/encryption/data-keys.js';
import type { Database } from '../../src/store/database/database.js';
import { migrate } from '../../src/store/database/migrate.js';
import { openDatabase, openStore } from '../../src/store/open-store.js';
import { SqlImportStore } from '../../src/store/sql/reconciliation/sql-import-store.js';
import { SqlReconciliationStore } from '../../src/store/sql/reconciliation/sql-reconciliation-store.js';
import { SqlOrphanStore } from '../../src/store/sql/sql-orphan-store.js';
import { SqlApiKeyStore } from '../../src/store/sql/sql-api-key-store.js';
import { SqlAttemptStore } from '../../src/store/sql/attempts/sql-attempt-store.js';
import { SqlCallbackStore } from '../../src/store/sql/sql-callback-store.js';
import { SqlInboxStore } from '../../src/store/sql/sql-inbox-store.js';
import { SqlDueStore } from '../../src/store/sql/sql-due-store.js';
import { SqlStatusStore } from '../../src/store/sql/sql-status-store.js';
import { SqlPaymentStore } from '../../src/store/sql/sql-payment-store.js';
import { SqlRetentionStore } from '../../src/store/sql/sql-retention-store.js';
import { StoreHealth } from '../../src/store/database/store-health.js';
import type { Attempt, KeyRecord } from '../../src/domain/idempotency-key.js';
import type { NewClaim } from '../../src/store/contracts/attempt-store.js';
import type { Tables } from '../../src/store/database/tables.js';
import { insertPayments } from '../support/many-payments.js';
import { until } from '../support/until.js';

export const dataKey = (id: string, bytes = randomBytes(32)) => ({ id, bytes: new Sensitive(bytes) });

/** Longer than any test takes. */
const LONG_MS = 600_000;

const TABLES = [
  'payment_sessions',
  'payment_session_events',
  'payment_references',
  'payment_mismatches',
  'idempotency_keys',
  'abandoned_attempts',
  'webhook_inbox',
  'reconciliation_imports',
  'reconciliation_rows',
  'reconciliation_absences',
  'callback_subscriptions',
  'callback_holders',
  'api_keys',
] as const satisfies readonly (keyof Tables)[];

/** The filter that includes every payment. */
export const EVERYTHING: PaymentFilter = {
  referenceId: undefined,
  userId: undefined,
  status: undefined,
  deliveryMethod: undefined,
  createdFrom: undefined,
  createdBefore: undefined,
};

export const NOBODY_LISTENS = { onFailure: () => undefined, onRecovery: () => undefined };

/** The parts of a store on one database, with access to its rows. */
export class TestStore {
  readonly apiKeys: SqlApiKeyStore;
  readonly attempts: SqlAttemptStore;
  readonly payments: SqlPaymentStore;
  readonly statuses: SqlStatusStore;
  readonly due: SqlDueStore;
  readonly orphans: SqlOrphanStore;
  readonly inbox: SqlInboxStore;
  readonly callbacks: SqlCallbackStore;
  readonly imports: SqlImportStore;
  readonly reconciliation: SqlReconciliationStore;
  readonly retention: SqlRetentionStore;

  private constructor(
    readonly database: Database,
    private readonly keys: DataKeys,
  ) {
    this.apiKeys = new SqlApiKeyStore(database, keys, new StoreHealth(NOBODY_LISTENS));
    this.attempts = this.withLease(LONG_MS);
    this.payments = new SqlPaymentStore(database, keys, new StoreHealth(NOBODY_LISTENS));
    this.statuses = new SqlStatusStore(database, keys, new StoreHealth(NOBODY_LISTENS), LONG_MS);
    this.due = new SqlDueStore(database, keys, new StoreHealth(NOBODY_LISTENS));
    this.orphans = new SqlOrphanStore(database, keys, new StoreHealth(NOBODY_LISTENS));
    this.inbox = this.inboxWith(keys);
    this.callbacks = new SqlCallbackStore(database, keys, new StoreHealth(NOBODY_LISTENS));
    this.imports = new SqlImportStore(database, keys, new StoreHealth(NOBODY_LISTENS));
    this.reconciliation = new SqlReconciliationStore(database, keys, new StoreHealth(NOBODY_LISTENS));
    this.retention = new SqlRetentionStore(database, keys, new StoreHealth(NOBODY_LISTENS));
  }

  static async open(url: string, keys = new DataKeys([dataKey('test')])): Promise<TestStore> {
    const database = await openDatabase(url);
    const store = new TestStore(database, keys);
    try {
      await migrate(database);
      await checkDataKeys(database, keys);
      return store;
    } catch (error) {
      await store.close();
      throw error;
    }
  }

  /** The attempts as another replica with this lease sees them. */
  withLease(ms: number): SqlAttemptStore {
    return new SqlAttemptStore(this.database, this.keys, new StoreHealth(NOBODY_LISTENS), ms, LONG_MS, UNLIMITED);
  }

  /** The attempts as a replica with these limits and this clock sees them. */
  limited(limits: Partial<RateLimits>, clock: () => number): SqlAttemptStore {
    const health = new StoreHealth(NOBODY_LISTENS);
    return new SqlAttemptStore(this.timed(clock), this.keys, health, LONG_MS, LONG_MS, { ...UNLIMITED, ...limits });
  }

  /** The same database under another clock. Its prepared writes are compiled for each run, with the time of the run. */
  timed(clock: () => number): Database {
    const { database } = this;
    const prepareWrite: Database['prepareWrite'] = (write) => ({
      run: (values) => database.prepareWrite<typeof values, never>(write).run(values),
      runExclusive: (name, values) =>
        database.prepareWrite<ReturnType<typeof values>, never>(write).runExclusive(name, values),
    });
    return Object.create(database, {
      nowMs: { get: () => sql<number>`${sql.lit(clock())}` },
      prepareWrite: { value: prepareWrite },
    }) as Database;
  }

  /** The inbox as a replica with other data keys sees it. */
  inboxWith(keys: DataKeys): SqlInboxStore {
    return new SqlInboxStore(this.database, keys, new StoreHealth(NOBODY_LISTENS));
  }

  rows<T extends keyof Tables>(table: T): Promise<Selectable<Tables[T]>[]> {
    const all = sql<Selectable<Tables[T]>>`select * from ${sql.table(table)}`;
    return all.execute(this.database.kysely).then(({ rows }) => rows);
  }

  /** Inserts payments that exist at Flinks. */
  add(...payments: readonly PaymentSession[]): Promise<void> {
    return insertPayments(this.database, this.keys, payments);
  }

  /** Deletes all rows. */
  async empty(): Promise<void> {
    for (const table of TABLES) await sql`delete from ${sql.table(table)}`.execute(this.database.kysely);
  }

  /** Closes the store. Its file can be opened again afterwards. */
  async close(): Promise<void> {
    await this.database.close();
  }

  /** Starts the first attempt of a new key. */
  begin(operation: PaymentDeliveryMethod = 'LINK', attempts = this.attempts): Promise<Attempt> {
    return this.beginAs({ deliveryMethod: operation }, attempts);
  }

  /** Like `begin`, with changes to the claim. */
  async beginAs(change: Partial<NewClaim>, attempts = this.attempts): Promise<Attempt> {
    const claimed = await attempts.claim(newClaim(change));
    if (!('attempt' in claimed)) throw new Error('the key is taken');
    return claimed.attempt;
  }

  /** Starts the first attempt for an e-mail and sets its send marker. */
  async beginSend(attempts = this.attempts): Promise<Attempt> {
    const attempt = await this.begin('EMAIL', attempts);
    if (!(await attempts.mark(attempt))) throw new Error('the mark was not taken');
    return attempt;
  }

  /** Starts an attempt whose lease expires at once. */
  async beginExpired(operation: PaymentDeliveryMethod): Promise<Attempt> {
    const attempt = await this.begin(operation, this.withLease(1));
    await until(async () => (await this.record(attempt)).isLeaseExpired);
    return attempt;
  }

  /** Starts an attempt for an e-mail, sets its send marker, and expires its lease. */
  async beginExpiredSend(): Promise<Attempt> {
    const attempt = await this.beginSend();
    await this.expireLease(attempt);
    return attempt;
  }

  /** Expires the lease of an attempt. */
  async expireLease({ payment }: Attempt): Promise<void> {
    await sql`update idempotency_keys set lease_until = 0 where payment_session_id = ${payment.id}`.execute(
      this.database.kysely,
    );
  }

  async record({ payment }: Pick<Attempt, 'payment'>): Promise<KeyRecord> {
    const record = await this.attempts.read(payment);
    if (record === undefined) throw new Error('the key is gone');
    return record;
  }

  async listStatuses({ payment }: Pick<Attempt, 'payment'>): Promise<string[]> {
    const events = await this.payments.findEvents([payment.id]);
    return (events.get(payment.id) ?? []).map(({ status }) => status);
  }
}

/** Opens a store and closes it. Returns "opened", or the error with which it was rejected. */
export async function openingResult(databaseUrl: string, key = dataKey('test')): Promise<string> {
  const settings = {
    databaseUrl,
    dataKeys: new DataKeys([key]),
    leaseMs: LONG_MS,
    checkAfterMs: LONG_MS,
    limits: UNLIMITED,
  };
  const store = await openStore(settings, NOBODY_LISTENS).catch(String);
  if (typeof store === 'string') return store;
  await store.close();
  return 'opened';
}

export function newOrder(): PaymentDetails {
  return {
    customer: {
      userId: 'user-1',
      name: new Sensitive('Zoé Tremblay-Côté'),
      email: new Sensitive('zoe.tremblay@example.com'),
    },
    amount: { amountMinor: 25_010, currency: 'CAD' },
    referenceId: 'LOAN-1042',
    clientUrls: ['https://shop.example/pay?a=1&b=é', 'https://ünïcode.example'],
  };
}

/** A claim of a new key, apart from the changes. */
export function newClaim(change: Partial<NewClaim> = {}): NewClaim {
  return {
    clientId: 'anonymous',
    deliveryMethod: 'LINK',
    key: randomUUID(),
    order: newOrder(),
    fingerprint: { mac: 'mac', keyId: 'test', version: 1 },
    guarded: false,
    isLate: () => false,
    ...change,
  };
}
