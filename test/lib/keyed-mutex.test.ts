import { expect, it } from '@jest/globals';
import { KeyedMutex } from '../../src/lib/keyed-mutex.js';
import { promised } from '../support/promised.js';

/** Work that ends when the test says so. */
function work() {
  const { promise, resolve, reject } = promised<string>();
  const state = { begun: false };
  const run = (): Promise<string> => {
    state.begun = true;
    return promise;
  };
  return { state, run, resolve, reject };
}

const turn = () => new Promise((resolve) => setImmediate(resolve));

it('does work of one name one after another, and that of others meanwhile', async () => {
  const turns = new KeyedMutex();
  const [first, second, other] = [work(), work(), work()];
  const told = [turns.run('a', first.run), turns.run('a', second.run), turns.run('b', other.run)];
  await turn();
  expect([first, second, other].map(({ state }) => state.begun)).toEqual([true, false, true]);
  first.resolve('first');
  await turn();
  expect(second.state.begun).toBe(true);
  second.resolve('second');
  other.resolve('other');
  expect(await Promise.all(told)).toEqual(['first', 'second', 'other']);
});

it('fails all who wait when one fails, and nobody who comes later', async () => {
  const turns = new KeyedMutex();
  const [first, second, later] = [work(), work(), work()];
  const told = [turns.run('a', first.run), turns.run('a', second.run)];
  first.reject(new Error('no answer'));
  const [failed, missed] = await Promise.allSettled(told);
  expect(failed).toMatchObject({ reason: { message: 'no answer' } });
  expect(missed).toMatchObject({ reason: { name: 'QueueAborted', cause: { message: 'no answer' } } });
  expect(second.state.begun).toBe(false);
  later.resolve('later');
  expect(await turns.run('a', later.run)).toBe('later');
});
