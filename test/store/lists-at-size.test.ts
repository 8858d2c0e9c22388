import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { sql } from 'kysely';
import { ALL_OWNERS } from '../../src/domain/api-client.js';
import type { Owner } from '../../src/domain/api-client.js';
import type { PaymentFilter, PaymentPosition } from '../../src/domain/payment.js';
import { DataKeys } from '../../src/store/encryption/data-keys.js';
import type { Database } from '../../src/store/database/database.js';
import { claimStatement } from '../../src/store/sql/attempts/claim-statement.js';
import type { ClaimValues } from '../../src/store/sql/attempts/claim-values.js';
import { claimValues } from '../../src/store/sql/attempts/claim-values.js';
import { firstAttempt } from '../../src/store/sql/attempts/sql-claims.js';
import { embed } from '../../src/store/database/statement.js';
import type { Placeholders } from '../../src/store/database/statement.js';
import { hasRequestId } from '../../src/store/database/folded-ids.js';
import { openDatabase } from '../../src/store/open-store.js';
import { paymentsAfter } from '../../src/store/sql/payment-pages.js';
import { SqlPaymentStore } from '../../src/store/sql/sql-payment-store.js';
import { StoreHealth } from '../../src/store/database/store-health.js';
import { toStored } from '../../src/store/database/stored-values.js';
import { insertPayments, paymentWith } from '../support/many-payments.js';
import { TestPostgres } from '../support/postgres.js';
import { MILLION, createdAtOf, fillWithPayments } from './million-payments.js';
import { postgresPlan, sqlitePlan } from './query-plans.js';
import { EVERYTHING, NOBODY_LISTENS, dataKey, newClaim } from './test-store.js';

const FILL_TIMEOUT_MS = 240_000;
const CLIENT = 'anonymous';
const FIRST = 20;
const DEEP_PAGE = 5_000;

interface Case {
  /** One client if undefined. */
  readonly owner?: Owner;
  readonly filter: Partial<PaymentFilter>;
  readonly index: string;
  /** The number of index ranges: one for each delivery method and status that the filter includes. */
  readonly ranges: number;
}

const BY_CLIENT = 'payment_sessions_by_caller';
const BY_USER = 'payment_sessions_by_user';
const BY_REFERENCE = 'payment_sessions_by_reference';
const BY_ALL_CLIENTS = 'payment_sessions_by_nobody';
const KEYS = 'idempotency_keys_intention';
const PAYMENTS = 'payment_sessions_pkey';
const BY_CLIENT_AND_NUMBER = 'payment_sessions_client_number';
const BY_PAYER = 'payment_sessions_payer_index';
const BY_BOTH = 'payment_sessions_by_user_and_reference';
const BY_REQUEST = 'payment_sessions_request';

const user = { userId: 'user-frequent' };
const campaign = { referenceId: 'CAMPAIGN' };
const middlePeriod = { createdFrom: createdAtOf(MILLION * 0.1), createdBefore: createdAtOf(MILLION * 0.9) };

/** Each has at least 5,000 pages. */
const LONG_LISTS: readonly Case[] = [
  { filter: {}, index: BY_CLIENT, ranges: 22 },
  { filter: { status: 'SETTLED' }, index: BY_CLIENT, ranges: 2 },
  { filter: { deliveryMethod: 'EMAIL' }, index: BY_CLIENT, ranges: 11 },
  { filter: { deliveryMethod: 'LINK', status: 'EXPIRED', ...middlePeriod }, index: BY_CLIENT, ranges: 1 },
  { filter: { ...user }, index: BY_USER, ranges: 22 },
  { filter: { ...user, deliveryMethod: 'LINK', status: 'SETTLED' }, index: BY_USER, ranges: 1 },
  { filter: { ...campaign, ...middlePeriod }, index: BY_REFERENCE, ranges: 22 },
  { filter: { ...campaign, status: 'SETTLED' }, index: BY_REFERENCE, ranges: 2 },
  { filter: { ...user, ...campaign }, index: BY_BOTH, ranges: 22 },
  { filter: { ...user, ...campaign, deliveryMethod: 'LINK' }, index: BY_BOTH, ranges: 11 },
  { owner: ALL_OWNERS, filter: {}, index: BY_ALL_CLIENTS, ranges: 22 },
  { owner: ALL_OWNERS, filter: { status: 'SETTLED' }, index: BY_ALL_CLIENTS, ranges: 2 },
  { owner: ALL_OWNERS, filter: { deliveryMethod: 'EMAIL', ...middlePeriod }, index: BY_ALL_CLIENTS, ranges: 11 },
];

