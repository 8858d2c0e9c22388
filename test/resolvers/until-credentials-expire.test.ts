import { setImmediate as immediate } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { UntilCredentialsExpire } from '../../src/resolvers/until-credentials-expire.js';
import { apiClient } from '../support/api-clients.js';

const EXPIRED = {
  message: 'Your credentials have expired. Subscribe again.',
  extensions: { code: 'UNAUTHENTICATED' },
};

/** A source that emits what the test gives it, and notes whether it was ended. */
class Source implements AsyncIterableIterator<string, void, void> {
  hasEnded = false;
  #emit: (step: IteratorResult<string, void>) => void = () => undefined;

  next(): Promise<IteratorResult<string, void>> {
    return new Promise((resolve) => (this.#emit = resolve));
  }

  emit(value: string): void {
    this.#emit({ done: false, value });
  }

  return(): Promise<IteratorResult<string, void>> {
    this.hasEnded = true;
    this.#emit({ done: true, value: undefined });
    return Promise.resolve({ done: true, value: undefined });
  }

  [Symbol.asyncIterator](): this {
    return this;
  }
}

let source: Source;
let isCurrent: boolean;
/** The number of checks whether the client is current. */
let checks: number;

const isClientCurrent = () => {
  checks += 1;
  return Promise.resolve(isCurrent);
};
const read = (change: Parameters<typeof apiClient>[1] = {}, from = source) =>
  new UntilCredentialsExpire(from, { client: apiClient('shop', change), isClientCurrent });
const inMs = (ms: number) => new Date(Date.now() + ms);

beforeEach(() => {
  jest.useFakeTimers({ doNotFake: ['setImmediate', 'nextTick', 'queueMicrotask'] });
  [source, isCurrent, checks] = [new Source(), true, 0];
});
afterEach(() => {
  // A reader that does not clean up leaves a timer.
  expect(jest.getTimerCount()).toBe(0);
  jest.useRealTimers();
});

describe('UntilCredentialsExpire', () => {
  it('passes on the values and the end of its source', async () => {
    const reader = read({ expiresAt: inMs(60_000), apiKey: 'key' });
    const first = reader.next();
    source.emit('a');
    expect(await first).toEqual({ done: false, value: 'a' });
    const second = reader.next();
    await source.return();
    expect(await second).toEqual({ done: true, value: undefined });
    expect(await reader.next()).toEqual({ done: true, value: undefined });
  });

  it('ends with an error when the credentials expire while it waits for the next value', async () => {
    const reader = read({ expiresAt: inMs(60_000) });
    const next = reader.next();
    jest.advanceTimersByTime(59_999);
    await immediate();
    expect(source.hasEnded).toBe(false);
    jest.advanceTimersByTime(1);
    await expect(next).rejects.toMatchObject(EXPIRED);
    expect(source.hasEnded).toBe(true);
    expect(await reader.next()).toEqual({ done: true, value: undefined });
  });

  it('has one timer for all readers whose credentials expire at the same time', async () => {
    const expiresAt = inMs(60_000);
    const readers = Array.from({ length: 1_000 }, () => read({ expiresAt }, new Source()));
    const nexts = Promise.allSettled(readers.map((reader) => reader.next()));
    expect(jest.getTimerCount()).toBe(1);
    await readers[0]?.return();
    jest.advanceTimersByTime(60_000);
    const [first, ...others] = await nexts;
    expect(first).toEqual({ status: 'fulfilled', value: { done: true, value: undefined } });
    for (const next of others) expect(next).toMatchObject({ status: 'rejected', reason: EXPIRED });
    await expect(read({ expiresAt }).next()).rejects.toMatchObject(EXPIRED);
  });

  it('handles an expiry that is further away than a timer can be', async () => {
    const reader = read({ expiresAt: inMs(2 ** 31 + 5_000) });
    const next = reader.next();
    jest.advanceTimersByTime(2 ** 31);
    await immediate();
    expect(source.hasEnded).toBe(false);
    jest.advanceTimersByTime(5_000);
    await expect(next).rejects.toMatchObject(EXPIRED);
  });

  it('ends with an error instead of passing on a value after the credentials expired', async () => {
    const reader = read();
    const next = reader.next();
    isCurrent = false;
    source.emit('secret');
    await expect(next).rejects.toMatchObject(EXPIRED);
    expect(source.hasEnded).toBe(true);
  });

  it('checks an API key regularly, once for all readers that use it', async () => {
    const readers = Array.from({ length: 1_000 }, () => read({ apiKey: 'key' }, new Source()));
    const other = read({ apiKey: 'other' });
    const nexts = Promise.allSettled(readers.map((reader) => reader.next()));
    expect(jest.getTimerCount()).toBe(1);
    await jest.advanceTimersByTimeAsync(30_000);
    expect(checks).toBe(2);
    await other.return();
    isCurrent = false;
    await jest.advanceTimersByTimeAsync(30_000);
    for (const next of await nexts) expect(next).toMatchObject({ status: 'rejected', reason: EXPIRED });
    expect(checks).toBe(3);
  });

  it('ends its source and removes its timers when the reader returns early', async () => {
    const reader = read({ expiresAt: inMs(60_000), apiKey: 'key' });
    const next = reader.next();
    expect(jest.getTimerCount()).toBe(2);
    expect(await reader.return()).toEqual({ done: true, value: undefined });
    expect(await next).toEqual({ done: true, value: undefined });
    expect(source.hasEnded).toBe(true);
  });
});
