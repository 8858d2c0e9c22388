import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { DataKeys } from '../../src/store/encryption/data-keys.js';
import { ProxiedPostgres } from '../support/proxied-postgres.js';
import { withService } from '../support/services.js';
import { until } from '../support/until.js';
import { STARTED } from './attempt-results.js';
import { listenTo } from './behaviours/changes.js';
import { TestStore, dataKey } from './test-store.js';

const KEYS = new DataKeys([dataKey('test')]);

const postgres = withService(new ProxiedPostgres());
let local: TestStore;
let remote: TestStore;

beforeEach(async () => {
  local = await TestStore.open(postgres.server.databaseUrl(), KEYS);
  // One of them connects through the proxy.
  remote = await TestStore.open(postgres.url, KEYS);
});
afterEach(async () => {
  postgres.reconnect();
  await Promise.all([local.close(), remote.close()]);
});

async function changePayment(store: TestStore): Promise<string> {
  const attempt = await store.begin();
  await store.attempts.finish(attempt, STARTED, []);
  return attempt.payment.id;
}

describe('change notifications on PostgreSQL', () => {
  it('reach the other replicas, each change once', async () => {
    const [localListener, remoteListener] = [listenTo(local), listenTo(remote)];
    await until(() => localListener.timesListening === 1 && remoteListener.timesListening === 1);
    const ids = [await changePayment(local), await changePayment(local)];
    expect(localListener.changedIds).toEqual(ids);
    await until(() => remoteListener.changedIds.length === 2);
    const last = await changePayment(remote);
    await until(() => localListener.changedIds.includes(last));
    expect([localListener.changedIds, remoteListener.changedIds]).toEqual([
      [...ids, last],
      [...ids, last],
    ]);
  });

  it('are sent in few messages when there are many', async () => {
    const remoteListener = listenTo(remote);
    const localListener = listenTo(local);
    await until(() => localListener.timesListening === 1 && remoteListener.timesListening === 1);
    const before = await commits();
    const ids = Array.from(
      { length: 5_000 },
      (_, number) => `ps_01a202f2-fc99-76f3-81b5-${String(number).padStart(12, '0')}`,
    );
    for (const id of ids) local.database.changes.publish(id);
    await until(() => remoteListener.changedIds.length === ids.length);
    expect(remoteListener.changedIds).toEqual(ids);
    // Each transaction with a NOTIFY takes a server-wide lock.
    expect((await commits()) - before).toBeLessThan(50);
  });

  it('resume after the connection was lost', async () => {
    const remoteListener = listenTo(remote);
    const localListener = listenTo(local);
    await until(() => localListener.timesListening === 1 && remoteListener.timesListening === 1);
    postgres.cutOff();
    await until(() => remoteListener.problems.length === 1);
    const lost = await changePayment(local);
    postgres.reconnect();
    await until(() => remoteListener.timesListening === 2);
    const id = await changePayment(local);
    await until(() => remoteListener.changedIds.includes(id));
    // The store reports only that changes may have been missed. The listener must look for them itself.
    expect(remoteListener.changedIds).not.toContain(lost);
    expect(remoteListener.problems).toHaveLength(1);
  });

  it('move to another connection once its server accepts no writes, however many there are', async () => {
    const name = await postgres.server.createDatabase();
    const busy = await TestStore.open(postgres.server.databaseUrl(name), KEYS);
    const listener = listenTo(busy);
    await until(() => listener.timesListening === 1);
    const failBack = await postgres.server.failOver(name);
    await until(() => {
      busy.database.changes.publish('ps_01a202f2-fc99-76f3-81b5-000000000000');
      return listener.problems.length > 0;
    });
    expect(listener.problems).toEqual(['the server no longer accepts writes']);
    await until(() => listener.timesListening === 2);
    await busy.close();
    await failBack();
  });

  it('resume after the connection stopped responding without being closed', async () => {
    const remoteListener = listenTo(remote);
    await until(() => remoteListener.timesListening === 1);
    postgres.proxy.freeze();
    await until(() => remoteListener.problems.length === 1);
    postgres.proxy.thaw();
    await until(() => remoteListener.timesListening === 2);
  });
});

async function commits(): Promise<number> {
  const [row] = await postgres.query<{ count: string }>(
    `select pg_stat_force_next_flush(), xact_commit count from pg_stat_database where datname = 'postgres'`,
  );
  return Number(row?.count);
}
