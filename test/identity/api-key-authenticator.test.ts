import { beforeEach, describe, expect, it } from '@jest/globals';
import { StoreUnavailableError } from '../../src/domain/store-unavailable.js';
import { ApiKeyAuthenticator } from '../../src/identity/api-key/api-key-authenticator.js';
import { generateApiKey } from '../../src/identity/api-key/api-keys.js';
import type { ApiKey } from '../../src/store/contracts/api-key-store.js';
import { apiClient } from '../support/api-clients.js';

/** A store of API keys that can be made unavailable. */
class Keys {
  readonly #keys = new Map<string, ApiKey>();
  isDown = false;
  /** The number of lookups. */
  reads = 0;

  find(prefix: string): Promise<ApiKey | undefined> {
    this.reads += 1;
    return this.isDown
      ? Promise.reject(new StoreUnavailableError(new Error('down')))
      : Promise.resolve(this.#keys.get(prefix));
  }

  put(key: ApiKey): void {
    this.#keys.set(key.prefix, key);
  }
}

const { key, prefix, hash } = generateApiKey();
const KEY: ApiKey = {
  prefix,
  hash,
  clientId: 'shop',
  scopes: ['payments:read'],
  createdAt: new Date(),
  expiresAt: undefined,
  revokedAt: undefined,
};
const BEARER = `Bearer ${key.reveal()}`;
const CLIENT = apiClient('shop', { scopes: ['payments:read'], apiKey: prefix });

let keys: Keys;
beforeEach(() => {
  keys = new Keys();
  keys.put(KEY);
});

const rejected = (reason: string) => ({ kind: 'rejected', reason });
/** An authenticator that caches nothing. */
const withoutCache = () => new ApiKeyAuthenticator(keys, 0);

describe('a client with an API key', () => {
  it('is the client that the key was created for', async () => {
    expect(await new ApiKeyAuthenticator(keys).authenticate(BEARER)).toEqual({ kind: 'known', client: CLIENT });
  });

  it('has its key read once in a few seconds', async () => {
    const identity = new ApiKeyAuthenticator(keys);
    await Promise.all([identity.authenticate(BEARER), identity.authenticate(BEARER)]);
    await identity.authenticate(BEARER);
    expect(await identity.isCurrent(CLIENT)).toBe(true);
    expect(keys.reads).toBe(1);
  });

  it('has an unknown key looked up only once', async () => {
    const identity = new ApiKeyAuthenticator(keys);
    const unknown = `Bearer ${generateApiKey().key.reveal()}`;
    for (let count = 0; count < 10; count += 1)
      expect(await identity.authenticate(unknown)).toEqual(rejected('unknown_key'));
    expect(keys.reads).toBe(1);
  });

  it('is rejected when the prefix is known but the secret is wrong', async () => {
    const { secret } = /_(?<secret>\w+)$/.exec(generateApiKey().key.reveal().slice(4))?.groups ?? {};
    const forged = `Bearer fpk_${prefix}_${secret ?? ''}`;
    expect(await new ApiKeyAuthenticator(keys).authenticate(forged)).toEqual(rejected('unknown_key'));
  });

  it.each([
    ['revoked', { revokedAt: new Date() }],
    ['expired', { expiresAt: new Date(Date.now() - 1) }],
  ])('is rejected and no longer current when its key is %s', async (reason, change) => {
    const identity = withoutCache();
    expect(await identity.isCurrent(CLIENT)).toBe(true);
    keys.put({ ...KEY, ...change });
    expect(await identity.authenticate(BEARER)).toEqual(rejected(reason));
    expect(await identity.isCurrent(CLIENT)).toBe(false);
  });

  it.each([
    [undefined, 'missing'],
    ['Bearer eyJhbGciOiJub25lIn0.e30.', 'malformed'],
    [`Bearer ${prefix}`, 'malformed'],
  ])('is rejected with an Authorization header of %s', async (authorization, reason) => {
    expect(await new ApiKeyAuthenticator(keys).authenticate(authorization)).toEqual(rejected(reason));
    expect(keys.reads).toBe(0);
  });

  it('cannot be authenticated while the store is unavailable, but stays current', async () => {
    const identity = withoutCache();
    keys.isDown = true;
    expect(await identity.authenticate(BEARER)).toEqual({ kind: 'unavailable' });
    expect(await identity.isCurrent(CLIENT)).toBe(true);
    expect(await identity.isCurrent({ ...CLIENT, expiresAt: new Date(Date.now() - 1) })).toBe(false);
  });

  it('is authenticated again as soon as the store responds', async () => {
    const identity = new ApiKeyAuthenticator(keys);
    keys.isDown = true;
    await identity.authenticate(BEARER);
    keys.isDown = false;
    expect(await identity.authenticate(BEARER)).toMatchObject({ kind: 'known' });
  });

  it('is not current when it was authenticated in another way', async () => {
    expect(await new ApiKeyAuthenticator(keys).isCurrent(apiClient('shop'))).toBe(false);
  });

  it('has its key read again after it was removed as the oldest of a full cache', async () => {
    const identity = new ApiKeyAuthenticator(keys);
    await identity.authenticate(BEARER);
    for (let count = 0; count < 10_000; count += 1)
      await identity.isCurrent(apiClient('x', { apiKey: `unknown ${count}` }));
    keys.reads = 0;
    await identity.isCurrent(apiClient('x', { apiKey: 'unknown 9999' }));
    expect(keys.reads).toBe(0);
    await identity.authenticate(BEARER);
    expect(keys.reads).toBe(1);
  });
});
