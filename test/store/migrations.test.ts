import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { sql } from 'kysely';
import { UNLIMITED } from '../support/unlimited.js';
import { DataKeys } from '../../src/store/encryption/data-keys.js';
import type { Database } from '../../src/store/database/database.js';
import { migrate, MIGRATIONS } from '../../src/store/database/migrate.js';
import type { Migration } from '../../src/store/database/migrations/migration.js';
import { openDatabase, openStore } from '../../src/store/open-store.js';
import { StoreConfigurationError } from '../../src/store/database/database.js';
import { EmptyStores } from './empty-stores.js';
import { migrationsBefore } from './migrations-before.js';
import { NOBODY_LISTENS, dataKey } from './test-store.js';

const empty = new EmptyStores();

const LATEST = Math.max(...MIGRATIONS.map(({ version }) => version));

/** A migration of the release after this one. */
const next = (change: Partial<Migration> = {}): Migration => ({
  version: LATEST + 1,
  name: 'next',
  compatibleFrom: LATEST,
  up: (transaction) => transaction.schema.createTable('next').addColumn('id', 'text').execute(),
  ...change,
});

/** All tables with their columns and rows. */
async function snapshot({ kysely }: Database): Promise<unknown[]> {
  const tables = await kysely.introspection.getTables();
  return Promise.all(
    tables.map(async ({ name, columns }) => {
      const { rows } = await sql`select * from ${sql.table(name)}`.execute(kysely);
      return { name, columns: columns.map((column) => column.name), rows };
    }),
  );
}

const migrationsOf = ({ kysely }: Database) =>
  kysely.selectFrom('schema_migrations').select(['version', 'name', 'compatible_from', 'at']).execute();

describe.each([
  ['SQLite', empty.sqlite],
  ['PostgreSQL', empty.onPostgres],
])('the database schema on %s', (_, createUrl) => {
  let database: Database;

  beforeEach(async () => {
    database = await openDatabase(await createUrl());
  });
  afterEach(() => database.close());

  it('is created once', async () => {
    await migrate(database);
    const before = await snapshot(database);
    expect(await migrationsOf(database)).toEqual(
      MIGRATIONS.map(({ version, name, compatibleFrom }) => ({
        version,
        name,
        compatible_from: compatibleFrom,
        at: expect.any(Number),
      })),
    );
    await migrate(database);
    expect(await snapshot(database)).toEqual(before);
  });

  it('is updated by the migrations that are missing', async () => {
    await migrate(database);
    const before = await migrationsOf(database);
    await migrate(database, [...MIGRATIONS, next()]);
    expect(await migrationsOf(database)).toEqual([
      ...before,
      expect.objectContaining({ version: LATEST + 1, name: 'next' }),
    ]);
    expect(await database.kysely.introspection.getTables()).toContainEqual(expect.objectContaining({ name: 'next' }));
  });

  it('is left unchanged when it is newer and declared compatible', async () => {
    await migrate(database, [...MIGRATIONS, next()]);
    const before = await snapshot(database);
    await migrate(database);
    expect(await snapshot(database)).toEqual(before);
  });

  it('is rejected and left unchanged when it is newer and declared incompatible', async () => {
    await migrate(database, [
      ...MIGRATIONS,
      next({ compatibleFrom: LATEST + 1 }),
      next({ version: LATEST + 2, up: nothing }),
    ]);
    const before = await snapshot(database);
    const rejection = migrate(database);
    await expect(rejection).rejects.toBeInstanceOf(StoreConfigurationError);
    await expect(rejection).rejects.toThrow(
      `DATABASE_URL refers to a database of a newer release: it requires schema version ${LATEST + 1}, and this release has ${LATEST}`,
    );
    expect(await snapshot(database)).toEqual(before);
  });

  it('gives old payments owners of their references, and drops ids that do not identify one payment', async () => {
    const guid = '3F2504E0-4F89-41D3-9A0C-0305E82C3301';
    await migrate(database, migrationsBefore('identity'));
    const nil = '00000000-0000-0000-0000-000000000000';
    const old = [
      ['a', 'shop', 'LOAN-1', 'request-1'],
      ['b', 'copier', 'loan-1', guid],
      ['c', 'shop', guid, guid.toLowerCase()],
      ['d', 'shop', 'LOAN-2', nil],
    ] as const;
    for (const [index, [id, caller, reference_id, payment_request_id]] of old.entries()) {
      const given = { id, caller, reference_id, payment_request_id, created_at: index, updated_at: index };
      const rest = {
        delivery: 'EMAIL',
        status: 'INITIATED',
        user_id: 'u',
        amount_minor: 1,
        currency: 'CAD',
        client_urls: '[]',
      };
      const row = { ...given, ...rest };
      await sql`insert into payment_sessions (${sql.join(Object.keys(row).map((column) => sql.ref(column)))})
        values (${sql.join(Object.values(row))})`.execute(database.kysely);
    }
    await migrate(database);
    const rows = await database.kysely
      .selectFrom('payment_sessions')
      .select(['id', 'reference_suffix', 'reference_key', 'payment_request_id'])
      .orderBy('id')
      .execute();
    // An id of several payments, or a placeholder, does not identify any.
    expect(rows.map((row) => Object.values(row))).toEqual([
      ['a', '', null, 'request-1'],
      ['b', '', null, null],
      ['c', '', guid.toLowerCase(), null],
      ['d', '', null, null],
    ]);
    expect(await database.kysely.selectFrom('payment_references').selectAll().orderBy('reference').execute()).toEqual([
      { reference: guid.toLowerCase(), caller: 'shop' },
      { reference: 'loan-1', caller: 'shop' },
      { reference: 'loan-2', caller: 'shop' },
    ]);
  });

  it('is unchanged when a migration fails', async () => {
    const failing = next({
      up: async (transaction) => {
        await next().up(transaction, 'sqlite');
        throw new Error('half-way');
      },
    });
    await expect(migrate(database, [...MIGRATIONS, failing])).rejects.toThrow('half-way');
    expect(await snapshot(database)).toEqual([]);
    await migrate(database);
    expect(await migrationsOf(database)).toHaveLength(MIGRATIONS.length);
  });
});

const nothing = (): Promise<void> => Promise.resolve();

describe('replicas that start at the same time', () => {
  it('create the schema once, and all of them start', async () => {
    const databaseUrl = await empty.onPostgres();
    const keys = dataKey('test');
    const settings = () => ({
      databaseUrl,
      dataKeys: new DataKeys([keys]),
      leaseMs: 60_000,
      checkAfterMs: 30_000,
      limits: UNLIMITED,
    });
    const stores = await Promise.all(Array.from({ length: 5 }, () => openStore(settings(), NOBODY_LISTENS)));
    expect(await Promise.all(stores.map((store) => store.isReady()))).toEqual(Array(5).fill(true));
    await Promise.all(stores.map((store) => store.close()));
    const database = await openDatabase(databaseUrl);
    expect(await migrationsOf(database)).toHaveLength(MIGRATIONS.length);
    await database.close();
  });
});

describe('a migration that takes long', () => {
  it('is waited for by the replica that runs it and by the others', async () => {
    const url = await empty.onPostgres();
    // Longer than the time limit of other queries.
    const slow = next({ up: (transaction) => sql`select pg_sleep(5.5)`.execute(transaction).then(nothing) });
    const databases = await Promise.all([openDatabase(url), openDatabase(url)]);
    await Promise.all(databases.map((database) => migrate(database, [...MIGRATIONS, slow])));
    for (const database of databases) {
      expect(await migrationsOf(database)).toHaveLength(MIGRATIONS.length + 1);
      await database.close();
    }
  });
});
