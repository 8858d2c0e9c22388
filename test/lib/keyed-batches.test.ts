import { expect, it } from '@jest/globals';
import { KeyedBatches } from '../../src/lib/keyed-batches.js';
import { deferred } from '../support/deferred.js';

/** Batches that end when the test ends them, in the order in which they began. */
function createBatches(maxSize = 10) {
  const begun: { name: string; items: readonly string[]; end: (error?: Error) => void }[] = [];
  const batches = new KeyedBatches<string, string>((name, items) => {
    const { promise, resolve, reject } = deferred<readonly string[]>();
    const end = (error?: Error) => (error ? reject(error) : resolve(items.map((item) => `${item} done`)));
    begun.push({ name, items, end });
    return promise;
  }, maxSize);
  const items = () => begun.map((batch) => batch.items);
  return { batches, begun, items };
}

const immediate = () => new Promise((resolve) => setImmediate(resolve));

it('KeyedBatches runs what waits for a name together, and other names concurrently', async () => {
  const { batches, begun, items } = createBatches();
  const results = [batches.add('a', '1'), batches.add('a', '2'), batches.add('b', '3'), batches.add('a', '4')];
  await immediate();
  expect(items()).toEqual([['1'], ['3']]);
  begun[0]?.end();
  await immediate();
  expect(items()).toEqual([['1'], ['3'], ['2', '4']]);
  begun[1]?.end();
  begun[2]?.end();
  expect(await Promise.all(results)).toEqual(['1 done', '2 done', '3 done', '4 done']);
});

it('KeyedBatches begins a batch at once after an earlier one of its name has ended', async () => {
  const { batches, begun, items } = createBatches();
  const first = batches.add('a', '1');
  begun[0]?.end();
  await first;
  await immediate();
  void batches.add('a', '2');
  expect(items()).toEqual([['1'], ['2']]);
});

it('KeyedBatches limits the size of a batch', async () => {
  const { batches, begun, items } = createBatches(2);
  for (const item of ['1', '2', '3', '4']) void batches.add('a', item);
  begun[0]?.end();
  await immediate();
  begun[1]?.end();
  await immediate();
  expect(items()).toEqual([['1'], ['2', '3'], ['4']]);
});

it('KeyedBatches fails what waits when a batch fails, and nothing that is added later', async () => {
  const { batches, begun, items } = createBatches();
  const results = [batches.add('a', '1'), batches.add('a', '2')];
  begun[0]?.end(new Error('no response'));
  const [failed, missed] = await Promise.allSettled(results);
  expect(failed).toMatchObject({ reason: { message: 'no response' } });
  expect(missed).toMatchObject({ reason: { name: 'QueueAborted', cause: { message: 'no response' } } });
  const later = batches.add('a', '3');
  await immediate();
  begun[1]?.end();
  expect(await later).toBe('3 done');
  expect(items()).toEqual([['1'], ['3']]);
});
