import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { sql } from 'kysely';
import type { Kysely } from 'kysely';
import type { Database } from '../../src/store/database/database.js';
import { openPostgres } from '../../src/store/database/postgres.js';
import type { Tables } from '../../src/store/database/tables.js';
import { TestPostgres } from '../support/postgres.js';
import { deferred } from '../support/deferred.js';
import { withService } from '../support/services.js';

let database: Database;

// Its connections end before the server: hooks of one kind run in the order of their registration.
afterAll(() => database.close());

const postgres = withService(new TestPostgres());

beforeAll(async () => {
  // A sequence also counts calls that are rolled back.
  await postgres.query(`create table accounts (id int primary key, amount int);
    insert into accounts values (1, 0), (2, 0);
    create sequence calls;
    create function fail_at_first(times int, code text) returns bigint language plpgsql as $$
    declare call bigint = nextval('calls'); begin
      if call <= times then raise exception using errcode = code; end if;
      return call; end $$`);
  database = await openPostgres(postgres.databaseUrl());
});
beforeEach(() => postgres.query(`alter sequence calls restart; update accounts set amount = 0`));

type Run = (times: number, code: string) => Promise<unknown>;

const failing = (times: number, code: string) => sql<{ at: number }>`select fail_at_first(${times}, ${code}) as at`;
const writing = (times: number, code: string) => sql`update accounts
  set amount = amount + fail_at_first(${times}, ${code}) where id = 1 returning amount as at`;

const prepared = (...failure: [number, string]) => database.prepareWrite({ guard: () => writing(...failure) });

const OPERATIONS: readonly [string, Run][] = [
  ['read', (...failure) => failing(...failure).execute(database.kysely)],
  ['transaction', (...failure) => database.write((transaction) => failing(...failure).execute(transaction))],
  ['conditional write', (...failure) => prepared(...failure).run({})],
  ['exclusive write', (...failure) => prepared(...failure).runExclusive('name', () => ({}))],
  [
    'migration',
    (...failure) =>
      database.migrate(async (transaction) => {
        await failing(...failure).execute(transaction);
      }),
  ],
];

async function calls(): Promise<number> {
  const [row] = await postgres.query<{ calls: string }>('select last_value as calls from calls');
  return Number(row?.calls);
}

describe.each(OPERATIONS)('a %s on PostgreSQL', (_, run) => {
  it.each(['40001', '40P01'])('is retried after the error %s', async (code) => {
    await run(2, code);
    expect(await calls()).toBe(3);
  });

  it('fails after several failed retries', async () => {
    await expect(run(100, '40001')).rejects.toMatchObject({ code: '40001' });
    expect(await calls()).toBe(5);
  });

  it.each(['23505', '57014', '40003'])('is not retried after the error %s', async (code) => {
    await expect(run(1, code)).rejects.toMatchObject({ code });
    expect(await calls()).toBe(1);
  });
});

describe('transactions on PostgreSQL', () => {
  const add = (transaction: Kysely<Tables>, id: number) =>
    sql`update accounts set amount = amount + 1 where id = ${id}`.execute(transaction);

  it('both succeed after a deadlock between them', async () => {
    let waiting = 0;
    const { promise: bothWaiting, resolve: resolveBothWaiting } = deferred<undefined>();
    let runs = 0;
    const pass = (first: number, second: number) =>
      database.write(async (transaction) => {
        runs += 1;
        await add(transaction, first);
        if ((waiting += 1) === 2) resolveBothWaiting(undefined);
        await bothWaiting;
        await add(transaction, second);
      });
    await Promise.all([pass(1, 2), pass(2, 1)]);
    expect(runs).toBe(3);
    expect(await postgres.query('select amount from accounts')).toEqual([{ amount: 2 }, { amount: 2 }]);
  });

  it('leave no changes when they fail', async () => {
    await expect(
      database.write(async (transaction) => {
        await add(transaction, 1);
        await sql`select 1 / 0`.execute(transaction);
      }),
    ).rejects.toMatchObject({ code: '22012' });
    await expect(database.write(() => Promise.reject(new Error('not a query')))).rejects.toThrow('not a query');
    // A failed statement ends the transaction even if its error is ignored.
    const withIgnoredError = database.write(async (transaction) => {
      await add(transaction, 1);
      await sql`select 1 / 0`.execute(transaction).catch(() => undefined);
    });
    await expect(withIgnoredError).rejects.toThrow('rolled back');
    const failing = database.prepareWrite({
      guard: () => sql`update accounts set amount = 1 / 0 returning amount as at`,
    });
    await expect(failing.run({})).rejects.toThrow('division by zero');
    await expect(failing.runExclusive('name', () => ({}))).rejects.toThrow('division by zero');
    expect(await postgres.query('select sum(amount)::int as sum from accounts')).toEqual([{ sum: 0 }]);
  });
});
