import { setImmediate as nextTurn } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { UntilCredentialsExpire } from '../../src/resolvers/until-credentials-expire.js';
import { caller } from '../support/callers.js';

const RUN_OUT = {
  message: 'Your credentials have expired. Subscribe again.',
  extensions: { code: 'UNAUTHENTICATED' },
};

/** Gives what it is told to, and knows whether it was ended. */
class Source implements AsyncIterableIterator<string, void, void> {
  hasEnded = false;
  #give: (step: IteratorResult<string, void>) => void = () => undefined;

  next(): Promise<IteratorResult<string, void>> {
    return new Promise((resolve) => (this.#give = resolve));
  }

  give(value: string): void {
    this.#give({ done: false, value });
  }

  return(): Promise<IteratorResult<string, void>> {
    this.hasEnded = true;
    this.#give({ done: true, value: undefined });
    return Promise.resolve({ done: true, value: undefined });
  }

  [Symbol.asyncIterator](): this {
    return this;
  }
}

let source: Source;
let isCurrent: boolean;
/** How often it was asked. */
let asked: number;

const isClientCurrent = () => {
  asked += 1;
  return Promise.resolve(isCurrent);
};
const read = (change: Parameters<typeof caller>[1] = {}, from = source) =>
  new UntilCredentialsExpire(from, { client: caller('shop', change), isClientCurrent });
const inMs = (ms: number) => new Date(Date.now() + ms);

beforeEach(() => {
  jest.useFakeTimers({ doNotFake: ['setImmediate', 'nextTick', 'queueMicrotask'] });
  [source, isCurrent, asked] = [new Source(), true, 0];
});
afterEach(() => {
  // Whatever a reader leaves behind would be here.
  expect(jest.getTimerCount()).toBe(0);
  jest.useRealTimers();
});

describe('a source that is read while its reader is who it was', () => {
  it('gives its values and its end', async () => {
    const reader = read({ expiresAt: inMs(60_000), apiKey: 'key' });
    const first = reader.next();
    source.give('a');
    expect(await first).toEqual({ done: false, value: 'a' });
    const second = reader.next();
    await source.return();
    expect(await second).toEqual({ done: true, value: undefined });
    expect(await reader.next()).toEqual({ done: true, value: undefined });
  });

  it('ends in an error when the time is over, while the next value is waited for', async () => {
    const reader = read({ expiresAt: inMs(60_000) });
    const next = reader.next();
    jest.advanceTimersByTime(59_999);
    await nextTurn();
    expect(source.hasEnded).toBe(false);
    jest.advanceTimersByTime(1);
    await expect(next).rejects.toMatchObject(RUN_OUT);
    expect(source.hasEnded).toBe(true);
    expect(await reader.next()).toEqual({ done: true, value: undefined });
  });

  it('waits for a time that no timer reaches', async () => {
    const reader = read({ expiresAt: inMs(2 ** 31 + 5_000) });
    const next = reader.next();
    jest.advanceTimersByTime(2 ** 31);
    await nextTurn();
    expect(source.hasEnded).toBe(false);
    jest.advanceTimersByTime(5_000);
    await expect(next).rejects.toMatchObject(RUN_OUT);
  });

  it('ends in an error in place of a value that comes too late', async () => {
    const reader = read();
    const next = reader.next();
    isCurrent = false;
    source.give('secret');
    await expect(next).rejects.toMatchObject(RUN_OUT);
    expect(source.hasEnded).toBe(true);
  });

  it('asks for a key now and then, once for all who show it', async () => {
    const readers = Array.from({ length: 1_000 }, () => read({ apiKey: 'key' }, new Source()));
    const other = read({ apiKey: 'other' });
    const nexts = Promise.allSettled(readers.map((reader) => reader.next()));
    expect(jest.getTimerCount()).toBe(1);
    await jest.advanceTimersByTimeAsync(30_000);
    expect(asked).toBe(2);
    await other.return();
    isCurrent = false;
    await jest.advanceTimersByTimeAsync(30_000);
    for (const next of await nexts) expect(next).toMatchObject({ status: 'rejected', reason: RUN_OUT });
    expect(asked).toBe(3);
  });

  it('leaves nothing behind when the reader leaves', async () => {
    const reader = read({ expiresAt: inMs(60_000), apiKey: 'key' });
    const next = reader.next();
    expect(jest.getTimerCount()).toBe(2);
    expect(await reader.return()).toEqual({ done: true, value: undefined });
    expect(await next).toEqual({ done: true, value: undefined });
    expect(source.hasEnded).toBe(true);
  });
});
