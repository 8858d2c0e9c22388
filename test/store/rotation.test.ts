import { describe, expect, it } from '@jest/globals';
import { Sensitive } from '../../src/domain/sensitive.js';
import { DataKeys } from '../../src/store/encryption/data-keys.js';
import type { DataKey } from '../../src/store/encryption/data-keys.js';
import type { AttemptResult } from '../../src/domain/idempotency-key.js';
import { DAY, fileOf, importFile, rowOf, settled } from '../reconciliation/daily-files.js';
import { REFUSED, RELEASED } from './attempt-results.js';
import { EmptyStores } from './empty-stores.js';
import { TestStore, dataKey, newClaim } from './test-store.js';

const [first, second] = [dataKey('2025_1'), dataKey('2026-1')];
const HOUR_MS = 3_600_000;
const LATER = new Date(Date.now() + 600_000);

const empty = new EmptyStores();

describe.each([
  ['SQLite', empty.sqlite],
  ['PostgreSQL', empty.onPostgres],
])('a rotation of data keys on %s', (_, createUrl) => {
  let url: string;

  /** Opens the store with data keys, of which the first seals, and closes it again. */
  async function withKeys<T>(keys: readonly DataKey[], work: (store: TestStore) => Promise<T>): Promise<T> {
    const store = await TestStore.open(url, new DataKeys(keys));
    try {
      return await work(store);
    } finally {
      await store.close();
    }
  }

  /** A new store with a payment that was written under the first key. */
  async function writeUnderFirst(result: AttemptResult = REFUSED): Promise<string> {
    url = await createUrl();
    return withKeys([first], async (store) => {
      const attempt = await store.beginAs({ fingerprint: { mac: 'mac', keyId: first.id, version: 1 } });
      await store.attempts.finish(attempt, result, [new Sensitive('left')]);
      return attempt.payment.id;
    });
  }

  const openingResult = (keys: readonly DataKey[]) => withKeys(keys, () => Promise.resolve('opened')).catch(String);
  const KEY_MISSING =
    'StoreConfigurationError: DATA_ENCRYPTION_KEYS lacks the key 2025_1, which the database uses: append it to the list';

  it('unseals with the older key, and seals with the newer', async () => {
    const id = await writeUnderFirst();
    await withKeys([second, first], async (store) => {
      const [found] = await store.payments.findPayments('anonymous', [id]);
      expect(found?.customer.name?.reveal()).toBe('Zoé Tremblay-Côté');
      await store.begin();
      const names = (await store.rows('payment_sessions')).map((row) => row.customer_name?.split('.')[0]);
      expect(names.sort()).toEqual(['2025_1', '2026-1']);
    });
  });

  it('applies limits and duplicate detection to payments written under the older key', async () => {
    url = await createUrl();
    await withKeys([first], (store) => store.begin('EMAIL'));
    await withKeys([second, first], async (store) => {
      const [limited, guarding] = [
        { emailsPerPayer: { limit: 1, periodMs: HOUR_MS } },
        { duplicateWindowMs: HOUR_MS },
      ].map((limits) => store.limited(limits, Date.now));
      expect(await limited?.claim(newClaim({ deliveryMethod: 'EMAIL' }))).toHaveProperty('limited');
      expect(await guarding?.claim(newClaim({ guarded: true }))).toHaveProperty('duplicate');
    });
  });

  it('does not start without a key that is in use', async () => {
    const id = await writeUnderFirst();
    expect(await openingResult([second])).toBe(KEY_MISSING);
    await withKeys([first], async ({ payments }) =>
      expect(await payments.findPayments('anonymous', [id])).toHaveLength(1),
    );
  });

  it('does not start without the key of a payment, an orphaned session or a fingerprint', async () => {
    await writeUnderFirst();
    await withKeys([second, first], ({ retention }) => retention.removeKeys(LATER));
    expect(await openingResult([second])).toBe(KEY_MISSING);
    await withKeys([second, first], ({ retention }) => retention.erasePersonalData(LATER));
    expect(await openingResult([second])).toBe('opened');

    await writeUnderFirst();
    await withKeys([second, first], ({ retention }) => retention.erasePersonalData(LATER));
    expect(await openingResult([second])).toBe(KEY_MISSING);
  });

  it('does not start without the key of a webhook event', async () => {
    url = await createUrl();
    await withKeys([first], ({ inbox }) => inbox.add(new Sensitive(Buffer.from('{}')), 'UNREADABLE'));
    expect(await openingResult([second])).toBe(KEY_MISSING);
    await withKeys([second, first], ({ retention }) => retention.removeWebhooks(LATER));
    expect(await openingResult([second])).toBe('opened');
  });

  it('does not start without the key of a row of a daily file', async () => {
    url = await createUrl();
    await withKeys([first], (store) => importFile(store, fileOf([rowOf(settled('stray'))])));
    expect(await openingResult([second])).toBe(KEY_MISSING);
    await withKeys([second, first], ({ retention }) => retention.erasePayers(LATER));
    expect(await openingResult([second])).toBe('opened');
  });

  it('does not start without the key of a callback subscription', async () => {
    url = await createUrl();
    const subscription = {
      key: new Sensitive('key'),
      clientId: 'anonymous',
      registration: new Sensitive('{}'),
      afterEvent: 0,
    };
    const id = await withKeys([first], ({ callbacks }) => callbacks.add('holder', subscription, 9));
    expect(await openingResult([second])).toBe(KEY_MISSING);
    await withKeys([second, first], ({ callbacks }) => callbacks.remove('holder', id ?? ''));
    expect(await openingResult([second])).toBe('opened');
  });

  it('compares daily files by a key with which both were imported', async () => {
    url = await createUrl();
    const file = fileOf([rowOf(settled('stray'))]);
    const importAgain = (...keys: DataKey[]) =>
      withKeys(keys, async (store) => {
        await importFile(store, file);
        await store.retention.erasePayers(LATER);
        return (await store.reconciliation.findDay(DAY))?.changesSincePreviousImport;
      });
    await importAgain(first);
    await withKeys([second, first], (store) => importFile(store, fileOf([])));
    expect(await importAgain(second, first)).toEqual({ rowsAdded: 1, rowsRemoved: 0 });
    expect(await importAgain(second)).toBeUndefined();
  });

  it('forgets a removed key that nothing needs any more', async () => {
    await writeUnderFirst(RELEASED);
    await withKeys([second, first], ({ retention }) => retention.removeReleased(LATER));
    expect(await openingResult([second])).toBe('opened');
    await withKeys([second], async (store) =>
      expect((await store.rows('data_keys')).map(({ id }) => id)).toEqual(['2026-1']),
    );
  });

  it.each([
    ['2025_1', '2025-1'],
    ['K', 'k'],
  ])('allows the key %s to be removed while a key %s is in use', async (removed, used) => {
    url = await createUrl();
    const keys = [dataKey(removed), dataKey(used)] as const;
    await withKeys([keys[1]], (store) => store.begin());
    await withKeys(keys, () => Promise.resolve());
    expect(await openingResult([keys[1]])).toBe('opened');
  });

  it('does not start with a different key under the same id, in any position', async () => {
    await writeUnderFirst();
    const other = dataKey(first.id);
    const expected =
      'StoreConfigurationError: DATA_ENCRYPTION_KEYS has a different key 2025_1 than the one with which the database was encrypted';
    expect(await openingResult([other])).toBe(expected);
    expect(await openingResult([second, other])).toBe(expected);
    expect(await openingResult([first])).toBe('opened');
  });

  it('records no key of a failed start', async () => {
    await writeUnderFirst();
    await openingResult([second]);
    await withKeys([first], async (store) =>
      expect((await store.rows('data_keys')).map(({ id }) => id)).toEqual(['2025_1']),
    );
  });
});
