import { describe, expect, it } from '@jest/globals';
import { backoffMs } from '../../src/lib/backoff.js';
import { BoundedCache } from '../../src/lib/bounded-cache.js';
import { formatDuration, parseDuration } from '../../src/lib/duration.js';
import { InFlight } from '../../src/lib/in-flight.js';
import { isLoopback } from '../../src/lib/loopback.js';
import { WakeSignal } from '../../src/lib/wake-signal.js';

describe('a duration', () => {
  it.each([
    ['500ms', 500],
    ['25s', 25_000],
    ['10m', 600_000],
    ['1h', 3_600_000],
    ['90d', 7_776_000_000],
    ['0s', 0],
  ])('written as %s is parsed and formatted', (text, ms) => {
    expect(parseDuration(text)).toBe(ms);
    if (ms > 0) expect(formatDuration(ms)).toBe(text === '500ms' ? text : formatDuration(parseDuration(text) ?? 0));
  });

  it.each(['', '10', 's', '1.5s', '-1s', '1 s', '1w', '10S', '1e3s', '1234567890s', '１s'])(
    'written as "%s" is rejected',
    (text) => {
      expect(parseDuration(text)).toBeUndefined();
    },
  );

  it.each([
    [90_000, '90s'],
    [120_000, '2m'],
    [86_400_000, '1d'],
    [1, '1ms'],
  ])('of %d ms is formatted in the largest unit that divides it', (ms, text) => {
    expect(formatDuration(ms)).toBe(text);
  });
});

describe('backoffMs', () => {
  it('grows from the initial pause to the maximum', () => {
    const pauses = [1, 2, 3, 4, 50].map((failures) => backoffMs({ initialMs: 100, maxMs: 500 }, failures));
    expect(pauses).toEqual([100, 200, 400, 500, 500]);
    expect(backoffMs({ initialMs: 20, maxMs: 250, factor: 1.5 }, 3)).toBe(45);
  });
});

describe('BoundedCache', () => {
  it('removes the oldest entry when it is full, and setting an entry again makes it the newest', () => {
    const cache = new BoundedCache<string, number>(2);
    cache.set('a', 1);
    cache.set('b', 2);
    cache.set('a', 3);
    cache.set('c', 4);
    expect(['a', 'b', 'c'].map((key) => cache.get(key))).toEqual([3, undefined, 4]);
  });

  it('removes an entry only while it has the given value', () => {
    const cache = new BoundedCache<string, number>(2);
    cache.set('a', 1);
    cache.remove('a', 2);
    expect(cache.get('a')).toBe(1);
    cache.remove('a', 1);
    expect(cache.get('a')).toBeUndefined();
  });
});

describe('InFlight', () => {
  it('waits for all its work, including work added meanwhile, and is not affected by failures', async () => {
    const inFlight = new InFlight();
    const ended: string[] = [];
    const work = async (name: string, after?: Promise<unknown>): Promise<string> => {
      await after;
      await new Promise((resolve) => setImmediate(resolve));
      ended.push(name);
      return name;
    };
    const first = inFlight.add(work('first').then(() => inFlight.add(work('second'))));
    const failed = inFlight.add(Promise.reject(new Error('lost')));
    await expect(failed).rejects.toThrow('lost');
    await inFlight.whenIdle();
    expect(ended).toEqual(['first', 'second']);
    expect(await first).toBe('second');
    await inFlight.whenIdle();
  });
});

describe('isLoopback', () => {
  it.each(['localhost', 'LOCALHOST', 'shop.localhost', '127.0.0.1', '127.255.1.2', '::1', '[::1]'])(
    'accepts %s',
    (host) => {
      expect(isLoopback(host)).toBe(true);
    },
  );

  it.each(['', 'localhost.example', '127.0.0.1.example', '128.0.0.1', '0.0.0.0', '::', '127.999.1.1', 'notlocalhost'])(
    'rejects "%s"',
    (host) => {
      expect(isLoopback(host)).toBe(false);
    },
  );
});

describe('WakeSignal', () => {
  it('keeps exactly one notification for the next waiter, however often it was notified', async () => {
    const signal = new WakeSignal();
    signal.notify();
    signal.notify();
    expect(await signal.wait()).toBe(true);
    const waiting = signal.wait();
    expect(await Promise.race([waiting, Promise.resolve('waits')])).toBe('waits');
    signal.notify();
    expect(await waiting).toBe(true);
  });

  it('releases its waiter when the timeout expires', async () => {
    const timer = setTimeout(() => undefined, 60_000);
    expect(await new WakeSignal().wait(1)).toBe(false);
    clearTimeout(timer);
  });

  it('releases its waiters, and never makes anybody wait again, once it is closed', async () => {
    const signal = new WakeSignal();
    const waiting = signal.wait();
    signal.close();
    expect(await waiting).toBe(false);
    signal.notify();
    expect(await signal.wait(60_000)).toBe(false);
  });
});
