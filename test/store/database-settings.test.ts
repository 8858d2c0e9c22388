import { describe, expect, it } from '@jest/globals';
import { Client } from 'pg';
import { Sensitive } from '../../src/domain/sensitive.js';
import { DataKeys } from '../../src/store/encryption/data-keys.js';
import { StoreHealth, StoreProbe } from '../../src/store/database/store-health.js';
import { TestPgbouncer, itBehindPooler } from '../support/pgbouncer.js';
import { HOSTILE_SETTINGS, TestPostgres } from '../support/postgres.js';
import { withService } from '../support/services.js';
import { until } from '../support/until.js';
import { STARTED, UNKNOWN } from './attempt-results.js';
import { listenTo } from './behaviours/changes.js';
import { NOBODY_LISTENS, TestStore, dataKey, newClaim } from './test-store.js';

const MORE_HOSTILE = {
  ...HOSTILE_SETTINGS,
  statement_timeout: '0',
  lock_timeout: '1ms',
  idle_in_transaction_session_timeout: '0',
};
const NEEDED = {
  commit: 'on',
  isolation: 'read committed',
  statement: '4s',
  lock: '0',
  idle: '5s',
};
const ROUNDS = 25;
const AT_ONCE = 8;
const POOLED_CONNECTIONS = 3;

const KEYS = new DataKeys([dataKey('test')]);

const postgres = withService(new TestPostgres());

/** Has each write of a row record the settings under which it runs. */
async function watchWrites(database: string): Promise<void> {
  await postgres.query(
    `create table seen (commit text, isolation text, statement text, lock text, idle text);
    create function note() returns trigger language plpgsql as $$ begin
      insert into seen values (current_setting('synchronous_commit'), current_setting('transaction_isolation'),
        current_setting('statement_timeout'), current_setting('lock_timeout'),
        current_setting('idle_in_transaction_session_timeout'));
      return null; end $$;
    do $$ declare each record; begin
      for each in select relname from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace and relname <> 'seen' loop
        execute format('create trigger note after insert or update or delete on %I for each row execute function note()', each.relname);
      end loop; end $$`,
    database,
  );
}

/** Makes every kind of write, many at once. */
async function writeEverything(store: TestStore): Promise<void> {
  const limited = store.limited({ paymentsPerClient: { limit: 1_000_000, periodMs: 60_000 } }, Date.now);
  for (let round = 0; round < ROUNDS; round += 1)
    await Promise.all(
      Array.from({ length: AT_ONCE }, async (_, number) => {
        const send = await store.beginSend();
        await store.attempts.finish(send, UNKNOWN, []);
        await store.statuses.apply(send.payment.id, { source: 'POLL', status: 'INITIATED', details: undefined });
        const link = await limited.claim(newClaim({ clientId: `client-${number}` }));
        if (!('attempt' in link)) throw new Error('not claimed');
        await store.attempts.finish(link.attempt, STARTED, []);
        await store.inbox.add(new Sensitive(Buffer.from(`{"event": "${round} ${number}"}`)), 'WAITING');
        await store.payments.findEvents([send.payment.id]);
      }),
    );
  expect(await new StoreProbe(store.database, new StoreHealth(NOBODY_LISTENS)).isReady()).toBe(true);
}

/** Runs a query on every connection from the pooler to the server, which other programs of the role share. */
async function onEachConnection<Row extends object>(url: string, query: string): Promise<(Row & { pid: number })[]> {
  const clients = Array.from({ length: POOLED_CONNECTIONS }, () => new Client({ connectionString: url }));
  await Promise.all(clients.map((client) => client.connect()));
  try {
    // Each open transaction has its own connection.
    await Promise.all(clients.map((client) => client.query('begin')));
    const results = await Promise.all(clients.map((client) => client.query<Row & { pid: number }>(query)));
    return results.flatMap(({ rows }) => rows);
  } finally {
    await Promise.all(clients.map((client) => client.end()));
  }
}

describe('a write on PostgreSQL', () => {
  it('has the settings it needs, whatever the defaults of the database are', async () => {
    const name = await postgres.createDatabase('', MORE_HOSTILE);
    const store = await TestStore.open(postgres.databaseUrl(name));
    await watchWrites(name);
    await writeEverything(store);
    await store.close();
    expect(await postgres.query('select distinct * from seen', name)).toEqual([NEEDED]);
  });

  it('has the settings it needs when the defaults of the server change meanwhile', async () => {
    const name = await postgres.createDatabase();
    const store = await TestStore.open(postgres.databaseUrl(name));
    await watchWrites(name);
    await writeEverything(store);
    try {
      for (const [setting, value] of Object.entries(HOSTILE_SETTINGS)) await postgres.reload(setting, value);
      await writeEverything(store);
    } finally {
      await postgres.query('alter system reset all');
      await postgres.query('select pg_reload_conf()');
    }
    await store.close();
    expect(await postgres.query('select distinct * from seen', name)).toEqual([NEEDED]);
  });

  itBehindPooler.each(['transaction', 'session'] as const)(
    'has the settings it needs behind a pooler in %s mode, and leaves no settings on the connection',
    async (mode) => {
      const name = await postgres.createDatabase('', MORE_HOSTILE);
      // In session mode a client keeps its connection, so each replica needs as many as it opens.
      const pooler = await TestPgbouncer.start(postgres.port, mode, mode === 'session' ? 40 : POOLED_CONNECTIONS);
      try {
        const [first, second] = await Promise.all([open(pooler, name), open(pooler, name)]);
        const listeners = [listenTo(first), listenTo(second)];
        await watchWrites(name);
        await Promise.all([writeEverything(first), writeEverything(second)]);
        await until(() => listeners.every(({ problems }) => problems.length > 0));
        const changed = `select pg_backend_pid() as pid, name, setting from pg_settings
          where source = 'session' and name not in ('client_encoding', 'application_name')`;
        const listening = `select pg_backend_pid() as pid, channel from pg_listening_channels() as channel`;
        for (const query of [changed, listening])
          expect(await onEachConnection(pooler.databaseUrl(name), query)).toEqual([]);
        await Promise.all([first.close(), second.close()]);
        const databaseDefault = `select pg_backend_pid() as pid, current_setting('synchronous_commit') as commit`;
        for (const { commit } of await onEachConnection<{ commit: string }>(pooler.databaseUrl(name), databaseDefault))
          expect(commit).toBe('off');
        expect(await postgres.query('select distinct * from seen', name)).toEqual([NEEDED]);
        // The problem is reported once, and nothing listens where no notification would arrive.
        for (const { timesListening, problems } of listeners) {
          expect(timesListening).toBe(0);
          expect(problems).toEqual([expect.stringContaining('DATABASE_URL refers to a pooler')]);
        }
      } finally {
        await pooler.stop();
      }
    },
  );
});

async function open(pooler: TestPgbouncer, name: string): Promise<TestStore> {
  return TestStore.open(pooler.databaseUrl(name), KEYS);
}
