import { afterAll, beforeAll, expect, it, jest } from '@jest/globals';
import { DataKeys } from '../../src/store/encryption/data-keys.js';
import type { SqlAttemptStore } from '../../src/store/sql/attempts/sql-attempt-store.js';
import { promised } from '../support/promised.js';
import { EmptyStores } from './empty-stores.js';
import { TestStore, dataKey, newClaim } from './test-store.js';

const LIMIT = { paymentsPerClient: { limit: 1, periodMs: 3_600_000 } };

const empty = new EmptyStores();
const keys = new DataKeys([dataKey('test')]);
let replicas: [TestStore, TestStore];

beforeAll(async () => {
  const url = await empty.onPostgres();
  replicas = [await TestStore.open(url, keys), await TestStore.open(url, keys)];
});
afterAll(() => Promise.all(replicas.map((replica) => replica.close())));

/** Has the other replica claim for a caller until `end` is called. */
async function holdUp(caller: string): Promise<{ end: () => void; ended: Promise<unknown> }> {
  const begun = promised<undefined>();
  const end = promised<undefined>();
  const ended = replicas[1].database.writeExclusive(caller, () => {
    begun.resolve(undefined);
    return end.promise;
  });
  await begun.promise;
  return { end: () => end.resolve(undefined), ended };
}

const claim = (caller: string) => replicas[0].limited(LIMIT, Date.now).claim(newClaim({ clientId: caller }));

it('claims for a caller wait for those at other replicas, and those of other callers do not', async () => {
  const { end, ended } = await holdUp('held');
  const order: string[] = [];
  const waiting = claim('held').then(() => order.push('held'));
  // More than there are connections, so that none is held by who waits.
  const more = Array.from({ length: 20 }, () => claim('held'));
  await claim('free').then(() => order.push('free'));
  end();
  await Promise.all([ended, waiting, ...more]);
  expect(order).toEqual(['free', 'held']);
});

it('as many of a hundred claims pass at two replicas at once as the limit allows', async () => {
  const limits = { paymentsPerClient: { limit: 10, periodMs: 3_600_000 } };
  const attempts = replicas.map((replica) => replica.limited(limits, Date.now));
  const claims = Array.from({ length: 100 }, (_, index) =>
    (attempts[index % 2] as SqlAttemptStore).claim(newClaim({ clientId: 'hasty' })),
  );
  const told = await Promise.all(claims);
  expect(told.filter((each) => 'attempt' in each)).toHaveLength(10);
  expect(told.filter((each) => 'limited' in each)).toHaveLength(90);
});

it('claims that wait for too long fail together, and the next one is made', async () => {
  const { end, ended } = await holdUp('stuck');
  const written = jest.spyOn(replicas[0].database, 'conditionalWrite');
  const waiting = await Promise.allSettled(Array.from({ length: 20 }, () => claim('stuck')));
  expect(waiting.map(({ status }) => status)).toEqual(Array(20).fill('rejected'));
  end();
  await ended.catch(() => undefined);
  expect(await claim('stuck')).toHaveProperty('attempt');
  // The one whose turn it was is given back, in two steps at most. The others were not begun.
  expect(written.mock.calls.length).toBeLessThanOrEqual(2);
});
