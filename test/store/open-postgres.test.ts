import { describe, expect, it } from '@jest/globals';
import { sql } from 'kysely';
import { openPostgres } from '../../src/store/database/postgres.js';
import { withService } from '../support/fixture.js';
import { TestPgbouncer, describeBehindPooler } from '../support/pgbouncer.js';
import { TestPostgres } from '../support/postgres.js';
import { dataKey, refusal } from './test-store.js';

const postgres = withService(new TestPostgres());

describe('a PostgreSQL', () => {
  it('opens', async () => {
    expect(await refusal(postgres.databaseUrl(await postgres.createDatabase()))).toBe('opened');
  });

  it('that does not listen is refused, and nothing said of the password', async () => {
    expect(await refusal('postgres://user:secret@127.0.0.1:1/payments')).toBe(
      'StoreConfigurationError: DATABASE_URL refers to a PostgreSQL server that cannot be used: connect ECONNREFUSED 127.0.0.1:1',
    );
    expect(await refusal('postgres://user:secret@localhost:1/payments')).toMatch(
      /^StoreConfigurationError: DATABASE_URL refers to a PostgreSQL server that cannot be used: (connect )?ECONNREFUSED/,
    );
  });

  it('that lacks the database is refused', async () => {
    expect(await refusal(postgres.databaseUrl('nothing_here'))).toBe(
      'StoreConfigurationError: DATABASE_URL refers to a PostgreSQL server that cannot be used: database "nothing_here" does not exist',
    );
  });

  it.each([
    [{ fsync: 'off' }, 'server with fsync off: it would lose payments when its machine fails'],
    [
      { full_page_writes: 'off' },
      'server with full_page_writes off: pages torn by a failure of its machine would corrupt payments',
    ],
  ])('that would lose what it acknowledged is refused, and left alone: %j', async (settings, problem) => {
    const unsafe = await new TestPostgres(settings).start();
    try {
      expect(await refusal(unsafe.databaseUrl())).toBe(
        `StoreConfigurationError: DATABASE_URL refers to a PostgreSQL ${problem}`,
      );
      const tables = `select 1 from information_schema.tables where table_schema = 'public'`;
      expect(await unsafe.query(tables)).toEqual([]);
    } finally {
      await unsafe.stop();
    }
  });

  it('whose tables a crash would empty is refused', async () => {
    const name = await postgres.createDatabase();
    const url = postgres.databaseUrl(name);
    const key = dataKey('test');
    expect(await refusal(url, key)).toBe('opened');
    await postgres.query('alter table webhook_inbox set unlogged; alter table idempotency_keys set unlogged', name);
    expect(await refusal(url, key)).toBe(
      'StoreConfigurationError: DATABASE_URL refers to a database with tables that a crash would empty: ' +
        'make idempotency_keys, webhook_inbox permanent and logged',
    );
    const temporary = await postgres.createDatabase();
    await postgres.query(`alter database ${temporary} set search_path = pg_temp, public`);
    expect(await refusal(postgres.databaseUrl(temporary))).toMatch(
      /refers to a database with tables that a crash would empty/,
    );
  });

  it.each(['LATIN1', 'SQL_ASCII', 'EUC_JP', 'WIN1252'])(
    'whose encoding is %s is refused: it cannot hold every reference',
    async (encoding) => {
      const name = await postgres.createDatabase(`encoding '${encoding}' locale 'C' template template0`);
      expect(await refusal(postgres.databaseUrl(name))).toBe(
        `StoreConfigurationError: DATABASE_URL refers to a PostgreSQL database with the encoding ${encoding}, which cannot hold every name ` +
          `and reference: make one with "create database … encoding 'UTF8' template template0"`,
      );
    },
  );

  it('whose transactions are read-only by default is refused: it may be fenced off', async () => {
    const name = await postgres.createDatabase('', { default_transaction_read_only: 'on' });
    expect(await refusal(postgres.databaseUrl(name))).toBe(
      'StoreConfigurationError: DATABASE_URL refers to a PostgreSQL database with default_transaction_read_only on: it accepts no writes',
    );
  });

  it('that is a standby is refused', async () => {
    const standby = await new TestPostgres().start();
    try {
      await standby.becomeStandby();
      expect(await refusal(standby.databaseUrl())).toBe(
        'StoreConfigurationError: DATABASE_URL refers to a PostgreSQL server that is a standby and accepts no writes: use the primary',
      );
    } finally {
      await standby.stop();
    }
  });
});

describeBehindPooler('a PostgreSQL behind a pooler', () => {
  it.each([
    ['transaction', 'opened'],
    ['session', 'opened'],
    [
      'statement',
      'StoreConfigurationError: DATABASE_URL refers to a PostgreSQL server that cannot be used: transaction blocks not allowed in statement pooling mode',
    ],
  ] as const)('that hands on connections after each %s: %s', async (mode, said) => {
    const pooler = await TestPgbouncer.start(postgres.port, mode);
    try {
      expect(await refusal(pooler.databaseUrl(await postgres.createDatabase()))).toBe(said);
    } finally {
      await pooler.stop();
    }
  });
});

describe('a connection', () => {
  it.each([
    ['off', 'on'],
    ['local', 'on'],
    ['remote_write', 'on'],
    ['on', 'on'],
    ['remote_apply', 'remote_apply'],
  ])('waits for the disk where the database says synchronous_commit = %s', async (given, used) => {
    const name = await postgres.createDatabase();
    await postgres.query(`alter database ${name} set synchronous_commit = ${given}`);
    const database = await openPostgres(postgres.databaseUrl(name));
    const settings = Array.from({ length: 10 }, async () => {
      const query = sql<{ commit: string; pid: number }>`
        select current_setting('synchronous_commit') as commit, pg_backend_pid() as pid, pg_sleep(0.05)`;
      return (await query.execute(database.kysely)).rows[0];
    });
    const rows = await Promise.all(settings);
    await database.close();
    expect(rows.map((row) => row?.commit)).toEqual(Array(10).fill(used));
    // Each connection was made ready, not one of them.
    expect(new Set(rows.map((row) => row?.pid)).size).toBe(10);
  });
});
