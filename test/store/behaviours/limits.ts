import { beforeEach, describe, expect, it } from '@jest/globals';
import type { RateLimits } from '../../../src/domain/rate-limits.js';
import type { PaymentSessionStatus } from '../../../src/domain/payment-status.js';
import { Sensitive } from '../../../src/domain/sensitive.js';
import type { AttemptResult } from '../../../src/domain/idempotency-key.js';
import type { AttemptStore, Claimed, NewClaim } from '../../../src/store/contracts/attempt-store.js';
import { REFUSED, RELEASED, STARTED, UNKNOWN } from '../attempt-results.js';
import { newClaim, newOrder } from '../test-store.js';
import type { TestStore } from '../test-store.js';

const PERIOD_MS = 1_000;
const START_MS = 1_700_000_000_000;
const TABLES = ['payment_sessions', 'payment_session_events', 'idempotency_keys'] as const;

interface ClaimOptions extends Partial<Pick<NewClaim, 'clientId' | 'deliveryMethod' | 'key' | 'guarded' | 'isLate'>> {
  readonly email?: string;
  readonly amountMinor?: number;
  readonly referenceId?: string;
}

/** A claim for an e-mail payment of 1.00. */
function claimOf({
  email = 'payer@example.com',
  amountMinor = 100,
  referenceId,
  ...change
}: ClaimOptions = {}): NewClaim {
  const order = newOrder();
  return newClaim({
    deliveryMethod: 'EMAIL',
    order: {
      ...order,
      customer: { ...order.customer, email: new Sensitive(email) },
      amount: { amountMinor, currency: 'CAD' },
      ...(referenceId === undefined ? {} : { referenceId }),
    },
    ...change,
  });
}

const limitOf = (count: number) => ({ limit: count, periodMs: PERIOD_MS });

/** The kind of a claim's result, or the time to wait. */
function kindOf(claimed: Claimed): string | number {
  return 'limited' in claimed ? claimed.limited.retryAfterMs : (Object.keys(claimed)[0] ?? '');
}

/** The kinds of the results of concurrent claims, spread over the replicas. */
async function claimConcurrently(
  replicas: readonly AttemptStore[],
  claims: readonly NewClaim[],
): Promise<(string | number)[]> {
  const results = claims.map((claim, index) => (replicas[index % replicas.length] as AttemptStore).claim(claim));
  return (await Promise.all(results)).map(kindOf);
}