/** Frequent values that never or hardly ever occur together, for which a filter of rows would read a long way. */
const SHORT_LISTS: readonly Case[] = [
  { filter: { ...user, status: 'EXPIRED' }, index: BY_USER, ranges: 2 },
  { filter: { ...user, deliveryMethod: 'LINK', status: 'OUTCOME_UNKNOWN' }, index: BY_USER, ranges: 1 },
  { filter: { ...campaign, status: 'EXPIRED' }, index: BY_REFERENCE, ranges: 2 },
  { filter: { ...user, ...campaign, status: 'INITIATED' }, index: BY_BOTH, ranges: 2 },
  { filter: { ...user, referenceId: 'LOAN-7' }, index: BY_BOTH, ranges: 22 },
  { filter: { status: 'DECLINED' }, index: BY_CLIENT, ranges: 2 },
  { owner: ALL_OWNERS, filter: { status: 'DECLINED' }, index: BY_ALL_CLIENTS, ranges: 2 },
];

/** Lists of all clients for one infrequent user or reference. */
const SORTED_LISTS: readonly Case[] = [
  { owner: ALL_OWNERS, filter: { userId: 'user-77' }, index: BY_USER, ranges: 1 },
  {
    owner: ALL_OWNERS,
    filter: { userId: 'user-77', status: 'SETTLED', deliveryMethod: 'LINK' },
    index: BY_USER,
    ranges: 1,
  },
  { owner: ALL_OWNERS, filter: { referenceId: 'LOAN-77', ...middlePeriod }, index: BY_REFERENCE, ranges: 1 },
  { owner: ALL_OWNERS, filter: { userId: 'user-77', referenceId: 'LOAN-77' }, index: BY_BOTH, ranges: 1 },
];

const named = (cases: readonly Case[]) =>
  cases.map(
    (each) => [`${each.owner === ALL_OWNERS ? 'all clients ' : ''}${JSON.stringify(each.filter)}`, each] as const,
  );

/** The store's query for a page. */
function pageQuery({ kysely }: Database, { owner = CLIENT, filter }: Case, after?: PaymentPosition) {
  return paymentsAfter(kysely, owner, { ...EVERYTHING, ...filter }, after, FIRST + 1);
}

/** The last payment before page 5,000, found by counting. */
async function endOfPageBefore({ kysely }: Database, { owner = CLIENT, filter }: Case): Promise<PaymentPosition> {
  const { userId, referenceId, status, deliveryMethod, createdFrom, createdBefore } = { ...EVERYTHING, ...filter };
  const row = await kysely
    .selectFrom('payment_sessions')
    .select(['created_at', 'id'])
    .$if(owner !== ALL_OWNERS, (query) => query.where('caller', '=', CLIENT))
    .$if(userId !== undefined, (query) => query.where('user_id', '=', userId ?? ''))
    .$if(referenceId !== undefined, (query) => query.where('reference_id', '=', referenceId ?? ''))
    .$if(status !== undefined, (query) => query.where('status', '=', toStored(status ?? 'OUTCOME_UNKNOWN')))
    .$if(deliveryMethod !== undefined, (query) => query.where('delivery', '=', deliveryMethod ?? 'LINK'))
    .where('created_at', '>=', createdFrom?.getTime() ?? 0)
    .where('created_at', '<', createdBefore?.getTime() ?? Number.MAX_SAFE_INTEGER)
    .orderBy('created_at', 'desc')
    .orderBy('id', 'desc')
    .offset((DEEP_PAGE - 1) * FIRST - 1)
    .limit(1)
    .executeTakeFirstOrThrow();
  return { createdAt: new Date(row.created_at), id: row.id };
}

/** The number of payments of a user or a reference, whatever else is filtered. */
async function countOf({ kysely }: Database, { filter: { userId, referenceId } }: Case): Promise<number> {
  const { count } = await kysely
    .selectFrom('payment_sessions')
    .select(sql<number>`count(*)`.as('count'))
    .$if(userId !== undefined, (query) => query.where('user_id', '=', userId ?? ''))
    .$if(referenceId !== undefined, (query) => query.where('reference_id', '=', referenceId ?? ''))
    .executeTakeFirstOrThrow();
  return count;
}

/** Longer ago than all payments. */
const EVER_MS = 2_000_000_000_000;
const LIMITS = {
  paymentsPerClient: { limit: 600, periodMs: EVER_MS },
  emailsPerPayer: { limit: 5, periodMs: EVER_MS },
  amountPerPayer: { limit: 2_000_000, periodMs: EVER_MS },
  duplicateWindowMs: EVER_MS,
};
/** Payments of the payer in question. */
const RECENT = 20;
const limitKeys = new DataKeys([dataKey('new'), dataKey('old')]);

