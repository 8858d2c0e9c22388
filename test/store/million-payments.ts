import { sql } from 'kysely';
import type { Database } from '../../src/store/database/database.js';
import { migrate, MIGRATIONS } from '../../src/store/database/migrate.js';

export const MILLION = 1_000_000;
const EPOCH_MS = 1_700_000_000_000;

/** The creation time of payment number n. Two payments are created per millisecond. */
export const createdAtOf = (n: number): Date => new Date(EPOCH_MS + Math.floor(n / 2));

/** SQL for the columns of payment number n, with integer `%` and `/`. One user and one reference have many payments. */
const COLUMNS = {
  caller: `case when n % 20 = 19 then 'other' else 'anonymous' end`,
  delivery: `case when n % 7 = 0 then 'EMAIL' else 'LINK' end`,
  // No payment of the frequent user has expired, which PostgreSQL's statistics do not show.
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

/** Ids of version 7: the time, then bits without an order. */
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

/** Fills an empty database of the release before the list indexes, then creates these. */
export async function fillWithPayments(database: Database): Promise<void> {
  await migrate(
    database,
    MIGRATIONS.filter(({ name }) => name !== 'payment list'),
  );
  const { numbers, id } = DIALECTS[database.dialect];
  const columns = { id, ...COLUMNS };
  // A migration has no time limit, unlike the program's other queries.
  await database.migrate(async (transaction) => {
    await sql`insert into payment_sessions (${sql.raw(Object.keys(columns).join(', '))})
      select ${sql.raw(Object.values(columns).join(', '))} from ${sql.raw(numbers)}`.execute(transaction);
  });
  await migrate(database);
}
