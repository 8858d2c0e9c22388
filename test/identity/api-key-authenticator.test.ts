import { beforeEach, describe, expect, it } from '@jest/globals';
import { StoreUnavailableError } from '../../src/domain/store-unavailable.js';
import { ApiKeyAuthenticator } from '../../src/identity/api-key/api-key-authenticator.js';
import { generateApiKey } from '../../src/identity/api-key/api-keys.js';
import type { ApiKey } from '../../src/store/contracts/api-key-store.js';
import { caller } from '../support/callers.js';

/** Keys that can be out of reach. */
class Keys {
  readonly #keys = new Map<string, ApiKey>();
  isDown = false;
  /** How often one was looked for. */
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
const CALLER = caller('shop', { scopes: ['payments:read'], apiKey: prefix });

let keys: Keys;
beforeEach(() => {
  keys = new Keys();
  keys.put(KEY);
});

const refused = (reason: string) => ({ kind: 'rejected', reason });
/** One that remembers nothing. */
const forgetful = () => new ApiKeyAuthenticator(keys, 0);

describe('a caller by API key', () => {
  it('is the one that the key was made for', async () => {
    expect(await new ApiKeyAuthenticator(keys).authenticate(BEARER)).toEqual({ kind: 'known', client: CALLER });
  });

  it('is looked up once in a few seconds', async () => {
    const identity = new ApiKeyAuthenticator(keys);
    await Promise.all([identity.authenticate(BEARER), identity.authenticate(BEARER)]);
    await identity.authenticate(BEARER);
    expect(await identity.isCurrent(CALLER)).toBe(true);
    expect(keys.reads).toBe(1);
  });

  it('is looked up once also if there is no such key', async () => {
    const identity = new ApiKeyAuthenticator(keys);
    const unknown = `Bearer ${generateApiKey().key.reveal()}`;
    for (let count = 0; count < 10; count += 1)
      expect(await identity.authenticate(unknown)).toEqual(refused('unknown_key'));
    expect(keys.reads).toBe(1);
  });

  it('is not known by the prefix of a key with another secret', async () => {
    const { secret } = /_(?<secret>\w+)$/.exec(generateApiKey().key.reveal().slice(4))?.groups ?? {};
    const forged = `Bearer fpk_${prefix}_${secret ?? ''}`;
    expect(await new ApiKeyAuthenticator(keys).authenticate(forged)).toEqual(refused('unknown_key'));
  });

  it.each([
    ['revoked', { revokedAt: new Date() }],
    ['expired', { expiresAt: new Date(Date.now() - 1) }],
  ])('is refused and no longer current when the key is %s', async (reason, change) => {
    const identity = forgetful();
    expect(await identity.isCurrent(CALLER)).toBe(true);
    keys.put({ ...KEY, ...change });
    expect(await identity.authenticate(BEARER)).toEqual(refused(reason));
    expect(await identity.isCurrent(CALLER)).toBe(false);
  });

  it.each([
    [undefined, 'missing'],
    ['Bearer eyJhbGciOiJub25lIn0.e30.', 'malformed'],
    [`Bearer ${prefix}`, 'malformed'],
  ])('is refused who shows %s', async (authorization, reason) => {
    expect(await new ApiKeyAuthenticator(keys).authenticate(authorization)).toEqual(refused(reason));
    expect(keys.reads).toBe(0);
  });

  it('cannot be told while the store does not answer, and goes on with what was begun', async () => {
    const identity = forgetful();
    keys.isDown = true;
    expect(await identity.authenticate(BEARER)).toEqual({ kind: 'unavailable' });
    expect(await identity.isCurrent(CALLER)).toBe(true);
    expect(await identity.isCurrent({ ...CALLER, expiresAt: new Date(Date.now() - 1) })).toBe(false);
  });

  it('is known again as soon as the store answers', async () => {
    const identity = new ApiKeyAuthenticator(keys);
    keys.isDown = true;
    await identity.authenticate(BEARER);
    keys.isDown = false;
    expect(await identity.authenticate(BEARER)).toMatchObject({ kind: 'known' });
  });

  it('is not current who showed something else', async () => {
    expect(await new ApiKeyAuthenticator(keys).isCurrent(caller('shop'))).toBe(false);
  });

  it('is forgotten before memory fills, with what was read first', async () => {
    const identity = new ApiKeyAuthenticator(keys);
    await identity.authenticate(BEARER);
    for (let count = 0; count < 10_000; count += 1)
      await identity.isCurrent(caller('x', { apiKey: `unknown ${count}` }));
    keys.reads = 0;
    await identity.isCurrent(caller('x', { apiKey: 'unknown 9999' }));
    expect(keys.reads).toBe(0);
    await identity.authenticate(BEARER);
    expect(keys.reads).toBe(1);
  });
});
