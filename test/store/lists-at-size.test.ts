import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { sql } from 'kysely';
import { ALL_OWNERS } from '../../src/domain/api-client.js';
import type { Owner } from '../../src/domain/api-client.js';
import type { PaymentFilter, PaymentPosition } from '../../src/domain/payment.js';
import { DataKeys } from '../../src/store/encryption/data-keys.js';
import type { Database } from '../../src/store/database/database.js';
import { ClaimChecks } from '../../src/store/sql/attempts/claim-checks.js';
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
const CALLER = 'anonymous';
const FIRST = 20;
const DEEP_PAGE = 5_000;

interface Case {
  /** One caller, where nothing else is said. */
  readonly owner?: Owner;
  readonly filter: Partial<PaymentFilter>;
  readonly index: string;
  /** Of each delivery and status that the filter lets pass. */
  readonly ranges: number;
}

const BY_CALLER = 'payment_sessions_by_caller';
const BY_USER = 'payment_sessions_by_user';
const BY_REFERENCE = 'payment_sessions_by_reference';
const BY_NOBODY = 'payment_sessions_by_nobody';
const KEYS = 'idempotency_keys_intention';
const BY_CALLER_AND_AGE = 'payment_sessions_caller_age';
const BY_PAYER = 'payment_sessions_payer_index';
const BY_BOTH = 'payment_sessions_by_user_and_reference';

const user = { userId: 'user-frequent' };
const campaign = { referenceId: 'CAMPAIGN' };
const mostOfTheTime = { createdFrom: createdAtOf(MILLION * 0.1), createdBefore: createdAtOf(MILLION * 0.9) };

/** Each has 5,000 pages at least. */
const LONG_LISTS: readonly Case[] = [
  { filter: {}, index: BY_CALLER, ranges: 22 },
  { filter: { status: 'SETTLED' }, index: BY_CALLER, ranges: 2 },
  { filter: { deliveryMethod: 'EMAIL' }, index: BY_CALLER, ranges: 11 },
  { filter: { deliveryMethod: 'LINK', status: 'EXPIRED', ...mostOfTheTime }, index: BY_CALLER, ranges: 1 },
  { filter: { ...user }, index: BY_USER, ranges: 22 },
  { filter: { ...user, deliveryMethod: 'LINK', status: 'SETTLED' }, index: BY_USER, ranges: 1 },
  { filter: { ...campaign, ...mostOfTheTime }, index: BY_REFERENCE, ranges: 22 },
  { filter: { ...campaign, status: 'SETTLED' }, index: BY_REFERENCE, ranges: 2 },
  { filter: { ...user, ...campaign }, index: BY_BOTH, ranges: 22 },
  { filter: { ...user, ...campaign, deliveryMethod: 'LINK' }, index: BY_BOTH, ranges: 11 },
  { owner: ALL_OWNERS, filter: {}, index: BY_NOBODY, ranges: 22 },
  { owner: ALL_OWNERS, filter: { status: 'SETTLED' }, index: BY_NOBODY, ranges: 2 },
  { owner: ALL_OWNERS, filter: { deliveryMethod: 'EMAIL', ...mostOfTheTime }, index: BY_NOBODY, ranges: 11 },
];

/** Frequent values that never come together, or hardly ever: what a filter of rows would have to read on for. */
const SHORT_LISTS: readonly Case[] = [
  { filter: { ...user, status: 'EXPIRED' }, index: BY_USER, ranges: 2 },
  { filter: { ...user, deliveryMethod: 'LINK', status: 'OUTCOME_UNKNOWN' }, index: BY_USER, ranges: 1 },
  { filter: { ...campaign, status: 'EXPIRED' }, index: BY_REFERENCE, ranges: 2 },
  { filter: { ...user, ...campaign, status: 'INITIATED' }, index: BY_BOTH, ranges: 2 },
  { filter: { ...user, referenceId: 'LOAN-7' }, index: BY_BOTH, ranges: 22 },
  { filter: { status: 'DECLINED' }, index: BY_CALLER, ranges: 2 },
  { owner: ALL_OWNERS, filter: { status: 'DECLINED' }, index: BY_NOBODY, ranges: 2 },
];

