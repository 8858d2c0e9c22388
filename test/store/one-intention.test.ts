import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { sql } from 'kysely';
import type { PaymentDeliveryMethod, PaymentSession } from '../../src/domain/payment.js';
import { DataKeys } from '../../src/store/encryption/data-keys.js';
import type { Database } from '../../src/store/database/database.js';
import { migrate } from '../../src/store/database/migrate.js';
import { openDatabase } from '../../src/store/open-store.js';
import { SqlAttemptStore } from '../../src/store/sql/attempts/sql-attempt-store.js';
import { SqlRetentionStore } from '../../src/store/sql/sql-retention-store.js';
import { StoreHealth } from '../../src/store/database/store-health.js';
import { insertPayments, paymentWith } from '../support/many-payments.js';
import { UNLIMITED } from '../support/unlimited.js';
import { EmptyStores } from './empty-stores.js';
import { migrationsBefore } from './migrations-before.js';
import { NOBODY_LISTENS, dataKey, newClaim } from './test-store.js';

const empty = new EmptyStores();
const keys = new DataKeys([dataKey('test')]);
const LEASE_MS = 60_000;

/** The migrations before one key was one intention. */
const OLDER = migrationsBefore('one intention');
const CLIENT = 'anonymous';
const both = ['LINK', 'EMAIL'] as const;
const other = (operation: PaymentDeliveryMethod): PaymentDeliveryMethod => (operation === 'LINK' ? 'EMAIL' : 'LINK');

describe.each([
  ['SQLite', empty.sqlite],
  ['PostgreSQL', empty.onPostgres],
])('a store on %s that the previous release wrote', (_, createUrl) => {
  let database: Database;
  let attempts: SqlAttemptStore;
  /** Payments of keys of the previous release, which only this release can insert. */
  let pendingPayments: PaymentSession[];

  beforeEach(async () => {
    database = await openDatabase(await createUrl());
    await migrate(database, OLDER);
    pendingPayments = [];
    attempts = new SqlAttemptStore(database, keys, new StoreHealth(NOBODY_LISTENS), LEASE_MS, LEASE_MS, UNLIMITED);
  });
  afterEach(() => database.close());

  /** Writes a payment's key as the previous release does. Returns the id of the payment, or undefined for a known key. */
  async function payAsPreviousRelease(
    operation: PaymentDeliveryMethod,
    key: string,
    state = 'DONE',
  ): Promise<string | undefined> {
    const payment = paymentWith({ deliveryMethod: operation });
    const written = await sql`insert into idempotency_keys (caller, operation, key, payment_session_id, fingerprint,
        fingerprint_key_id, fingerprint_form, state, attempt, owner, lease_until, closed_at)
      values (${CLIENT}, ${operation}, ${key}, ${payment.id}, 'mac', 'test', 1, ${state}, 1, 'o', 0,
        ${state === 'DONE' ? 1 : null})
      on conflict (caller, operation, key) do nothing returning key`.execute(database.kysely);
    if (written.rows.length === 0) return undefined;
    pendingPayments.push(payment);
    return payment.id;
  }

  const writePayments = () => insertPayments(database, keys, pendingPayments.splice(0));

  async function bringUpToDate(): Promise<void> {
    await migrate(database);
    await writePayments();
  }

  const claim = (operation: PaymentDeliveryMethod, key: string) =>
    attempts.claim(newClaim({ clientId: CLIENT, deliveryMethod: operation, key }));
  const count = async (table: 'idempotency_keys' | 'payment_sessions') =>
    (await database.kysely.selectFrom(table).select('caller').execute()).length;

  it.each(both)('keeps returning both payments of a key that both mutations used, %s first', async (first) => {
    const ids = new Map<string, string | undefined>();
    for (const operation of [first, other(first)]) ids.set(operation, await payAsPreviousRelease(operation, 'both'));
    await payAsPreviousRelease('LINK', 'one');
    await bringUpToDate();
    for (const operation of both)
      expect(await claim(operation, 'both')).toMatchObject({ record: { payment: { id: ids.get(operation) } } });
    expect(await claim('EMAIL', 'one')).toMatchObject({ record: { payment: { deliveryMethod: 'LINK' } } });
    expect(await count('idempotency_keys')).toBe(3);
    expect(await count('payment_sessions')).toBe(3);
    const rivals = await database.kysely.selectFrom('idempotency_keys').select(['operation', 'key', 'rival']).execute();
    expect(rivals.filter(({ rival }) => rival === 1)).toEqual([{ operation: other(first), key: 'both', rival: 1 }]);
  });

  it.each(both)(
    'does not let a key that both mutations used be claimed again while one payment remains: %s removed',
    async (removed) => {
      for (const operation of both)
        await payAsPreviousRelease(operation, 'both', operation === removed ? 'DONE' : 'UNKNOWN');
      await bringUpToDate();
      const retention = new SqlRetentionStore(database, keys, new StoreHealth(NOBODY_LISTENS));
      expect(await retention.removeKeys(new Date())).toBe(1);
      for (const operation of both)
        expect(await claim(operation, 'both')).toMatchObject({
          record: { payment: { deliveryMethod: other(removed) } },
        });
      await sql`update idempotency_keys set state = 'DONE', closed_at = 1`.execute(database.kysely);
      expect(await retention.removeKeys(new Date())).toBe(1);
      expect(await claim(removed, 'both')).toHaveProperty('attempt');
    },
  );

  it('can still be used by a replica of the previous release, which fails where it would make a second payment', async () => {
    await bringUpToDate();
    const id = await payAsPreviousRelease('LINK', 'old first');
    await writePayments();
    expect(await claim('LINK', 'old first')).toMatchObject({ record: { payment: { id } } });
    expect(await claim('EMAIL', 'old first')).toMatchObject({ record: { payment: { id } } });
    await expect(payAsPreviousRelease('EMAIL', 'old first')).rejects.toThrow(/unique/i);
    expect(await claim('EMAIL', 'new first')).toHaveProperty('attempt');
    expect(await payAsPreviousRelease('EMAIL', 'new first')).toBeUndefined();
    await expect(payAsPreviousRelease('LINK', 'new first')).rejects.toThrow(/unique/i);
    expect(await count('payment_sessions')).toBe(2);
  });

  it('is migrated in a short time, however many keys a client has', async () => {
    await sql`insert into idempotency_keys (caller, operation, key, payment_session_id, fingerprint, fingerprint_key_id,
        fingerprint_form, state, attempt, owner, lease_until)
      with recursive numbers (n) as (select 1 union all select n + 1 from numbers where n < 20000)
      select 'shop', o.name, 'key-' || n, 'ps_' || n || o.name, 'mac', 'test', 1, 'DONE', 1, 'o', 0
      from numbers, (select 'LINK' as name union all select 'EMAIL') as o`.execute(database.kysely);
    const startedMs = performance.now();
    await bringUpToDate();
    expect(performance.now() - startedMs).toBeLessThan(15_000);
    const { rows } = await sql<{ rival: number; count: number }>`select rival, count(*) as count from idempotency_keys
      group by rival order by rival`.execute(database.kysely);
    expect(rows).toEqual([
      { rival: 0, count: 20_000 },
      { rival: 1, count: 20_000 },
    ]);
  });
});
