import { describe, expect, it } from '@jest/globals';
import { ConcurrencyQuota } from '../../../src/server/request/concurrency-quota.js';

describe('ConcurrencyQuota', () => {
  it('grants slots up to the total limit, and again when they are freed', () => {
    const quota = new ConcurrencyQuota(3, 3);
    const [release] = ['a', 'b', 'c'].map((client) => quota.acquire(client));
    expect([quota.size, quota.acquire('d')]).toEqual([3, undefined]);
    release?.();
    expect(quota.acquire('d')).toBeDefined();
  });

  it('grants slots to one client up to its own limit, and leaves the rest to others', () => {
    const quota = new ConcurrencyQuota(3, 2);
    const [release] = ['a', 'a'].map((client) => quota.acquire(client));
    expect(quota.acquire('a')).toBeUndefined();
    expect(quota.acquire('b')).toBeDefined();
    release?.();
    expect(quota.acquire('a')).toBeDefined();
  });

  it('frees a slot once, however often it is released', () => {
    const quota = new ConcurrencyQuota(2, 2);
    const [release] = ['a', 'a'].map((client) => quota.acquire(client));
    release?.();
    release?.();
    expect([quota.size, quota.acquire('a') !== undefined, quota.acquire('a')]).toEqual([1, true, undefined]);
  });
});