export function limits(store: () => TestStore): void {
  let nowMs: number;
  beforeEach(() => {
    nowMs = START_MS;
  });

  const replica = (set: Partial<RateLimits>) => store().limited(set, () => nowMs);
  const rowCounts = () => Promise.all(TABLES.map(async (table) => (await store().rows(table)).length));

  /** The kinds of the results of claims made one after another. Numbers let time pass. */
  async function kindsOf(set: Partial<RateLimits>, ...steps: (ClaimOptions | number)[]): Promise<(string | number)[]> {
    const attempts = replica(set);
    const all: (string | number)[] = [];
    for (const each of steps)
      if (typeof each === 'number') nowMs += each;
      else all.push(kindOf(await attempts.claim(claimOf(each))));
    return all;
  }

  it('is limited by the payments of its client in any period of the given length', async () => {
    const kinds = await kindsOf(
      { paymentsPerClient: limitOf(2) },
      {},
      400,
      { deliveryMethod: 'LINK' },
      {},
      599,
      {},
      1,
      {},
      {},
      399,
      {},
    );
    expect(kinds).toEqual(['attempt', 'attempt', 600, 1, 'attempt', 400, 1]);
  });

  it('that is late when it is processed starts nothing, but returns the record of a known key', async () => {
    const attempts = replica({ paymentsPerClient: limitOf(2) });
    const claim = claimOf();
    const late = { ...claim, isLate: () => true };
    expect(kindOf(await attempts.claim(late))).toBe(1_000);
    expect(await rowCounts()).toEqual([0, 0, 0]);
    expect(kindOf(await attempts.claim(claim))).toBe('attempt');
    expect(kindOf(await attempts.claim(late))).toBe('record');
  });

  it('is limited by the e-mails of its client to the payer, whatever the case of the address is', async () => {
    const kinds = await kindsOf(
      { emailsPerPayer: limitOf(1) },
      ...[{ email: 'A.B@example.com' }, 1, { email: 'a.b@EXAMPLE.com' }, { email: 'other@example.com' }],
      ...[{ email: 'a.b@example.com', deliveryMethod: 'LINK' as const }, 999, { email: 'a.b@example.com' }],
    );
    expect(kinds).toEqual(['attempt', 999, 'attempt', 'attempt', 'attempt']);
  });

  it('for a link does not count as an e-mail', async () => {
    const links = [1, 2].map(() => ({ deliveryMethod: 'LINK' as const, amountMinor: 5_000 }));
    expect(await kindsOf({ emailsPerPayer: limitOf(1), amountPerPayer: limitOf(5_000) }, ...links, {})).toEqual([
      'attempt',
      'attempt',
      'attempt',
    ]);
  });

  it('is limited by the amount that its client requests from the payer by e-mail', async () => {
    const amounts = (...minor: number[]) => minor.map((amountMinor) => ({ amountMinor }));
    const kinds = await kindsOf(
      { amountPerPayer: limitOf(1_000) },
      ...[...amounts(600), 100, ...amounts(300), 100, ...amounts(101, 100, 1)],
      // The first needs the oldest payment to leave the period, the second the next one as well, the third all of them.
      ...amounts(401, 701, 901),
      { amountMinor: 1_000, email: 'other@example.com' },
    );
    expect(kinds).toEqual(['attempt', 'attempt', 800, 'attempt', 800, 800, 900, 1_000, 'attempt']);
    nowMs = START_MS + PERIOD_MS;
    expect(await kindsOf({ amountPerPayer: limitOf(1_000) }, ...amounts(601, 600))).toEqual([100, 'attempt']);
  });

  it('that is limited gets the time after which no limit rejects it', async () => {
    const all = {
      paymentsPerClient: limitOf(1),
      emailsPerPayer: { limit: 1, periodMs: 5_000 },
      amountPerPayer: limitOf(1_000),
    };
    expect(await kindsOf(all, {}, {}, 5_000, {})).toEqual(['attempt', 5_000, 'attempt']);
  });

  it('discloses nothing about other clients', async () => {
    const all = {
      paymentsPerClient: limitOf(1),
      emailsPerPayer: limitOf(1),
      amountPerPayer: limitOf(100),
      duplicateWindowMs: PERIOD_MS,
    };
    const kinds = await kindsOf(all, { guarded: true }, { guarded: true, clientId: 'other' }, { clientId: 'third' });
    expect(kinds).toEqual(['attempt', 'attempt', 'attempt']);
  });

  it.each([
    ['started', STARTED],
    ['rejected', REFUSED],
    ['released', RELEASED],
    ['unknown', UNKNOWN],
  ] as const)('is counted when its payment was %s', async (_, result: AttemptResult) => {
    const attempts = replica({ paymentsPerClient: limitOf(1), emailsPerPayer: limitOf(1) });
    const attempt = await store().beginAs(claimOf(), attempts);
    await attempts.mark(attempt);
    await attempts.finish(attempt, result, []);
    expect(kindOf(await attempts.claim(claimOf()))).toBe(PERIOD_MS);
  });

  it('of a known key is never limited', async () => {
    const all = {
      paymentsPerClient: limitOf(1),
      emailsPerPayer: limitOf(1),
      amountPerPayer: limitOf(100),
      duplicateWindowMs: PERIOD_MS,
    };
    const attempts = replica(all);
    const claim = claimOf({ guarded: true });
    const first = await store().beginAs(claim, attempts);
    expect(kindOf(await attempts.claim(claim))).toBe('record');
    expect(kindOf(await attempts.claim({ ...claim, deliveryMethod: 'LINK' }))).toBe('record');
    await attempts.finish(first, RELEASED, []);
    expect(kindOf(await attempts.claim(claim))).toBe('record');
    expect(await attempts.reclaim(await store().record(first))).toMatchObject({ number: 2 });
  });

  it('that is rejected uses up no key and leaves no row', async () => {
    const limited = { paymentsPerClient: limitOf(1), duplicateWindowMs: 3 * PERIOD_MS };
    const [claim, repeat] = [claimOf({ referenceId: 'another' }), claimOf({ guarded: true })];
    const attempts = replica(limited);
    await attempts.claim(claimOf());
    expect(kindOf(await attempts.claim(claim))).toBe(PERIOD_MS);
    nowMs += PERIOD_MS;
    expect(kindOf(await attempts.claim(repeat))).toBe('duplicate');
    expect(await rowCounts()).toEqual([1, 1, 1]);
    expect(kindOf(await attempts.claim(claim))).toBe('attempt');
    nowMs += PERIOD_MS;
    expect(kindOf(await attempts.claim({ ...repeat, guarded: false }))).toBe('attempt');
    expect(await rowCounts()).toEqual([3, 3, 3]);
  });

  it('passes exactly as often as the limit allows when a hundred are made concurrently at three replicas', async () => {
    const replicas = [1, 2, 3].map(() => replica({ paymentsPerClient: limitOf(7), emailsPerPayer: limitOf(5) }));
    const claims = Array.from({ length: 100 }, (_, index) => claimOf({ key: `key ${index}` }));
    const kinds = await claimConcurrently(replicas, claims);
    expect(kinds.filter((kind) => kind === 'attempt')).toHaveLength(5);
    expect(kinds.filter((kind) => kind === PERIOD_MS)).toHaveLength(95);
    expect(await rowCounts()).toEqual([5, 5, 5]);
  });

  it('is counted once when it is made many times concurrently', async () => {
    const replicas = [1, 2, 3].map(() => replica({ paymentsPerClient: limitOf(2) }));
    const kinds = await claimConcurrently(replicas, Array<NewClaim>(30).fill(claimOf()));
    expect(kinds.filter((kind) => kind === 'attempt')).toHaveLength(1);
    expect(kinds.filter((kind) => kind === 'record')).toHaveLength(29);
    expect(await kindsOf({ paymentsPerClient: limitOf(2) }, {}, {})).toEqual(['attempt', PERIOD_MS]);
  });

  describe('with duplicate detection', () => {
    const DUPLICATE_DETECTION = { duplicateWindowMs: PERIOD_MS };

    it('returns the latest payment with the same payer, amount and reference', async () => {
      const attempts = replica(DUPLICATE_DETECTION);
      await attempts.claim(claimOf());
      nowMs += 1;
      const last = await store().beginAs(claimOf({ deliveryMethod: 'LINK', email: 'PAYER@example.com' }), attempts);
      nowMs += PERIOD_MS - 1;
      expect(await attempts.claim(claimOf({ guarded: true }))).toEqual({ duplicate: last.payment });
      expect(await attempts.claim(claimOf({ guarded: true, deliveryMethod: 'LINK' }))).toEqual({
        duplicate: last.payment,
      });
      nowMs += 1;
      expect(kindOf(await attempts.claim(claimOf({ guarded: true })))).toBe('attempt');
    });

    it.each([
      ['for another payer', { email: 'other@example.com' }],
      ['for another amount', { amountMinor: 101 }],
      ['for another reference', { referenceId: 'LOAN-1043' }],
      ['from another client', { clientId: 'other' }],
      ['exempt from duplicate detection', { guarded: false }],
    ])('passes when it is %s', async (_, change) => {
      expect(await kindsOf(DUPLICATE_DETECTION, {}, { guarded: true, ...change })).toEqual(['attempt', 'attempt']);
    });

    it('passes when all similar payments were unsuccessful', async () => {
      const attempts = replica(DUPLICATE_DETECTION);
      for (const result of [REFUSED, RELEASED])
        await attempts.finish(await store().beginAs(claimOf(), attempts), result, []);
      for (const status of ['CANCELLED', 'EXPIRED', 'DECLINED', 'FAILED'] satisfies PaymentSessionStatus[]) {
        const attempt = await store().beginAs(claimOf(), attempts);
        await attempts.finish(attempt, STARTED, []);
        await store().statuses.apply(attempt.payment.id, { status, source: 'POLL', details: undefined });
      }
      expect(kindOf(await attempts.claim(claimOf({ guarded: true })))).toBe('attempt');
    });

    it.each([
      ['in progress', undefined],
      ['unknown', UNKNOWN],
      ['started', STARTED],
    ])('is rejected when a similar payment is %s', async (_, result) => {
      const attempts = replica(DUPLICATE_DETECTION);
      const attempt = await store().beginAs(claimOf(), attempts);
      await attempts.mark(attempt);
      if (result !== undefined) await attempts.finish(attempt, result, []);
      expect(await attempts.claim(claimOf({ guarded: true }))).toMatchObject({
        duplicate: { id: attempt.payment.id },
      });
    });
  });
}
