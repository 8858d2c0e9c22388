import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { sql } from 'kysely';
import { DataKeys } from '../../src/store/encryption/data-keys.js';
import { StoreHealth, StoreProbe } from '../../src/store/database/store-health.js';
import { TestPgbouncer, itBehindPooler } from '../support/pgbouncer.js';
import { TestPostgres } from '../support/postgres.js';
import { until } from '../support/until.js';
import { STARTED } from './attempt-results.js';
import { listenTo } from './behaviours/changes.js';
import { NOBODY_LISTENS, TestStore, dataKey } from './test-store.js';

const KEYS = new DataKeys([dataKey('test')]);
const CONNECTIONS = 10;

let postgres: TestPostgres;

beforeAll(async () => {
  postgres = await TestPostgres.start();
});
afterAll(() => postgres.stop());

/** Has the store open all the connections that it may. */
async function connectAll({ database }: TestStore): Promise<void> {
  const busy = Array.from({ length: CONNECTIONS }, () => sql`select pg_sleep(0.1)`.execute(database.kysely));
  await Promise.all(busy);
}

function isReady({ database }: TestStore): Promise<boolean> {
  return new StoreProbe(database, new StoreHealth(NOBODY_LISTENS)).isReady();
}

/** All kinds of writes at once, on more connections than there are. */
async function writeAll(store: TestStore): Promise<void> {
  const writes = Array.from({ length: 2 * CONNECTIONS }, async () => {
    const send = await store.beginSend();
    await store.attempts.finish(send, STARTED, []);
    await store.statuses.apply(send.payment.id, { source: 'POLL', status: 'ACCEPTED', details: undefined });
  });
  await Promise.all(writes);
}

describe('a fail-over that keeps connections', () => {
  it('costs no call where new connections take writes', async () => {
    const name = await postgres.createDatabase();
    const store = await open(name);
    await connectAll(store);
    const end = await postgres.failOver(name);
    await writeAll(store);
    expect(await isReady(store)).toBe(true);
    await end();
    await until(() => isReady(store));
    await writeAll(store);
    await store.close();
  });

  it('is over for reads as well once one write was refused', async () => {
    const name = await postgres.createDatabase();
    const store = await open(name);
    await connectAll(store);
    const before = await backends(store);
    expect(new Set(before).size).toBe(CONNECTIONS);
    const end = await postgres.failOver(name);
    await store.begin();
    expect(intersection(before, await backends(store))).toEqual([]);
    await end();
    await store.close();
  });

  it('makes nobody ready while no connection takes writes', async () => {
    const name = await postgres.createDatabase();
    const store = await open(name);
    const end = await postgres.failOver(name);
    await postgres.query(`alter database ${name} set default_transaction_read_only = on`, name);
    expect(await isReady(store)).toBe(false);
    await expect(store.begin()).rejects.toMatchObject({ cause: { code: '25006' } });
    await end();
    await until(() => isReady(store));
    await writeAll(store);
    await store.close();
  });

  it('is noticed by who listens', async () => {
    const name = await postgres.createDatabase();
    const [here, there] = await Promise.all([open(name), open(name)]);
    const heard = [listenTo(here), listenTo(there)];
    await until(() => heard.every(({ times }) => times === 1));
    const end = await postgres.failOver(name);
    await until(() => heard.every(({ times }) => times === 2));
    const attempt = await here.begin();
    await here.attempts.finish(attempt, STARTED, []);
    await until(() => heard.every(({ told }) => told.includes(attempt.payment.id)));
    await end();
    await Promise.all([here.close(), there.close()]);
  });

  itBehindPooler('is over in moments behind a pooler that keeps its connections', async () => {
    const name = await postgres.createDatabase();
    const pooler = await TestPgbouncer.start(postgres.port);
    try {
      const store = await TestStore.open(pooler.databaseUrl(name), KEYS);
      await connectAll(store);
      const end = await postgres.failOver(name);
      await until(() =>
        writeAll(store).then(
          () => true,
          () => false,
        ),
      );
      expect(await isReady(store)).toBe(true);
      await end();
      await until(() => isReady(store));
      await store.close();
    } finally {
      await pooler.stop();
    }
  });
});

describe('a server that ends connections', () => {
  it('is left by all of them once it tells one that it shuts down', async () => {
    const name = await postgres.createDatabase();
    const store = await open(name);
    const before = await backends(store);
    expect(new Set(before).size).toBe(CONNECTIONS);
    const told = expect(sql`select pg_sleep(3)`.execute(store.database.kysely)).rejects.toMatchObject({
      code: '57P01',
    });
    const terminate = `select pg_terminate_backend(pid) from pg_stat_activity
      where datname = '${name}' and state = 'active' and query = 'select pg_sleep(3)'`;
    await until(async () => (await postgres.query(terminate)).length > 0);
    await told;
    expect(intersection(before, await backends(store))).toEqual([]);
    await store.close();
  });
});

function open(name: string): Promise<TestStore> {
  return TestStore.open(postgres.databaseUrl(name), KEYS);
}

/** The server's processes behind all connections. */
async function backends({ database }: TestStore): Promise<number[]> {
  const query = sql<{ pid: number }>`select pg_backend_pid() as pid, pg_sleep(0.1)`;
  const asked = Array.from({ length: CONNECTIONS }, () => query.execute(database.kysely));
  return (await Promise.all(asked)).flatMap(({ rows }) => rows.map(({ pid }) => pid));
}

function intersection(one: readonly number[], other: readonly number[]): number[] {
  return one.filter((each) => other.includes(each));
}
