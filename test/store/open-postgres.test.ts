import { describe, expect, it } from '@jest/globals';
import { sql } from 'kysely';
import { openPostgres } from '../../src/store/database/postgres.js';
import { TestPgbouncer, describeBehindPooler } from '../support/pgbouncer.js';
import { TestPostgres } from '../support/postgres.js';
import { withService } from '../support/services.js';
import { dataKey, openingResult } from './test-store.js';

const postgres = withService(new TestPostgres());

describe('a PostgreSQL database', () => {
  it('is opened', async () => {
    expect(await openingResult(postgres.databaseUrl(await postgres.createDatabase()))).toBe('opened');
  });

  it('whose server does not listen is rejected without disclosing the password', async () => {
    expect(await openingResult('postgres://user:secret@127.0.0.1:1/payments')).toBe(
      'StoreConfigurationError: DATABASE_URL refers to a PostgreSQL server that cannot be used: connect ECONNREFUSED 127.0.0.1:1',
    );
    expect(await openingResult('postgres://user:secret@localhost:1/payments')).toMatch(
      /^StoreConfigurationError: DATABASE_URL refers to a PostgreSQL server that cannot be used: (connect )?ECONNREFUSED/,
    );
  });

  it('that does not exist is rejected', async () => {
    expect(await openingResult(postgres.databaseUrl('nothing_here'))).toBe(
      'StoreConfigurationError: DATABASE_URL refers to a PostgreSQL server that cannot be used: database "nothing_here" does not exist',
    );
  });

  it.each([
    [{ fsync: 'off' }, 'server with fsync off: it would lose payments when its machine fails'],
    [
      { full_page_writes: 'off' },
      'server with full_page_writes off: pages torn by a failure of its machine would corrupt payments',
    ],
  ])('that could lose acknowledged writes is rejected and left unchanged: %j', async (settings, problem) => {
    const unsafe = await new TestPostgres(settings).start();
    try {
      expect(await openingResult(unsafe.databaseUrl())).toBe(
        `StoreConfigurationError: DATABASE_URL refers to a PostgreSQL ${problem}`,
      );
      const tables = `select 1 from information_schema.tables where table_schema = 'public'`;
      expect(await unsafe.query(tables)).toEqual([]);
    } finally {
      await unsafe.stop();
    }
  });

  it('with tables that a crash would empty is rejected', async () => {
    const name = await postgres.createDatabase();
    const url = postgres.databaseUrl(name);
    const key = dataKey('test');
    expect(await openingResult(url, key)).toBe('opened');
    await postgres.query('alter table webhook_inbox set unlogged; alter table idempotency_keys set unlogged', name);
    expect(await openingResult(url, key)).toBe(
      'StoreConfigurationError: DATABASE_URL refers to a database with tables that a crash would empty: ' +
        'make idempotency_keys, webhook_inbox permanent and logged',
    );
    const temporary = await postgres.createDatabase();
    await postgres.query(`alter database ${temporary} set search_path = pg_temp, public`);
    expect(await openingResult(postgres.databaseUrl(temporary))).toMatch(
      /refers to a database with tables that a crash would empty/,
    );
  });

  it.each(['LATIN1', 'SQL_ASCII', 'EUC_JP', 'WIN1252'])(
    'with the encoding %s is rejected because it cannot hold every reference',
    async (encoding) => {
      const name = await postgres.createDatabase(`encoding '${encoding}' locale 'C' template template0`);
      expect(await openingResult(postgres.databaseUrl(name))).toBe(
        `StoreConfigurationError: DATABASE_URL refers to a PostgreSQL database with the encoding ${encoding}, which cannot hold every name ` +
          `and reference: make one with "create database … encoding 'UTF8' template template0"`,
      );
    },
  );

  it('with transactions that are read-only by default is rejected because it may be fenced off', async () => {
    const name = await postgres.createDatabase('', { default_transaction_read_only: 'on' });
    expect(await openingResult(postgres.databaseUrl(name))).toBe(
      'StoreConfigurationError: DATABASE_URL refers to a PostgreSQL database with default_transaction_read_only on: it accepts no writes',
    );
  });

  it('on a standby is rejected', async () => {
    const standby = await new TestPostgres().start();
    try {
      await standby.becomeStandby();
      expect(await openingResult(standby.databaseUrl())).toBe(
        'StoreConfigurationError: DATABASE_URL refers to a PostgreSQL server that is a standby and accepts no writes: use the primary',
      );
    } finally {
      await standby.stop();
    }
  });
});

describeBehindPooler('a PostgreSQL database behind a pooler', () => {
  it.each([
    ['transaction', 'opened'],
    ['session', 'opened'],
    [
      'statement',
      'StoreConfigurationError: DATABASE_URL refers to a PostgreSQL server that cannot be used: transaction blocks not allowed in statement pooling mode',
    ],
  ] as const)('in %s mode has this result when it is opened: %s', async (mode, expected) => {
    const pooler = await TestPgbouncer.start(postgres.port, mode);
    try {
      expect(await openingResult(pooler.databaseUrl(await postgres.createDatabase()))).toBe(expected);
    } finally {
      await pooler.stop();
    }
  });
});

describe('a connection to PostgreSQL', () => {
  it.each([
    ['off', 'on'],
    ['local', 'on'],
    ['remote_write', 'on'],
    ['on', 'on'],
    ['remote_apply', 'remote_apply'],
  ])('waits for the disk when the default of the database is synchronous_commit = %s', async (given, used) => {
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
    // All connections are prepared, not just one.
    expect(new Set(rows.map((row) => row?.pid)).size).toBe(10);
  });
});
