import { describe, expect, it } from '@jest/globals';
import { sql } from 'kysely';
import { DataKeys } from '../../src/store/encryption/data-keys.js';
import { StoreHealth, StoreProbe } from '../../src/store/database/store-health.js';
import { TestPgbouncer, itBehindPooler } from '../support/pgbouncer.js';
import { TestPostgres } from '../support/postgres.js';
import { withService } from '../support/services.js';
import { until } from '../support/until.js';
import { STARTED } from './attempt-results.js';
import { listenTo } from './behaviours/changes.js';
import { NOBODY_LISTENS, TestStore, dataKey } from './test-store.js';

const KEYS = new DataKeys([dataKey('test')]);
const CONNECTIONS = 10;

const postgres = withService(new TestPostgres());

/** Makes the store open all its connections. */
async function connectAll({ database }: TestStore): Promise<void> {
  const busy = Array.from({ length: CONNECTIONS }, () => sql`select pg_sleep(0.1)`.execute(database.kysely));
  await Promise.all(busy);
}

function isReady({ database }: TestStore): Promise<boolean> {
  return new StoreProbe(database, new StoreHealth(NOBODY_LISTENS)).isReady();
}

/** Makes all kinds of writes at once, more than there are connections. */
async function writeAll(store: TestStore): Promise<void> {
  const writes = Array.from({ length: 2 * CONNECTIONS }, async () => {
    const send = await store.beginSend();
    await store.attempts.finish(send, STARTED, []);
    await store.statuses.apply(send.payment.id, { source: 'POLL', status: 'ACCEPTED', details: undefined });
  });
  await Promise.all(writes);
}

describe('a failover that keeps connections open', () => {
  it('fails no write when new connections accept writes', async () => {
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

  it('makes reads use new connections as well after one rejected write', async () => {
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

  it('makes the store not ready while no connection accepts writes', async () => {
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

  it('makes the listeners for changes reconnect', async () => {
    const name = await postgres.createDatabase();
    const [first, second] = await Promise.all([open(name), open(name)]);
    const listeners = [listenTo(first), listenTo(second)];
    await until(() => listeners.every(({ timesListening }) => timesListening === 1));
    const end = await postgres.failOver(name);
    await until(() => listeners.every(({ timesListening }) => timesListening === 2));
    const attempt = await first.begin();
    await first.attempts.finish(attempt, STARTED, []);
    await until(() => listeners.every(({ changedIds }) => changedIds.includes(attempt.payment.id)));
    await end();
    await Promise.all([first.close(), second.close()]);
  });

  itBehindPooler('is handled in moments behind a pooler that keeps its connections', async () => {
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

describe('a server that shuts down', () => {
  it('loses all connections of the store once it has reported its shutdown on one of them', async () => {
    const name = await postgres.createDatabase();
    const store = await open(name);
    const before = await backends(store);
    expect(new Set(before).size).toBe(CONNECTIONS);
    const rejection = expect(sql`select pg_sleep(3)`.execute(store.database.kysely)).rejects.toMatchObject({
      code: '57P01',
    });
    const terminate = `select pg_terminate_backend(pid) from pg_stat_activity
      where datname = '${name}' and state = 'active' and query = 'select pg_sleep(3)'`;
    await until(async () => (await postgres.query(terminate)).length > 0);
    await rejection;
    expect(intersection(before, await backends(store))).toEqual([]);
    await store.close();
  });
});

function open(name: string): Promise<TestStore> {
  return TestStore.open(postgres.databaseUrl(name), KEYS);
}

/** The server processes behind all connections. */
async function backends({ database }: TestStore): Promise<number[]> {
  const query = sql<{ pid: number }>`select pg_backend_pid() as pid, pg_sleep(0.1)`;
  const results = Array.from({ length: CONNECTIONS }, () => query.execute(database.kysely));
  return (await Promise.all(results)).flatMap(({ rows }) => rows.map(({ pid }) => pid));
}

function intersection(one: readonly number[], other: readonly number[]): number[] {
  return one.filter((each) => other.includes(each));
}
