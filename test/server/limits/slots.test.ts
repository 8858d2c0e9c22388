import { describe, expect, it } from '@jest/globals';
import { Slots } from '../../../src/server/request/concurrency-quota.js';

describe('slots', () => {
  it('are taken up to a number, and again when they are freed', () => {
    const slots = new Slots(3, 3);
    const [free] = ['a', 'b', 'c'].map((caller) => slots.take(caller));
    expect([slots.size, slots.take('d')]).toEqual([3, undefined]);
    free?.();
    expect(slots.take('d')).toBeDefined();
  });

  it('are taken by one caller up to a number of its own, which leaves some to others', () => {
    const slots = new Slots(3, 2);
    const [free] = ['a', 'a'].map((caller) => slots.take(caller));
    expect(slots.take('a')).toBeUndefined();
    expect(slots.take('b')).toBeDefined();
    free?.();
    expect(slots.take('a')).toBeDefined();
  });

  it('are freed once, however often that is asked for', () => {
    const slots = new Slots(2, 2);
    const [free] = ['a', 'a'].map((caller) => slots.take(caller));
    free?.();
    free?.();
    expect([slots.size, slots.take('a') !== undefined, slots.take('a')]).toEqual([1, true, undefined]);
  });
});
