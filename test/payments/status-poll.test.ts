import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { PaymentSession } from '../../src/domain/payment.js';
import type { RefreshOptions } from '../../src/payments/status/status-refresh.js';
import type { Urgency } from '../../src/payments/status/lookup-queue.js';
import { StatusPoll } from '../../src/payments/status/status-poll.js';
import { WatchedPayments } from '../../src/payments/status/watched-payments.js';
import { paymentWith } from '../support/many-payments.js';
import { silentLog } from '../support/silent-log.js';

const MAX_AGE_MS = 30_000;

/** Payments at a Flinks that responds to every lookup with the same status, or not at all. */
class PollFixture {
  readonly payments = new Map<string, PaymentSession>();
  readonly lookups: { id: string; urgency: Urgency; atMs: number }[] = [];
  readonly reserved: string[] = [];
  due = 0;
  isResponding = true;
  responseMs = 100;

  add(change: Partial<PaymentSession> = {}): PaymentSession {
    const payment = paymentWith({ paymentRequestId: 'request', ...change });
    this.payments.set(payment.id, payment);
    return payment;
  }

  readonly store = {
    find: (ids: readonly string[]) => Promise.resolve(ids.flatMap((id) => this.payments.get(id) ?? [])),
    reserve: (ids: readonly string[]) => {
      this.reserved.push(...ids);
      return Promise.resolve();
    },
    leaseDue: (max: number) => {
      const count = Math.min(max, this.due);
      this.due -= count;
      return Promise.resolve(Array.from({ length: count }, () => paymentWith({})));
    },
  };

  readonly statusRefresh = {
    staleInMs: ({ updatedAt, statusCheckedAt, paymentRequestId }: PaymentSession) =>
      paymentRequestId === undefined
        ? undefined
        : Math.max(updatedAt.getTime(), statusCheckedAt?.getTime() ?? 0) + MAX_AGE_MS - Date.now(),
    refresh: async (payment: PaymentSession, _source: unknown, { urgency = 'asked' }: RefreshOptions = {}) => {
      this.lookups.push({ id: payment.id, urgency, atMs: performance.now() });
      await new Promise((resolve) => setTimeout(resolve, this.responseMs));
      if (!this.isResponding) return { effect: 'no-response' as const, payment };
      const now = { ...payment, statusCheckedAt: new Date() };
      if (this.payments.has(payment.id)) this.payments.set(payment.id, now);
      return { effect: 'stale' as const, payment: now };
    },
  };

  count(urgency: Urgency): number {
    return this.lookups.filter((each) => each.urgency === urgency).length;
  }
}

let fixture: PollFixture;
let watched: WatchedPayments;

beforeEach(() => {
  jest.useFakeTimers();
  fixture = new PollFixture();
  watched = new WatchedPayments(fixture.store, fixture.store, fixture.statusRefresh, MAX_AGE_MS);
});
afterEach(() => {
  jest.useRealTimers();
});

const poll = (perTick: number) => new StatusPoll(fixture.store, watched, fixture.statusRefresh, perTick, silentLog);

/** Polls once a second for some seconds while these payments are watched. */
async function tick(statusPoll: StatusPoll, seconds: number, ids: readonly string[] = []): Promise<void> {
  for (let second = 0; second < seconds; second++) {
    if (second % 10 === 0) watched.want(ids);
    await statusPoll.processDue();
    await jest.advanceTimersByTimeAsync(1_000);
  }
}

const OLD = { createdAt: new Date(Date.now() - 3_600_000) };

describe('StatusPoll', () => {
  it.each([1, 2, 3, 5, 20, 100])(
    'looks up no more than its budget of %i, and spends a quarter of it on the backlog',
    async (max) => {
      fixture.due = 1_000_000;
      const ids = Array.from({ length: 10_000 }, () => fixture.add(OLD).id);
      await tick(poll(max), 40, ids);
      expect(fixture.lookups).toHaveLength(40 * max);
      expect(fixture.count('backlog')).toBe(10 * max);
    },
  );

  it('spends all of its budget on the backlog when no payment is watched', async () => {
    fixture.due = 1_000;
    await tick(poll(20), 10);
    expect(fixture.count('backlog')).toBe(200);
  });

  it('looks up every watched payment when its status is stale, whatever the backlog', async () => {
    fixture.due = 1_000_000;
    const ids = Array.from({ length: 400 }, () => fixture.add(OLD).id);
    await tick(poll(20), 120, ids);
    for (const id of ids) {
      const lookupTimes = fixture.lookups.filter((each) => each.id === id).map(({ atMs }) => atMs);
      expect(lookupTimes.length).toBeGreaterThanOrEqual(3);
      for (const [index, atMs] of lookupTimes.slice(1).entries())
        expect(atMs - (lookupTimes[index] ?? 0)).toBeLessThanOrEqual(MAX_AGE_MS + 2_000);
    }
    expect(fixture.reserved).toHaveLength(fixture.count('watched'));
  });

  it('looks up a watched payment only when its status is stale', async () => {
    const { id } = fixture.add({ createdAt: new Date(), updatedAt: new Date() });
    const startedMs = performance.now();
    await tick(poll(20), 40, [id]);
    expect(fixture.lookups).toHaveLength(1);
    expect((fixture.lookups[0]?.atMs ?? 0) - startedMs).toBeGreaterThanOrEqual(MAX_AGE_MS);
    expect((fixture.lookups[0]?.atMs ?? 0) - startedMs).toBeLessThanOrEqual(MAX_AGE_MS + 1_000);
  });

  it('repeats a lookup soon when Flinks did not respond', async () => {
    fixture.isResponding = false;
    const { id } = fixture.add(OLD);
    await tick(poll(20), 25, [id]);
    expect(fixture.lookups).toHaveLength(3);
  });

  it('does not look up a payment that is final, removed, or has no id at Flinks', async () => {
    const ids = [
      fixture.add({ ...OLD, status: 'SETTLED' }).id,
      'gone',
      fixture.add({ ...OLD, paymentRequestId: undefined }).id,
    ];
    await tick(poll(20), 40, ids);
    expect(fixture.lookups).toEqual([]);
  });

  it('stops looking up a payment that has not been watched for a while', async () => {
    const { id } = fixture.add(OLD);
    await tick(poll(20), 1, [id]);
    await tick(poll(20), 300);
    expect(fixture.count('watched')).toBe(1);
  });

  it('continues with watched payments while lookups of the backlog are slow', async () => {
    fixture.due = 1_000_000;
    fixture.responseMs = 9_000;
    const statusPoll = poll(20);
    await tick(statusPoll, 3);
    expect(fixture.count('backlog')).toBe(20);
    await tick(statusPoll, 1, [fixture.add(OLD).id]);
    expect(fixture.count('watched')).toBe(1);
  });
});