/** The query with which a claim checks limits and duplicates. */
function claimCheckQuery(database: Database) {
  const claim = newClaim({ deliveryMethod: 'EMAIL', guarded: true });
  const settings = { limits: LIMITS, leaseMs: 1, dataKeys: 2 };
  const values = { ...claimValues(claim, firstAttempt(claim), limitKeys), isLate: 0 };
  const expressions = Object.fromEntries(Object.entries(values).map(([name, value]) => [name, sql`${value}`]));
  const query = claimStatement(database, claim, settings).check?.(expressions as unknown as Placeholders<ClaimValues>);
  if (query === undefined) throw new Error('a claim checks nothing');
  return database.kysely.selectFrom(sql`(${embed(query)})`.as('standing')).selectAll();
}

const requestIdQuery = ({ kysely, listOf }: Database) =>
  kysely
    .selectFrom('payment_sessions')
    .selectAll()
    .where(hasRequestId(listOf(['one', 'two'])));

const recentPayments = () =>
  Array.from({ length: RECENT }, () => paymentWith({ deliveryMethod: 'EMAIL', referenceId: 'other' }));

const notes: string[] = [];

/** Records how long the pages of a list take, each the best of five, and the given text. */
async function noteTimes(
  database: Database,
  { owner = CLIENT, filter }: Case,
  after: PaymentPosition,
  more = '',
): Promise<void> {
  const store = new SqlPaymentStore(database, limitKeys, new StoreHealth(NOBODY_LISTENS));
  const best = async (position: PaymentPosition | undefined): Promise<string> => {
    const all: number[] = [];
    for (let run = 0; run < 5; run += 1) {
      const startedMs = performance.now();
      const { payments } = await store.listPayments(owner, { ...EVERYTHING, ...filter }, FIRST, position);
      all.push(performance.now() - startedMs);
      expect(payments).toHaveLength(FIRST);
    }
    return `${Math.min(...all).toFixed(1)} ms`;
  };
  const [first, deep] = [await best(undefined), await best(after)];
  notes.push(`${database.dialect}: page 1 ${first}, page ${DEEP_PAGE} ${deep}${more}: ${JSON.stringify(filter)}`);
}

afterAll(() => {
  process.stdout.write(`A page of ${FIRST} among ${MILLION} payments\n${notes.join('\n')}\n`);
});

describe('a store with a million payments on PostgreSQL', () => {
  let postgres: TestPostgres;
  let database: Database;

  beforeAll(async () => {
    postgres = await new TestPostgres({ maintenance_work_mem: '256MB', max_wal_size: '4GB' }).start();
    database = await openDatabase(postgres.databaseUrl());
    await fillWithPayments(database);
    await insertPayments(database, limitKeys, recentPayments());
  }, FILL_TIMEOUT_MS);
  afterAll(async () => {
    await database.close();
    await postgres.stop();
  });

  describe.each([
    ['without statistics', sql`delete from pg_statistic where starelid = 'payment_sessions'::regclass`],
    ['with statistics', sql`analyze payment_sessions`],
  ])('%s', (_, prepare) => {
    beforeAll(async () => {
      await prepare.execute(database.kysely);
    });

    it.each(named(LONG_LISTS))('reads page 5,000 at the cost of page 1: %s', async (_name, list) => {
      const after = await endOfPageBefore(database, list);
      const first = await postgresPlan(pageQuery(database, list));
      const deep = await postgresPlan(pageQuery(database, list, after));
      expect(deep.shape).toEqual(first.shape);
      expect(deep.scans).toEqual(Array(list.ranges).fill(`Index Scan using ${list.index}`));
      for (const { rows, removed } of [first, deep]) {
        // Merging reads the first row of each range.
        expect(rows).toBeLessThanOrEqual(FIRST + 1 + list.ranges);
        expect(removed).toBe(0);
      }
      expect(deep.rows).toBeLessThanOrEqual(first.rows + list.ranges);
      // A range may start or end within a block of the index and of the table.
      expect(deep.buffers).toBeLessThanOrEqual(first.buffers + 2 * list.ranges + 5);
      const read = [first, deep].map(({ rows, buffers }) => `${rows} rows in ${buffers} blocks`);
      await noteTimes(database, list, after, ` (${read.join(', ')})`);
    });

    it.each(named(SHORT_LISTS))(
      'reads next to nothing for a list that hardly any payment matches: %s',
      async (_name, list) => {
        const { scans, rows, removed, buffers } = await postgresPlan(pageQuery(database, list));
        expect(scans).toEqual(Array(list.ranges).fill(`Index Scan using ${list.index}`));
        expect(rows + removed).toBeLessThanOrEqual(1);
        // Each range is read from the root of an index to a leaf.
        expect(buffers).toBeLessThanOrEqual(6 * list.ranges);
      },
    );

    it.each(named(SORTED_LISTS))(
      'reads no more than the payments of an infrequent user or reference: %s',
      async (_name, list) => {
        const { shape, scans, rows, removed } = await postgresPlan(pageQuery(database, list));
        expect(scans).toHaveLength(1);
        expect(shape.at(-1)).toMatch(new RegExp(`Index Scan using ${list.index}$`));
        expect(rows + removed).toBeLessThanOrEqual(await countOf(database, list));
      },
    );

    it('reads only the latest payments of the client and the payer for rate limits', async () => {
      const { shape, rows, removed } = await postgresPlan(claimCheckQuery(database));
      const indexes = shape.flatMap((node) => node.split(' using ').slice(1));
      expect(indexes.sort()).toEqual([
        KEYS,
        BY_CLIENT_AND_NUMBER,
        BY_CLIENT_AND_NUMBER,
        BY_CLIENT_AND_NUMBER,
        BY_PAYER,
        BY_PAYER,
        BY_PAYER,
        PAYMENTS,
      ]);
      expect(rows).toBeLessThanOrEqual(LIMITS.paymentsPerClient.limit + 3 * RECENT);
      expect(removed).toBeLessThanOrEqual(RECENT);
    });

    it('finds a payment by its payment request id with an index', async () => {
      const { shape } = await postgresPlan(requestIdQuery(database));
      expect(shape).toContainEqual(expect.stringMatching(new RegExp(`Index Scan using ${BY_REQUEST}$`)));
      expect(shape).not.toContain('Seq Scan');
    });

    it.each([
      ['user_id', 'user-77', BY_USER],
      ['reference_id', 'LOAN-77', BY_REFERENCE],
    ] as const)('uses an index for a search by %s alone', async (column, value, index) => {
      const payments = database.kysely.selectFrom('payment_sessions').selectAll().where(column, 'in', [value, 'none']);
      const { shape } = await postgresPlan(payments);
      expect(shape.at(-1)).toMatch(new RegExp(`Index Scan using ${index}$`));
    });
  });
});

