import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { sql } from 'kysely';
import type { Kysely } from 'kysely';
import type { Database } from '../../src/store/database/database.js';
import { openPostgres } from '../../src/store/database/postgres.js';
import type { Tables } from '../../src/store/database/tables.js';
import { withService } from '../support/fixture.js';
import { TestPostgres } from '../support/postgres.js';
import { promised } from '../support/promised.js';

let database: Database;

// Its connections end before the server: hooks of one kind run in the order of their registration.
afterAll(() => database.close());

const postgres = withService(new TestPostgres());

beforeAll(async () => {
  // Counted also where the transaction is rolled back.
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

const WAYS: readonly [string, Run][] = [
  ['read', (...how) => failing(...how).execute(database.kysely)],
  ['transaction', (...how) => database.write((transaction) => failing(...how).execute(transaction))],
  ['write of its own', (...how) => database.conditionalWrite(writing(...how), () => [])],
  ['turn', (...how) => database.writeExclusive('name', ({ kysely }) => failing(...how).execute(kysely))],
  [
    'write in a turn',
    (...how) => database.writeExclusive('name', (queryable) => queryable.conditionalWrite(writing(...how), () => [])),
  ],
  [
    'migration',
    (...how) =>
      database.migrate(async (transaction) => {
        await failing(...how).execute(transaction);
      }),
  ],
];

async function calls(): Promise<number> {
  const [row] = await postgres.query<{ calls: string }>('select last_value as calls from calls');
  return Number(row?.calls);
}

describe.each(WAYS)('a %s', (_, run) => {
  it.each(['40001', '40P01'])('is repeated after %s', async (code) => {
    await run(2, code);
    expect(await calls()).toBe(3);
  });

  it('is given up when it is in vain', async () => {
    await expect(run(100, '40001')).rejects.toMatchObject({ code: '40001' });
    expect(await calls()).toBe(5);
  });

  it.each(['23505', '57014', '40003'])('is not repeated after %s', async (code) => {
    await expect(run(1, code)).rejects.toMatchObject({ code });
    expect(await calls()).toBe(1);
  });
});

describe('transactions', () => {
  const add = (transaction: Kysely<Tables>, id: number) =>
    sql`update accounts set amount = amount + 1 where id = ${id}`.execute(transaction);

  it('that wait for each other both come through', async () => {
    let waiting = 0;
    const { promise: met, resolve: both } = promised<undefined>();
    let runs = 0;
    const pass = (first: number, second: number) =>
      database.write(async (transaction) => {
        runs += 1;
        await add(transaction, first);
        if ((waiting += 1) === 2) both(undefined);
        await met;
        await add(transaction, second);
      });
    await Promise.all([pass(1, 2), pass(2, 1)]);
    expect(runs).toBe(3);
    expect(await postgres.query('select amount from accounts')).toEqual([{ amount: 2 }, { amount: 2 }]);
  });

  it('that fail leave nothing behind', async () => {
    await expect(
      database.write(async (transaction) => {
        await add(transaction, 1);
        await sql`select 1 / 0`.execute(transaction);
      }),
    ).rejects.toMatchObject({ code: '22012' });
    await expect(database.write(() => Promise.reject(new Error('not a query')))).rejects.toThrow('not a query');
    // A statement whose failure is swallowed has ended the transaction all the same.
    const swallowed = database.write(async (transaction) => {
      await add(transaction, 1);
      await sql`select 1 / 0`.execute(transaction).catch(() => undefined);
    });
    await expect(swallowed).rejects.toThrow('rolled back');
    await expect(
      database.conditionalWrite(sql`update accounts set amount = 1 / 0 returning amount as at`, () => []),
    ).rejects.toThrow('division by zero');
    expect(await postgres.query('select sum(amount)::int as sum from accounts')).toEqual([{ sum: 0 }]);
  });
});
