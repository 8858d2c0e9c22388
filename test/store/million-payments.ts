import { sql } from 'kysely';
import type { Database } from '../../src/store/database/database.js';
import { migrate, MIGRATIONS } from '../../src/store/database/migrate.js';

export const MILLION = 1_000_000;
const EPOCH_MS = 1_700_000_000_000;

/** When the payment of a number was asked for: two a millisecond. */
export const createdAtOf = (n: number): Date => new Date(EPOCH_MS + Math.floor(n / 2));

/** By the number of a payment; `%` and `/` are of integers. One user and one reference are of many payments. */
const COLUMNS = {
  caller: `case when n % 20 = 19 then 'other' else 'anonymous' end`,
  delivery: `case when n % 7 = 0 then 'EMAIL' else 'LINK' end`,
  // None of the frequent user has expired, which PostgreSQL does not know.
  status: `case when n % 10 in (7, 8) then 'EXPIRED' when n % 1000 = 989 then 'UNKNOWN' when n % 10 = 9 then 'INITIATED' else 'SETTLED' end`,
  user_id: `case when n % 5 < 2 then 'user-frequent' else 'user-' || n % 10007 end`,
  reference_id: `case when n % 10 < 3 then 'CAMPAIGN' else 'LOAN-' || n end`,
  amount_minor: '25010',
  currency: `'CAD'`,
  client_urls: `'[]'`,
  created_at: `${EPOCH_MS} + n / 2`,
  updated_at: `${EPOCH_MS} + n / 2`,
  event_count: '1',
};

/** Ids of version 7: the time, and what no order is in. */
const DIALECTS = {
  sqlite: {
    numbers: `(with recursive numbers(n) as (select 1 union all select n + 1 from numbers where n < ${MILLION}) select n from numbers)`,
    id: `printf('ps_%08x-%04x-7000-8000-%012x', (${EPOCH_MS} + n / 2) / 65536, (${EPOCH_MS} + n / 2) % 65536, n * 7919 % 1000003)`,
  },
  postgres: {
    numbers: `generate_series(1::bigint, ${MILLION}::bigint) as n`,
    id: `'ps_' || lpad(to_hex((${EPOCH_MS} + n / 2) / 65536), 8, '0') || '-' || lpad(to_hex((${EPOCH_MS} + n / 2) % 65536), 4, '0')
      || '-7000-8000-' || lpad(to_hex(n * 7919 % 1000003), 12, '0')`,
  },
};

/** Fills an empty database as the release before the indexes of lists left it, then makes them. */
export async function fillWithPayments(database: Database): Promise<void> {
  await migrate(
    database,
    MIGRATIONS.filter(({ name }) => name !== 'payment list'),
  );
  const { numbers, id } = DIALECTS[database.dialect];
  const columns = { id, ...COLUMNS };
  // As long as it takes, which no query of the program may.
  await database.migrate(async (transaction) => {
    await sql`insert into payment_sessions (${sql.raw(Object.keys(columns).join(', '))})
      select ${sql.raw(Object.values(columns).join(', '))} from ${sql.raw(numbers)}`.execute(transaction);
  });
  await migrate(database);
}
