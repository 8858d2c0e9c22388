import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { DataKeys } from '../../src/store/encryption/data-keys.js';
import { withService } from '../support/fixture.js';
import { ProxiedPostgres } from '../support/proxied-postgres.js';
import { until } from '../support/until.js';
import { STARTED } from './attempt-results.js';
import { listenTo } from './behaviours/changes.js';
import { TestStore, dataKey } from './test-store.js';

const KEYS = new DataKeys([dataKey('test')]);

const postgres = withService(new ProxiedPostgres());
let here: TestStore;
let there: TestStore;

beforeEach(async () => {
  here = await TestStore.open(postgres.server.databaseUrl(), KEYS);
  // The proxy is in between for one of them.
  there = await TestStore.open(postgres.url, KEYS);
});
afterEach(async () => {
  postgres.reconnect();
  await Promise.all([here.close(), there.close()]);
});

async function move(store: TestStore): Promise<string> {
  const attempt = await store.begin();
  await store.attempts.finish(attempt, STARTED, []);
  return attempt.payment.id;
}

describe('changes on PostgreSQL', () => {
  it('are told to the other replicas, each once', async () => {
    const [mine, theirs] = [listenTo(here), listenTo(there)];
    await until(() => mine.times === 1 && theirs.times === 1);
    const ids = [await move(here), await move(here)];
    expect(mine.told).toEqual(ids);
    await until(() => theirs.told.length === 2);
    const last = await move(there);
    await until(() => mine.told.includes(last));
    expect([mine.told, theirs.told]).toEqual([
      [...ids, last],
      [...ids, last],
    ]);
  });

  it('are told in few messages when they are many', async () => {
    const theirs = listenTo(there);
    const mine = listenTo(here);
    await until(() => mine.times === 1 && theirs.times === 1);
    const before = await commits();
    const ids = Array.from(
      { length: 5_000 },
      (_, number) => `ps_01a202f2-fc99-76f3-81b5-${String(number).padStart(12, '0')}`,
    );
    for (const id of ids) here.database.changes.publish(id);
    await until(() => theirs.told.length === ids.length);
    expect(theirs.told).toEqual(ids);
    // Each transaction with a NOTIFY takes a lock of the whole server.
    expect((await commits()) - before).toBeLessThan(50);
  });

  it('are told again after the connection was lost', async () => {
    const theirs = listenTo(there);
    const mine = listenTo(here);
    await until(() => mine.times === 1 && theirs.times === 1);
    postgres.cutOff();
    await until(() => theirs.problems.length === 1);
    const lost = await move(here);
    postgres.reconnect();
    await until(() => theirs.times === 2);
    const id = await move(here);
    await until(() => theirs.told.includes(id));
    // Who listens is told that something may have gone by, and looks for itself.
    expect(theirs.told).not.toContain(lost);
    expect(theirs.problems).toHaveLength(1);
  });

  it('are told by another connection once its server takes no writes, however much there is to tell', async () => {
    const name = await postgres.server.createDatabase();
    const busy = await TestStore.open(postgres.server.databaseUrl(name), KEYS);
    const heard = listenTo(busy);
    await until(() => heard.times === 1);
    const failBack = await postgres.server.failOver(name);
    await until(() => {
      busy.database.changes.publish('ps_01a202f2-fc99-76f3-81b5-000000000000');
      return heard.problems.length > 0;
    });
    expect(heard.problems).toEqual(['the server no longer accepts writes']);
    await until(() => heard.times === 2);
    await busy.close();
    await failBack();
  });

  it('are told again after the connection died without a word', async () => {
    const theirs = listenTo(there);
    await until(() => theirs.times === 1);
    postgres.proxy.freeze();
    await until(() => theirs.problems.length === 1);
    postgres.proxy.thaw();
    await until(() => theirs.times === 2);
  });
});

async function commits(): Promise<number> {
  const [row] = await postgres.query<{ count: string }>(
    `select pg_stat_force_next_flush(), xact_commit count from pg_stat_database where datname = 'postgres'`,
  );
  return Number(row?.count);
}