/** Of all callers, of one user or reference that is not frequent. */
const SORTED_LISTS: readonly Case[] = [
  { owner: ALL_OWNERS, filter: { userId: 'user-77' }, index: BY_USER, ranges: 1 },
  {
    owner: ALL_OWNERS,
    filter: { userId: 'user-77', status: 'SETTLED', deliveryMethod: 'LINK' },
    index: BY_USER,
    ranges: 1,
  },
  { owner: ALL_OWNERS, filter: { referenceId: 'LOAN-77', ...mostOfTheTime }, index: BY_REFERENCE, ranges: 1 },
  { owner: ALL_OWNERS, filter: { userId: 'user-77', referenceId: 'LOAN-77' }, index: BY_BOTH, ranges: 1 },
];

const named = (cases: readonly Case[]) =>
  cases.map(
    (each) => [`${each.owner === ALL_OWNERS ? 'of all callers ' : ''}${JSON.stringify(each.filter)}`, each] as const,
  );

/** The query of a page, as the store asks it. */
function pageQuery({ kysely }: Database, { owner = CALLER, filter }: Case, after?: PaymentPosition) {
  return paymentsAfter(kysely, owner, { ...EVERYTHING, ...filter }, after, FIRST + 1);
}

/** The last payment before a page, found by counting. */
async function endOfPageBefore({ kysely }: Database, { owner = CALLER, filter }: Case): Promise<PaymentPosition> {
  const { userId, referenceId, status, deliveryMethod, createdFrom, createdBefore } = { ...EVERYTHING, ...filter };
  const row = await kysely
    .selectFrom('payment_sessions')
    .select(['created_at', 'id'])
    .$if(owner !== ALL_OWNERS, (query) => query.where('caller', '=', CALLER))
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

/** How many payments a user has, or a reference, whatever else is filtered. */
async function countOf({ kysely }: Database, { filter: { userId, referenceId } }: Case): Promise<number> {
  const { count } = await kysely
    .selectFrom('payment_sessions')
    .select(sql<number>`count(*)`.as('count'))
    .$if(userId !== undefined, (query) => query.where('user_id', '=', userId ?? ''))
    .$if(referenceId !== undefined, (query) => query.where('reference_id', '=', referenceId ?? ''))
    .executeTakeFirstOrThrow();
  return count;
}

/** Longer ago than all of them. */
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

/** The question that a claim asks first. */
function standingQuery(database: Database) {
  const question = new ClaimChecks(database, limitKeys, LIMITS).buildQuery(
    newClaim({ deliveryMethod: 'EMAIL', guarded: true }),
  );
  return database.kysely.selectFrom(sql`(${question})`.as('standing')).selectAll();
}

const recentPayments = () =>
  Array.from({ length: RECENT }, () => paymentWith({ deliveryMethod: 'EMAIL', referenceId: 'other' }));

const notes: string[] = [];

/** Notes how long the pages of a list take, each the best of some, and what else is to be said. */
async function noteTimes(
  database: Database,
  { owner = CALLER, filter }: Case,
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

describe('a page among a million payments on PostgreSQL', () => {
  let postgres: TestPostgres;
  let database: Database;

  beforeAll(async () => {
    postgres = await TestPostgres.start({ maintenance_work_mem: '256MB', max_wal_size: '4GB' });
    database = await openDatabase(postgres.databaseUrl());
    await fillWithPayments(database);
    await insertPayments(database, limitKeys, recentPayments());
  }, FILL_TIMEOUT_MS);
  afterAll(async () => {
    await database.close();
    await postgres.stop();
  });

  describe.each([
    ['that it knows nothing of', sql`delete from pg_statistic where starelid = 'payment_sessions'::regclass`],
    ['that it has analysed', sql`analyze payment_sessions`],
  ])('%s', (_, prepare) => {
    beforeAll(async () => {
      await prepare.execute(database.kysely);
    });

    it.each(named(LONG_LISTS))('costs on page 5,000 what it costs on page 1: %s', async (_name, list) => {
      const after = await endOfPageBefore(database, list);
      const first = await postgresPlan(pageQuery(database, list));
      const deep = await postgresPlan(pageQuery(database, list, after));
      expect(deep.shape).toEqual(first.shape);
      expect(deep.scans).toEqual(Array(list.ranges).fill(`Index Scan using ${list.index}`));
      for (const { rows, removed } of [first, deep]) {
        // Merging reads the first of each range.
        expect(rows).toBeLessThanOrEqual(FIRST + 1 + list.ranges);
        expect(removed).toBe(0);
      }
      expect(deep.rows).toBeLessThanOrEqual(first.rows + list.ranges);
      // A range may begin or end in the midst of a block, of the index and of the table.
      expect(deep.buffers).toBeLessThanOrEqual(first.buffers + 2 * list.ranges + 5);
      const read = [first, deep].map(({ rows, buffers }) => `${rows} rows in ${buffers} blocks`);
      await noteTimes(database, list, after, ` (${read.join(', ')})`);
    });

    it.each(named(SHORT_LISTS))('costs nothing where next to nothing fits: %s', async (_name, list) => {
      const { scans, rows, removed, buffers } = await postgresPlan(pageQuery(database, list));
      expect(scans).toEqual(Array(list.ranges).fill(`Index Scan using ${list.index}`));
      expect(rows + removed).toBeLessThanOrEqual(1);
      // From the root of an index to a leaf.
      expect(buffers).toBeLessThanOrEqual(6 * list.ranges);
    });

    it.each(named(SORTED_LISTS))('costs what there is of the user or reference: %s', async (_name, list) => {
      const { shape, scans, rows, removed } = await postgresPlan(pageQuery(database, list));
      expect(scans).toHaveLength(1);
      expect(shape.at(-1)).toMatch(new RegExp(`Index Scan using ${list.index}$`));
      expect(rows + removed).toBeLessThanOrEqual(await countOf(database, list));
    });

    it('limits a caller by what it asked for last, and by nothing else', async () => {
      const { shape, rows, removed } = await postgresPlan(standingQuery(database));
      const indexes = shape.flatMap((node) => node.split(' using ').slice(1));
      expect(indexes.sort()).toEqual([KEYS, BY_CALLER_AND_AGE, BY_PAYER, BY_PAYER, BY_PAYER]);
      expect(rows).toBeLessThanOrEqual(LIMITS.paymentsPerClient.limit + 3 * RECENT);
      expect(removed).toBeLessThanOrEqual(RECENT);
    });

    it.each([
      ['user_id', 'user-77', BY_USER],
      ['reference_id', 'LOAN-77', BY_REFERENCE],
    ] as const)('serves whoever looks for a %s alone', async (column, value, index) => {
      const payments = database.kysely.selectFrom('payment_sessions').selectAll().where(column, 'in', [value, 'none']);
      const { shape } = await postgresPlan(payments);
      expect(shape.at(-1)).toMatch(new RegExp(`Index Scan using ${index}$`));
    });
  });
});

describe('a page among a million payments on SQLite', () => {
  let database: Database;

  beforeAll(async () => {
    database = await openDatabase('sqlite::memory:');
    await fillWithPayments(database);
  }, FILL_TIMEOUT_MS);
  afterAll(() => database.close());

  it('is where a caller is limited by what it asked for last', async () => {
    const steps = await sqlitePlan(database, standingQuery(database));
    const searches = steps.flatMap((step) => step.split(/ USING (?:COVERING )?INDEX /).slice(1));
    const ofPayer = `${BY_PAYER} (payer_index=? AND delivery=? AND created_at>?)`;
    expect(searches.filter((search) => search.startsWith('payment_sessions'))).toEqual([
      `${BY_CALLER_AND_AGE} (<expr>=? AND created_at>?)`,
      ...[ofPayer, ofPayer, ofPayer],
    ]);
  });

  it.each(named(LONG_LISTS))('is searched for in the same index on page 5,000 as on page 1: %s', async (_, list) => {
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

  it.each(named(SORTED_LISTS))('is searched for once, and sorted: %s', async (_, list) => {
    const plan = await sqlitePlan(database, pageQuery(database, list));
    expect(plan).toEqual([
      expect.stringMatching(new RegExp(`^SEARCH payment_sessions USING INDEX ${list.index} \\(`)),
      'USE TEMP B-TREE FOR ORDER BY',
    ]);
  });
});
