import { describe, expect, it } from '@jest/globals';
import { ConcurrencyQuota } from '../../../src/server/request/concurrency-quota.js';

describe('slots', () => {
  it('are taken up to a number, and again when they are freed', () => {
    const slots = new ConcurrencyQuota(3, 3);
    const [free] = ['a', 'b', 'c'].map((caller) => slots.acquire(caller));
    expect([slots.size, slots.acquire('d')]).toEqual([3, undefined]);
    free?.();
    expect(slots.acquire('d')).toBeDefined();
  });

  it('are taken by one caller up to a number of its own, which leaves some to others', () => {
    const slots = new ConcurrencyQuota(3, 2);
    const [free] = ['a', 'a'].map((caller) => slots.acquire(caller));
    expect(slots.acquire('a')).toBeUndefined();
    expect(slots.acquire('b')).toBeDefined();
    free?.();
    expect(slots.acquire('a')).toBeDefined();
  });

  it('are freed once, however often that is asked for', () => {
    const slots = new ConcurrencyQuota(2, 2);
    const [free] = ['a', 'a'].map((caller) => slots.acquire(caller));
    free?.();
    free?.();
    expect([slots.size, slots.acquire('a') !== undefined, slots.acquire('a')]).toEqual([1, true, undefined]);
  });
});
