import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { PaymentSession } from '../../src/domain/payment.js';
import type { RefreshOptions } from '../../src/payments/status/status-refresh.js';
import type { Urgency } from '../../src/payments/status/lookup-queue.js';
import { StatusPoll } from '../../src/payments/status/status-poll.js';
import { WatchedPayments } from '../../src/payments/status/watched-payments.js';
import { paymentWith } from '../support/many-payments.js';
import { silentLog } from '../support/silent-log.js';

const MAX_AGE_MS = 30_000;

/** Payments at a Flinks that answers every lookup with the same status, or with nothing. */
class World {
  readonly payments = new Map<string, PaymentSession>();
  readonly asked: { id: string; urgency: Urgency; atMs: number }[] = [];
  readonly reserved: string[] = [];
  due = 0;
  answers = true;
  answerMs = 100;

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
    leaseDue: (most: number) => {
      const count = Math.min(most, this.due);
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
      this.asked.push({ id: payment.id, urgency, atMs: performance.now() });
      await new Promise((resolve) => setTimeout(resolve, this.answerMs));
      if (!this.answers) return { effect: 'no-response' as const, payment };
      const now = { ...payment, statusCheckedAt: new Date() };
      if (this.payments.has(payment.id)) this.payments.set(payment.id, now);
      return { effect: 'stale' as const, payment: now };
    },
  };

  count(urgency: Urgency): number {
    return this.asked.filter((each) => each.urgency === urgency).length;
  }
}

let world: World;
let watched: WatchedPayments;

beforeEach(() => {
  jest.useFakeTimers();
  world = new World();
  watched = new WatchedPayments(world.store, world.store, world.statusRefresh, MAX_AGE_MS);
});
afterEach(() => {
  jest.useRealTimers();
});

const poll = (perTick: number) => new StatusPoll(world.store, watched, world.statusRefresh, perTick, silentLog);

/** Ticks for so many seconds, while these are watched. */
async function tick(statusPoll: StatusPoll, seconds: number, ids: readonly string[] = []): Promise<void> {
  for (let second = 0; second < seconds; second++) {
    if (second % 10 === 0) watched.want(ids);
    await statusPoll.processDue();
    await jest.advanceTimersByTimeAsync(1_000);
  }
}

const OLD = { createdAt: new Date(Date.now() - 3_600_000) };

describe('the poll', () => {
  it.each([1, 2, 3, 5, 20, 100])(
    'spends no more than its budget, %i, and a quarter of it on the backlog',
    async (most) => {
      world.due = 1_000_000;
      const ids = Array.from({ length: 10_000 }, () => world.add(OLD).id);
      await tick(poll(most), 40, ids);
      expect(world.asked).toHaveLength(40 * most);
      expect(world.count('backlog')).toBe(10 * most);
    },
  );

  it('leaves all of its budget to the backlog when nobody watches', async () => {
    world.due = 1_000;
    await tick(poll(20), 10);
    expect(world.count('backlog')).toBe(200);
  });

  it('asks about each that is watched whenever its status is old, in turn, whatever the backlog', async () => {
    world.due = 1_000_000;
    const ids = Array.from({ length: 400 }, () => world.add(OLD).id);
    await tick(poll(20), 120, ids);
    for (const id of ids) {
      const times = world.asked.filter((each) => each.id === id).map(({ atMs }) => atMs);
      expect(times.length).toBeGreaterThanOrEqual(3);
      for (const [index, atMs] of times.slice(1).entries())
        expect(atMs - (times[index] ?? 0)).toBeLessThanOrEqual(MAX_AGE_MS + 2_000);
    }
    expect(world.reserved).toHaveLength(world.count('watched'));
  });

  it('asks about one that is fresh once it is old, and not before', async () => {
    const { id } = world.add({ createdAt: new Date(), updatedAt: new Date() });
    const startedMs = performance.now();
    await tick(poll(20), 40, [id]);
    expect(world.asked).toHaveLength(1);
    expect((world.asked[0]?.atMs ?? 0) - startedMs).toBeGreaterThanOrEqual(MAX_AGE_MS);
    expect((world.asked[0]?.atMs ?? 0) - startedMs).toBeLessThanOrEqual(MAX_AGE_MS + 1_000);
  });

  it('asks again soon when Flinks did not answer', async () => {
    world.answers = false;
    const { id } = world.add(OLD);
    await tick(poll(20), 25, [id]);
    expect(world.asked).toHaveLength(3);
  });

  it('asks about none that is over, gone, or cannot be looked up', async () => {
    const ids = [
      world.add({ ...OLD, status: 'SETTLED' }).id,
      'gone',
      world.add({ ...OLD, paymentRequestId: undefined }).id,
    ];
    await tick(poll(20), 40, ids);
    expect(world.asked).toEqual([]);
  });

  it('forgets who has not been watched for a while', async () => {
    const { id } = world.add(OLD);
    await tick(poll(20), 1, [id]);
    await tick(poll(20), 300);
    expect(world.count('watched')).toBe(1);
  });

  it('goes on with what is watched while lookups of the backlog are slow', async () => {
    world.due = 1_000_000;
    world.answerMs = 9_000;
    const statusPoll = poll(20);
    await tick(statusPoll, 3);
    expect(world.count('backlog')).toBe(20);
    await tick(statusPoll, 1, [world.add(OLD).id]);
    expect(world.count('watched')).toBe(1);
  });
});
