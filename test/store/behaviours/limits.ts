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

interface Wanted extends Partial<Pick<NewClaim, 'clientId' | 'deliveryMethod' | 'key' | 'guarded' | 'isLate'>> {
  readonly email?: string;
  readonly amountMinor?: number;
  readonly referenceId?: string;
}

/** An e-mail of 1.00 that nothing else is like. */
function claimOf({ email = 'payer@example.com', amountMinor = 100, referenceId, ...change }: Wanted = {}): NewClaim {
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

const most = (count: number) => ({ limit: count, periodMs: PERIOD_MS });

/** Of a claim, in one word, or how long to wait. */
function wordOf(claimed: Claimed): string | number {
  return 'limited' in claimed ? claimed.limited.retryAfterMs : (Object.keys(claimed)[0] ?? '');
}

/** What claims come to that are made at once, each at another replica. */
async function atOnce(replicas: readonly AttemptStore[], claims: readonly NewClaim[]): Promise<(string | number)[]> {
  const told = claims.map((claim, index) => (replicas[index % replicas.length] as AttemptStore).claim(claim));
  return (await Promise.all(told)).map(wordOf);
}

export function limits(store: () => TestStore): void {
  let nowMs: number;
  beforeEach(() => {
    nowMs = START_MS;
  });

  const replica = (set: Partial<RateLimits>) => store().limited(set, () => nowMs);
  const rowCounts = () => Promise.all(TABLES.map(async (table) => (await store().rows(table)).length));

  /** What each of these comes to, one after the other. */
  async function words(set: Partial<RateLimits>, ...wanted: (Wanted | number)[]): Promise<(string | number)[]> {
    const attempts = replica(set);
    const all: (string | number)[] = [];
    for (const each of wanted)
      if (typeof each === 'number') nowMs += each;
      else all.push(wordOf(await attempts.claim(claimOf(each))));
    return all;
  }

  it('limits the payments of a client in any period of that length', async () => {
    const told = await words(
      { paymentsPerClient: most(2) },
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
    expect(told).toEqual(['attempt', 'attempt', 600, 1, 'attempt', 400, 1]);
  });

  it('begins nothing for who waits no more when the turn has come, and answers what was begun before', async () => {
    const attempts = replica({ paymentsPerClient: most(2) });
    const claim = claimOf();
    const late = { ...claim, isLate: () => true };
    expect(wordOf(await attempts.claim(late))).toBe(1_000);
    expect(await rowCounts()).toEqual([0, 0, 0]);
    expect(wordOf(await attempts.claim(claim))).toBe('attempt');
    expect(wordOf(await attempts.claim(late))).toBe('record');
  });

  it('lets a caller send one payer so many e-mails, in whatever case the address is', async () => {
    const told = await words(
      { emailsPerPayer: most(1) },
      ...[{ email: 'A.B@example.com' }, 1, { email: 'a.b@EXAMPLE.com' }, { email: 'other@example.com' }],
      ...[{ email: 'a.b@example.com', deliveryMethod: 'LINK' as const }, 999, { email: 'a.b@example.com' }],
    );
    expect(told).toEqual(['attempt', 999, 'attempt', 'attempt', 'attempt']);
  });

  it('counts no link as an e-mail', async () => {
    const links = [1, 2].map(() => ({ deliveryMethod: 'LINK' as const, amountMinor: 5_000 }));
    expect(await words({ emailsPerPayer: most(1), amountPerPayer: most(5_000) }, ...links, {})).toEqual([
      'attempt',
      'attempt',
      'attempt',
    ]);
  });

  it('lets a caller ask one payer for so much by e-mail', async () => {
    const amounts = (...minor: number[]) => minor.map((amountMinor) => ({ amountMinor }));
    const told = await words(
      { amountPerPayer: most(1_000) },
      ...[...amounts(600), 100, ...amounts(300), 100, ...amounts(101, 100, 1)],
      // For the first of these the oldest has to leave, then the next one as well, then all.
      ...amounts(401, 701, 901),
      { amountMinor: 1_000, email: 'other@example.com' },
    );
    expect(told).toEqual(['attempt', 'attempt', 800, 'attempt', 800, 800, 900, 1_000, 'attempt']);
    nowMs = START_MS + PERIOD_MS;
    expect(await words({ amountPerPayer: most(1_000) }, ...amounts(601, 600))).toEqual([100, 'attempt']);
  });

  it('names the time after which no limit refuses', async () => {
    const all = {
      paymentsPerClient: most(1),
      emailsPerPayer: { limit: 1, periodMs: 5_000 },
      amountPerPayer: most(1_000),
    };
    expect(await words(all, {}, {}, 5_000, {})).toEqual(['attempt', 5_000, 'attempt']);
  });

  it('discloses to no client what another does', async () => {
    const all = {
      paymentsPerClient: most(1),
      emailsPerPayer: most(1),
      amountPerPayer: most(100),
      duplicateWindowMs: PERIOD_MS,
    };
    const told = await words(all, { guarded: true }, { guarded: true, clientId: 'other' }, { clientId: 'third' });
    expect(told).toEqual(['attempt', 'attempt', 'attempt']);
  });

  it.each([
    ['started', STARTED],
    ['rejected', REFUSED],
    ['released', RELEASED],
    ['unknown', UNKNOWN],
  ] as const)('counts a payment that was %s', async (_, result: AttemptResult) => {
    const attempts = replica({ paymentsPerClient: most(1), emailsPerPayer: most(1) });
    const attempt = await store().beginAs(claimOf(), attempts);
    await attempts.mark(attempt);
    await attempts.finish(attempt, result, []);
    expect(wordOf(await attempts.claim(claimOf()))).toBe(PERIOD_MS);
  });

  it('lets a key pass that is known, whatever is asked meanwhile', async () => {
    const all = {
      paymentsPerClient: most(1),
      emailsPerPayer: most(1),
      amountPerPayer: most(100),
      duplicateWindowMs: PERIOD_MS,
    };
    const attempts = replica(all);
    const claim = claimOf({ guarded: true });
    const first = await store().beginAs(claim, attempts);
    expect(wordOf(await attempts.claim(claim))).toBe('record');
    expect(wordOf(await attempts.claim({ ...claim, deliveryMethod: 'LINK' }))).toBe('record');
    await attempts.finish(first, RELEASED, []);
    expect(wordOf(await attempts.claim(claim))).toBe('record');
    expect(await attempts.reclaim(await store().record(first))).toMatchObject({ number: 2 });
  });

  it('burns no key and leaves no row of what it refuses', async () => {
    const limited = { paymentsPerClient: most(1), duplicateWindowMs: 3 * PERIOD_MS };
    const [claim, repeat] = [claimOf({ referenceId: 'another' }), claimOf({ guarded: true })];
    const attempts = replica(limited);
    await attempts.claim(claimOf());
    expect(wordOf(await attempts.claim(claim))).toBe(PERIOD_MS);
    nowMs += PERIOD_MS;
    expect(wordOf(await attempts.claim(repeat))).toBe('duplicate');
    expect(await rowCounts()).toEqual([1, 1, 1]);
    expect(wordOf(await attempts.claim(claim))).toBe('attempt');
    nowMs += PERIOD_MS;
    expect(wordOf(await attempts.claim({ ...repeat, guarded: false }))).toBe('attempt');
    expect(await rowCounts()).toEqual([3, 3, 3]);
  });

  it('lets exactly so many pass of a hundred at once, over three replicas', async () => {
    const replicas = [1, 2, 3].map(() => replica({ paymentsPerClient: most(7), emailsPerPayer: most(5) }));
    const claims = Array.from({ length: 100 }, (_, index) => claimOf({ key: `key ${index}` }));
    const told = await atOnce(replicas, claims);
    expect(told.filter((word) => word === 'attempt')).toHaveLength(5);
    expect(told.filter((word) => word === PERIOD_MS)).toHaveLength(95);
    expect(await rowCounts()).toEqual([5, 5, 5]);
  });

  it('counts one key once that is claimed at once by many', async () => {
    const replicas = [1, 2, 3].map(() => replica({ paymentsPerClient: most(2) }));
    const told = await atOnce(replicas, Array<NewClaim>(30).fill(claimOf()));
    expect(told.filter((word) => word === 'attempt')).toHaveLength(1);
    expect(told.filter((word) => word === 'record')).toHaveLength(29);
    expect(await words({ paymentsPerClient: most(2) }, {}, {})).toEqual(['attempt', PERIOD_MS]);
  });

  describe('the guard', () => {
    const GUARD = { duplicateWindowMs: PERIOD_MS };

    it('names the last payment of the same payer, amount and reference', async () => {
      const attempts = replica(GUARD);
      await attempts.claim(claimOf());
      nowMs += 1;
      const last = await store().beginAs(claimOf({ deliveryMethod: 'LINK', email: 'PAYER@example.com' }), attempts);
      nowMs += PERIOD_MS - 1;
      expect(await attempts.claim(claimOf({ guarded: true }))).toEqual({ duplicate: last.payment });
      expect(await attempts.claim(claimOf({ guarded: true, deliveryMethod: 'LINK' }))).toEqual({
        duplicate: last.payment,
      });
      nowMs += 1;
      expect(wordOf(await attempts.claim(claimOf({ guarded: true })))).toBe('attempt');
    });

    it.each([
      ['of another payer', { email: 'other@example.com' }],
      ['of another amount', { amountMinor: 101 }],
      ['of another reference', { referenceId: 'LOAN-1043' }],
      ['of another caller', { clientId: 'other' }],
      ['that is not guarded', { guarded: false }],
    ])('lets one pass %s', async (_, change) => {
      expect(await words(GUARD, {}, { guarded: true, ...change })).toEqual(['attempt', 'attempt']);
    });

    it('lets one pass whose likes came to nothing', async () => {
      const attempts = replica(GUARD);
      for (const result of [REFUSED, RELEASED])
        await attempts.finish(await store().beginAs(claimOf(), attempts), result, []);
      for (const status of ['CANCELLED', 'EXPIRED', 'DECLINED', 'FAILED'] satisfies PaymentSessionStatus[]) {
        const attempt = await store().beginAs(claimOf(), attempts);
        await attempts.finish(attempt, STARTED, []);
        await store().statuses.apply(attempt.payment.id, { status, source: 'POLL', details: undefined });
      }
      expect(wordOf(await attempts.claim(claimOf({ guarded: true })))).toBe('attempt');
    });

    it.each([
      ['under way', undefined],
      ['unknown', UNKNOWN],
      ['started', STARTED],
    ])('refuses one whose like is %s', async (_, result) => {
      const attempts = replica(GUARD);
      const attempt = await store().beginAs(claimOf(), attempts);
      await attempts.mark(attempt);
      if (result !== undefined) await attempts.finish(attempt, result, []);
      expect(await attempts.claim(claimOf({ guarded: true }))).toMatchObject({
        duplicate: { id: attempt.payment.id },
      });
    });
  });
}
