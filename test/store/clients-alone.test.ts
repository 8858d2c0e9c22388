import { afterAll, beforeAll, expect, it, jest } from '@jest/globals';
import { sql } from 'kysely';
import { DataKeys } from '../../src/store/encryption/data-keys.js';
import { SqlAttemptStore } from '../../src/store/sql/attempts/sql-attempt-store.js';
import { deferred } from '../support/deferred.js';
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

/** Has the other replica hold the lock of a client's claims until `end` is called. */
async function holdLock(clientId: string): Promise<{ end: () => void; ended: Promise<unknown> }> {
  const started = deferred<undefined>();
  const end = deferred<undefined>();
  const ended = replicas[1].database.write(async (transaction) => {
    await sql`select pg_advisory_xact_lock(735021408, hashtext(${clientId}))`.execute(transaction);
    started.resolve(undefined);
    await end.promise;
  });
  await started.promise;
  return { end: () => end.resolve(undefined), ended };
}

const claim = (clientId: string) => replicas[0].limited(LIMIT, Date.now).claim(newClaim({ clientId }));

it('claims of one client wait for each other across replicas, and those of other clients do not wait', async () => {
  const { end, ended } = await holdLock('held');
  const order: string[] = [];
  const waiting = claim('held').then(() => order.push('held'));
  // More claims than connections, to show that a waiting claim holds no connection.
  const more = Array.from({ length: 20 }, () => claim('held'));
  await claim('free').then(() => order.push('free'));
  end();
  await Promise.all([ended, waiting, ...more]);
  expect(order).toEqual(['free', 'held']);
});

it('exactly as many of a hundred concurrent claims at two replicas pass as the limit allows', async () => {
  const limits = { paymentsPerClient: { limit: 10, periodMs: 3_600_000 } };
  const attempts = replicas.map((replica) => replica.limited(limits, Date.now));
  const claims = Array.from({ length: 100 }, (_, index) =>
    (attempts[index % 2] as SqlAttemptStore).claim(newClaim({ clientId: 'hasty' })),
  );
  const results = await Promise.all(claims);
  expect(results.filter((each) => 'attempt' in each)).toHaveLength(10);
  expect(results.filter((each) => 'limited' in each)).toHaveLength(90);
});

it('claims that wait too long fail together, and the next claim succeeds', async () => {
  const { end, ended } = await holdLock('stuck');
  const released = jest.spyOn(SqlAttemptStore.prototype, 'finish');
  const waiting = await Promise.allSettled(Array.from({ length: 20 }, () => claim('stuck')));
  expect(waiting.map(({ status }) => status)).toEqual(Array(20).fill('rejected'));
  end();
  await ended.catch(() => undefined);
  expect(await claim('stuck')).toHaveProperty('attempt');
  // Only the claim at the head of the queue was started, so only that one has to be released.
  expect(released).toHaveBeenCalledTimes(1);
});
