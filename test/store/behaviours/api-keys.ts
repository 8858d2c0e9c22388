import { expect, it } from '@jest/globals';
import type { NewApiKey } from '../../../src/store/contracts/api-key-store.js';
import type { TestStore } from '../test-store.js';

const HOUR_MS = 3_600_000;
const inHours = (hours: number): Date => new Date(Date.now() + hours * HOUR_MS);

const newKey = (prefix: string, change: Partial<NewApiKey> = {}): NewApiKey => ({
  prefix,
  hash: `hash of ${prefix}`,
  clientId: 'shop',
  scopes: ['payments:create', 'payments:read'],
  expiresAt: undefined,
  ...change,
});

export function apiKeys(store: () => TestStore): void {
  it('finds a key by its prefix, as it was added', async () => {
    const expiresAt = inHours(1);
    await store().apiKeys.add(newKey('a'));
    await store().apiKeys.add(newKey('b', { clientId: 'till', scopes: [], expiresAt }));
    expect(await store().apiKeys.find('a')).toMatchObject({ ...newKey('a'), revokedAt: undefined });
    expect(await store().apiKeys.find('b')).toMatchObject({ clientId: 'till', scopes: [], expiresAt });
    expect(await store().apiKeys.find('c')).toBeUndefined();
  });

  it('rejects a second key with the same prefix', async () => {
    await store().apiKeys.add(newKey('a'));
    await expect(store().apiKeys.add(newKey('a', { clientId: 'thief' }))).rejects.toThrow();
    expect(await store().apiKeys.find('a')).toMatchObject({ clientId: 'shop' });
  });

  it('lists all keys by age', async () => {
    for (const prefix of ['c', 'a', 'b']) await store().apiKeys.add(newKey(prefix));
    const listed = await store().apiKeys.list();
    expect(listed.map(({ prefix }) => prefix).sort()).toEqual(['a', 'b', 'c']);
    const ages = listed.map(({ createdAt }) => createdAt.getTime());
    expect(ages).toEqual([...ages].sort((one, other) => one - other));
  });

  it('revokes a key permanently', async () => {
    await store().apiKeys.add(newKey('a'));
    expect(await store().apiKeys.revoke('a')).toBe(true);
    const revoked = await store().apiKeys.find('a');
    expect(revoked?.revokedAt).toBeInstanceOf(Date);
    expect(await store().apiKeys.revoke('a')).toBe(true);
    expect(await store().apiKeys.find('a')).toEqual(revoked);
    expect(await store().apiKeys.revoke('b')).toBe(false);
  });

  it('replaces a key with one that is valid at once, and lets the old one expire', async () => {
    const end = inHours(1);
    await store().apiKeys.add(newKey('old'));
    expect(await store().apiKeys.replace('old', newKey('new'), end)).toBe(true);
    expect(await store().apiKeys.find('old')).toMatchObject({ expiresAt: end });
    expect(await store().apiKeys.find('new')).toMatchObject({ expiresAt: undefined });
  });

  it('never extends the expiry of a replaced key', async () => {
    const [sooner, later] = [inHours(1), inHours(2)];
    await store().apiKeys.add(newKey('old', { expiresAt: sooner }));
    await store().apiKeys.replace('old', newKey('new'), later);
    expect(await store().apiKeys.find('old')).toMatchObject({ expiresAt: sooner });
  });

  it('does not replace a revoked or unknown key', async () => {
    await store().apiKeys.add(newKey('revoked'));
    await store().apiKeys.revoke('revoked');
    expect(await store().apiKeys.replace('revoked', newKey('new'), inHours(1))).toBe(false);
    expect(await store().apiKeys.replace('unknown', newKey('new'), inHours(1))).toBe(false);
    expect(await store().apiKeys.find('new')).toBeUndefined();
  });
}
