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
])('a rotation of keys on %s', (_, createUrl) => {
  let url: string;

  /** Opens the store with keys, the first of which writes, and closes it again. */
  async function using<T>(keys: readonly DataKey[], work: (store: TestStore) => Promise<T>): Promise<T> {
    const store = await TestStore.open(url, new DataKeys(keys));
    try {
      return await work(store);
    } finally {
      await store.close();
    }
  }

  /** A payment whose everything was written under the first key, in a store of its own. */
  async function writtenUnderFirst(result: AttemptResult = REFUSED): Promise<string> {
    url = await createUrl();
    return using([first], async (store) => {
      const attempt = await store.beginAs({ fingerprint: { mac: 'mac', keyId: first.id, version: 1 } });
      await store.attempts.finish(attempt, result, [new Sensitive('left')]);
      return attempt.payment.id;
    });
  }

  const refusal = (keys: readonly DataKey[]) => using(keys, () => Promise.resolve('opened')).catch(String);
  const LACKS =
    'StoreConfigurationError: DATA_ENCRYPTION_KEYS lacks the key 2025_1, which the database uses: append it to the list';

  it('reads what the older key wrote, and writes under the newer', async () => {
    const id = await writtenUnderFirst();
    await using([second, first], async (store) => {
      const [found] = await store.payments.findPayments('anonymous', [id]);
      expect(found?.customer.name?.reveal()).toBe('Zoé Tremblay-Côté');
      await store.begin();
      const names = (await store.rows('payment_sessions')).map((row) => row.customer_name?.split('.')[0]);
      expect(names.sort()).toEqual(['2025_1', '2026-1']);
    });
  });

  it('limits and guards by what was written under the older key', async () => {
    url = await createUrl();
    await using([first], (store) => store.begin('EMAIL'));
    await using([second, first], async (store) => {
      const [limited, guarding] = [
        { emailsPerPayer: { limit: 1, periodMs: HOUR_MS } },
        { duplicateWindowMs: HOUR_MS },
      ].map((limits) => store.limited(limits, Date.now));
      expect(await limited?.claim(newClaim({ deliveryMethod: 'EMAIL' }))).toHaveProperty('limited');
      expect(await guarding?.claim(newClaim({ guarded: true }))).toHaveProperty('duplicate');
    });
  });

  it('refuses to start without a key that is in use', async () => {
    const id = await writtenUnderFirst();
    expect(await refusal([second])).toBe(LACKS);
    await using([first], async ({ payments }) =>
      expect(await payments.findPayments('anonymous', [id])).toHaveLength(1),
    );
  });

  it('refuses as long as a payment, a leftover or a fingerprint needs the key', async () => {
    await writtenUnderFirst();
    await using([second, first], ({ retention }) => retention.removeKeys(LATER));
    expect(await refusal([second])).toBe(LACKS);
    await using([second, first], ({ retention }) => retention.erasePersonalData(LATER));
    expect(await refusal([second])).toBe('opened');

    await writtenUnderFirst();
    await using([second, first], ({ retention }) => retention.erasePersonalData(LATER));
    expect(await refusal([second])).toBe(LACKS);
  });

  it('refuses as long as a webhook needs the key', async () => {
    url = await createUrl();
    await using([first], ({ inbox }) => inbox.add(new Sensitive(Buffer.from('{}')), 'UNREADABLE'));
    expect(await refusal([second])).toBe(LACKS);
    await using([second, first], ({ retention }) => retention.removeWebhooks(LATER));
    expect(await refusal([second])).toBe('opened');
  });

  it('refuses as long as a row of a daily file needs the key', async () => {
    url = await createUrl();
    await using([first], (store) => importFile(store, fileOf([rowOf(settled('stray'))])));
    expect(await refusal([second])).toBe(LACKS);
    await using([second, first], ({ retention }) => retention.erasePayers(LATER));
    expect(await refusal([second])).toBe('opened');
  });

  it('refuses as long as a callback subscription needs the key', async () => {
    url = await createUrl();
    const subscription = {
      key: new Sensitive('key'),
      clientId: 'anonymous',
      registration: new Sensitive('{}'),
      afterEvent: 0,
    };
    const id = await using([first], ({ callbacks }) => callbacks.add('holder', subscription, 9));
    expect(await refusal([second])).toBe(LACKS);
    await using([second, first], ({ callbacks }) => callbacks.remove('holder', id ?? ''));
    expect(await refusal([second])).toBe('opened');
  });

  it('compares daily files by the key that both were read under', async () => {
    url = await createUrl();
    const file = fileOf([rowOf(settled('stray'))]);
    const again = (...keys: DataKey[]) =>
      using(keys, async (store) => {
        await importFile(store, file);
        await store.retention.erasePayers(LATER);
        return (await store.reconciliation.findDay(DAY))?.changesSincePreviousImport;
      });
    await again(first);
    await using([second, first], (store) => importFile(store, fileOf([])));
    expect(await again(second, first)).toEqual({ rowsAdded: 1, rowsRemoved: 0 });
    expect(await again(second)).toBeUndefined();
  });

  it('lets a key go that nothing needs any more, for good', async () => {
    await writtenUnderFirst(RELEASED);
    await using([second, first], ({ retention }) => retention.removeReleased(LATER));
    expect(await refusal([second])).toBe('opened');
    await using([second], async (store) =>
      expect((await store.rows('data_keys')).map(({ id }) => id)).toEqual(['2026-1']),
    );
  });

  it.each([
    ['2025_1', '2025-1'],
    ['K', 'k'],
  ])('lets the key %s go though a key %s is in use', async (gone, used) => {
    url = await createUrl();
    const keys = [dataKey(gone), dataKey(used)] as const;
    await using([keys[1]], (store) => store.begin());
    await using(keys, () => Promise.resolve());
    expect(await refusal([keys[1]])).toBe('opened');
  });

  it('refuses another key under the same id, in whatever place', async () => {
    await writtenUnderFirst();
    const other = dataKey(first.id);
    const expected =
      'StoreConfigurationError: DATA_ENCRYPTION_KEYS has a different key 2025_1 than the one with which the database was encrypted';
    expect(await refusal([other])).toBe(expected);
    expect(await refusal([second, other])).toBe(expected);
    expect(await refusal([first])).toBe('opened');
  });

  it('notes no key of a start that was refused', async () => {
    await writtenUnderFirst();
    await refusal([second]);
    await using([first], async (store) =>
      expect((await store.rows('data_keys')).map(({ id }) => id)).toEqual(['2025_1']),
    );
  });
});