describe('a store with a million payments on SQLite', () => {
  let database: Database;

  beforeAll(async () => {
    database = await openDatabase('sqlite::memory:');
    await fillWithPayments(database);
  }, FILL_TIMEOUT_MS);
  afterAll(() => database.close());

  it('reads only the latest payments of the client and the payer for rate limits', async () => {
    const steps = await sqlitePlan(database, claimCheckQuery(database));
    const searches = steps.flatMap((step) => step.split(/ USING (?:COVERING )?INDEX /).slice(1));
    const ofPayer = `${BY_PAYER} (payer_index=? AND delivery=? AND created_at>?)`;
    expect(searches.filter((search) => search.startsWith('payment_sessions'))).toEqual([
      `${BY_CLIENT_AND_NUMBER} (<expr>=? AND client_number<?)`,
      `${BY_CLIENT_AND_NUMBER} (<expr>=? AND client_number>?)`,
      `${BY_CLIENT_AND_NUMBER} (<expr>=?)`,
      ...[ofPayer, ofPayer, ofPayer],
    ]);
  });

  it('finds a payment by its payment request id with an index', async () => {
    const plan = await sqlitePlan(database, requestIdQuery(database));
    expect(plan[0]).toMatch(new RegExp(`^SEARCH payment_sessions USING INDEX ${BY_REQUEST} \\(`));
    expect(plan.filter((step) => step.includes('payment_sessions'))).toHaveLength(1);
  });

  it.each(named(LONG_LISTS))('uses the same index for page 5,000 as for page 1: %s', async (_, list) => {
    const after = await endOfPageBefore(database, list);
    const first = await sqlitePlan(database, pageQuery(database, list));
    expect(await sqlitePlan(database, pageQuery(database, list, after))).toEqual(first);
    const found = first.filter((step) => step.includes('payment_sessions'));
    expect(found).toHaveLength(list.ranges);
    for (const step of found)
      expect(step).toMatch(
        new RegExp(
          `^SEARCH payment_sessions USING INDEX ${list.index} \\(.+ AND delivery=\\? AND status=\\? AND created_at>`,
        ),
      );
    await noteTimes(database, list, after);
  });

  it.each(named(SORTED_LISTS))(
    'uses one index search and a sort for an infrequent user or reference: %s',
    async (_, list) => {
      const plan = await sqlitePlan(database, pageQuery(database, list));
      expect(plan).toEqual([
        expect.stringMatching(new RegExp(`^SEARCH payment_sessions USING INDEX ${list.index} \\(`)),
        'USE TEMP B-TREE FOR ORDER BY',
      ]);
    },
  );
});
