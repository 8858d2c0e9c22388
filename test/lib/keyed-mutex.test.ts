import { expect, it } from '@jest/globals';
import { KeyedMutex } from '../../src/lib/keyed-mutex.js';
import { deferred } from '../support/deferred.js';

/** A task that ends when the test resolves or rejects it. */
function createTask() {
  const { promise, resolve, reject } = deferred<string>();
  const state = { isStarted: false };
  const run = (): Promise<string> => {
    state.isStarted = true;
    return promise;
  };
  return { state, run, resolve, reject };
}

const immediate = () => new Promise((resolve) => setImmediate(resolve));

it('KeyedMutex runs tasks with the same key one after another, and tasks with other keys concurrently', async () => {
  const mutex = new KeyedMutex();
  const [first, second, other] = [createTask(), createTask(), createTask()];
  const results = [mutex.run('a', first.run), mutex.run('a', second.run), mutex.run('b', other.run)];
  await immediate();
  expect([first, second, other].map(({ state }) => state.isStarted)).toEqual([true, false, true]);
  first.resolve('first');
  await immediate();
  expect(second.state.isStarted).toBe(true);
  second.resolve('second');
  other.resolve('other');
  expect(await Promise.all(results)).toEqual(['first', 'second', 'other']);
});

it('KeyedMutex fails the waiting tasks when the running one fails, and none that is added later', async () => {
  const mutex = new KeyedMutex();
  const [first, second, later] = [createTask(), createTask(), createTask()];
  const results = [mutex.run('a', first.run), mutex.run('a', second.run)];
  first.reject(new Error('no response'));
  const [failed, missed] = await Promise.allSettled(results);
  expect(failed).toMatchObject({ reason: { message: 'no response' } });
  expect(missed).toMatchObject({ reason: { name: 'QueueAborted', cause: { message: 'no response' } } });
  expect(second.state.isStarted).toBe(false);
  later.resolve('later');
  expect(await mutex.run('a', later.run)).toBe('later');
});
