import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { StatusUpdate } from '../../../src/store/contracts/status-store.js';
import type { PaymentSession } from '../../../src/domain/payment.js';
import { PAYMENT_SESSION_STATUSES, evaluateTransition, isFinal } from '../../../src/domain/payment-status.js';
import type { PaymentSessionStatus } from '../../../src/domain/payment-status.js';
import { Sensitive } from '../../../src/domain/sensitive.js';
import type { Attempt } from '../../../src/domain/idempotency-key.js';
import { toStored } from '../../../src/store/database/stored-values.js';
import type { Stored } from '../../../src/store/database/stored-values.js';
import { REFUSED, STARTED, UNKNOWN } from '../attempt-results.js';
import { newOrder } from '../test-store.js';
import type { TestStore } from '../test-store.js';

const STATUSES = PAYMENT_SESSION_STATUSES.filter((status) => status !== 'CREATING' && status !== 'OUTCOME_UNKNOWN');

const update = (status: PaymentSessionStatus | undefined, change: Partial<StatusUpdate> = {}): StatusUpdate => ({
  source: 'POLL',
  status,
  details: undefined,
  ...change,
});

async function started(store: TestStore): Promise<Attempt> {
  const attempt = await store.begin();
  await store.attempts.finish(attempt, { ...STARTED, paymentRequestId: `request of ${attempt.payment.id}` }, []);
  return attempt;
}

async function unknown(store: TestStore): Promise<Attempt> {
  const attempt = await store.beginSend();
  await store.attempts.finish(attempt, UNKNOWN, []);
  return attempt;
}

async function read(store: TestStore, { payment }: Pick<Attempt, 'payment'>): Promise<PaymentSession> {
  const [found] = await store.payments.findPayments('anonymous', [payment.id]);
  if (found === undefined) throw new Error('the payment is gone');
  return found;
}

async function events(store: TestStore, { payment }: Attempt) {
  return (await store.payments.findEvents([payment.id])).get(payment.id) ?? [];
}

async function row(store: TestStore, { payment }: Attempt) {
  const rows = await store.rows('payment_sessions');
  const found = rows.find(({ id }) => id === payment.id);
  if (found === undefined) throw new Error('the payment is gone');
  return found;
}

export function statusUpdates(store: () => TestStore): void {
  it('moves a payment to the highest-ranked status, in any order of updates', async () => {
    const statuses = fc.array(fc.constantFrom(...STATUSES), { minLength: 1, maxLength: 6 });
    const orders = statuses.chain((list) =>
      fc.tuple(fc.constant(list), fc.shuffledSubarray(list, { minLength: list.length })),
    );
    await fc.assert(
      fc.asyncProperty(orders, async ([one, other]) => {
        const ends = await Promise.all(
          [one, other].map(async (order) => {
            const attempt = await started(store());
            for (const status of order) await store().statuses.apply(attempt.payment.id, update(status));
            const all = await events(store(), attempt);
            expect(all.map(({ number }) => number)).toEqual(all.map((_, index) => index + 1));
            const rows = await store().rows('payment_session_events');
            const contradicted = rows.some(
              (event) => event.payment_session_id === attempt.payment.id && event.effect !== 'moved',
            );
            const ranks = all
              .filter(({ applied }) => applied)
              .map(({ status }) => PAYMENT_SESSION_STATUSES.indexOf(status));
            expect(ranks).toEqual([...ranks].sort((a, b) => a - b));
            return { status: (await read(store(), attempt)).status, contradicted };
          }),
        );
        const highest = Math.max(
          ...['INITIATED' as const, ...one].map((status) => PAYMENT_SESSION_STATUSES.indexOf(status)),
        );
        expect(ends[0]).toEqual(ends[1]);
        expect(ends[0]?.status).toBe(PAYMENT_SESSION_STATUSES[highest]);
      }),
      { numRuns: 30 },
    );
  });

  it('gets an event number without gaps among concurrent updates', async () => {
    const attempt = await started(store());
    await Promise.all(STATUSES.map((status) => store().statuses.apply(attempt.payment.id, update(status))));
    const all = await events(store(), attempt);
    expect(all.map(({ number }) => number)).toEqual(all.map((_, index) => index + 1));
    expect((await row(store(), attempt)).event_count).toBe(all.length);
    expect((await read(store(), attempt)).status).toBe('SETTLED');
  });

  it('that conflicts is recorded once and leaves the status unchanged', async () => {
    const attempt = await started(store());
    await store().statuses.apply(attempt.payment.id, update('SETTLED'));
    const first = await store().statuses.apply(
      attempt.payment.id,
      update('FAILED', { details: 'EFT0403', source: 'WEBHOOK' }),
    );
    const second = await store().statuses.apply(attempt.payment.id, update('FAILED'));
    expect([first?.effect, second?.effect]).toEqual(['conflicting', 'stale']);
    expect(await read(store(), attempt)).toMatchObject({ status: 'SETTLED', statusDetails: undefined });
    expect((await events(store(), attempt)).at(-1)).toMatchObject({
      status: 'FAILED',
      source: 'WEBHOOK',
      message: 'EFT0403',
      applied: false,
    });
  });

  it('that reports a successful payment overrides a final unpaid status', async () => {
    const attempt = await started(store());
    await store().statuses.apply(attempt.payment.id, update('EXPIRED'));
    expect((await row(store(), attempt)).final_at).not.toBeNull();
    const overridden = await store().statuses.apply(attempt.payment.id, update('ACCEPTED'));
    expect(overridden).toMatchObject({ effect: 'overridden', payment: { status: 'ACCEPTED' } });
    expect(await row(store(), attempt)).toMatchObject({ final_at: null, next_check_at: expect.any(Number) });
    expect((await store().rows('idempotency_keys'))[0]).toMatchObject({ state: 'DONE', closed_at: null });
  });

  it('with an unrecognized provider status leaves the status unchanged and keeps the details', async () => {
    const attempt = await started(store());
    const result = await store().statuses.apply(attempt.payment.id, update(undefined, { details: 'Teleported' }));
    expect(result).toMatchObject({
      effect: 'unrecognized',
      payment: { status: 'INITIATED', statusDetails: 'Teleported' },
    });
    expect(await events(store(), attempt)).toHaveLength(2);
  });

  it('can add details to the current status later', async () => {
    const attempt = await started(store());
    await store().statuses.apply(attempt.payment.id, update('FAILED'));
    await store().statuses.apply(attempt.payment.id, update('FAILED', { details: 'EFT0403' }));
    expect(await read(store(), attempt)).toMatchObject({ status: 'FAILED', statusDetails: 'EFT0403' });
  });

  it('resolves a payment whose outcome is unknown, and its key', async () => {
    const attempt = await unknown(store());
    await store().statuses.apply(
      attempt.payment.id,
      update('ACCEPTED', { paymentRequestId: 'r', sessionId: new Sensitive('s') }),
    );
    const record = await store().record(attempt);
    expect(record).toMatchObject({ state: 'DONE', payment: { status: 'ACCEPTED', paymentRequestId: 'r' } });
    expect(record.payment.sessionId?.reveal()).toBe('s');
  });

  it('that resolves an unknown outcome does not prevent the attempt from storing its session later', async () => {
    const attempt = await unknown(store());
    await store().statuses.apply(attempt.payment.id, update('ACCEPTED'));
    const finished = await store().attempts.finish(attempt, STARTED, []);
    expect(finished).toMatchObject({ state: 'DONE', payment: { status: 'ACCEPTED' } });
    expect((await read(store(), attempt)).sessionId?.reveal()).toBe('session');
    expect(await events(store(), attempt)).toHaveLength(3);
  });

  it('closes the key when the payment becomes final', async () => {
    const attempt = await started(store());
    await store().statuses.apply(attempt.payment.id, update('SETTLED'));
    expect((await store().rows('idempotency_keys'))[0]?.closed_at).not.toBeNull();
    expect(await store().retention.removeKeys(new Date(Date.now() + 60_000))).toBe(1);
  });

  it('is ignored for a payment that is not at Flinks yet, or does not exist', async () => {
    const attempt = await store().begin();
    expect(await store().statuses.apply(attempt.payment.id, update('SETTLED'))).toBeUndefined();
    expect(await store().statuses.apply('ps_none', update('SETTLED'))).toBeUndefined();
    expect((await read(store(), attempt)).status).toBe('CREATING');
  });

  it('from a lookup records its time and the time of the next lookup', async () => {
    const attempt = await started(store());
    // An interval that grows with the age of a payment is not a whole number.
    const checked = await store().statuses.apply(attempt.payment.id, update('INITIATED', { nextCheckInMs: 1_000.4 }));
    expect(checked).toMatchObject({ effect: 'stale', payment: { statusCheckedAt: expect.any(Date) } });
    const { status_checked_at, next_check_at } = await row(store(), attempt);
    expect(Number(next_check_at) - Number(status_checked_at)).toBe(1_000);
    await store().statuses.apply(attempt.payment.id, update('SETTLED', { nextCheckInMs: 1_000 }));
    expect((await row(store(), attempt)).next_check_at).toBeNull();
  });

  it('is looked up by one of several concurrent workers when it is due', async () => {
    const attempts = await Promise.all(Array.from({ length: 9 }, () => started(store())));
    for (const { payment } of attempts) await store().due.scheduleCheck(payment.id, 0);
    const leased = await Promise.all([1, 2, 3].map(() => store().due.leaseDue(4, 60_000)));
    const ids = leased.flat().map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    expect([...ids, ...(await store().due.leaseDue(10, 60_000)).map(({ id }) => id)].sort()).toEqual(
      attempts.map(({ payment }) => payment.id).sort(),
    );
    expect(await store().due.leaseDue(10, 60_000)).toEqual([]);
  });

  it('is not looked up while a replica has reserved the payment, or when the payment is final', async () => {
    const [first, second, finalPayment] = [await started(store()), await started(store()), await started(store())];
    await store().statuses.apply(finalPayment.payment.id, update('SETTLED'));
    for (const { payment } of [first, second]) await store().due.scheduleCheck(payment.id, 0);
    await store().due.reserve([first.payment.id, finalPayment.payment.id], 60_000);
    expect((await store().due.leaseDue(10, 60_000)).map(({ id }) => id)).toEqual([second.payment.id]);
    await store().due.reserve([first.payment.id, finalPayment.payment.id], 0);
    expect((await store().due.leaseDue(10, 60_000)).map(({ id }) => id)).toEqual([first.payment.id]);
  });

  it('is counted in the backlog, with its delay, while its lookup is due', async () => {
    expect(await store().due.backlog()).toEqual({ due: 0, lagMs: 0 });
    const payments = [await started(store()), await started(store()), await started(store())];
    expect(await store().due.backlog()).toEqual({ due: 0, lagMs: 0 });
    for (const [index, { payment }] of payments.entries())
      await store().due.scheduleCheck(payment.id, [-90_000, -1_000, 60_000][index]);
    const { due, lagMs } = await store().due.backlog();
    expect(due).toBe(2);
    expect(lagMs).toBeGreaterThanOrEqual(90_000);
    expect(lagMs).toBeLessThan(120_000);
  });

  it('is never due again for a payment that cannot be looked up', async () => {
    const attempt = await started(store());
    await store().due.scheduleCheck(attempt.payment.id, undefined);
    expect((await row(store(), attempt)).next_check_at).toBeNull();
    await store().due.scheduleCheck(attempt.payment.id, 0);
    expect(await store().due.leaseDue(10, 1)).toEqual([]);
  });

  it('has as candidates the payments with any of its ids that Flinks may know', async () => {
    const order = (referenceId: string) => ({ ...newOrder(), referenceId });
    const [linked, refused, other] = await Promise.all([
      store().beginAs({ order: order('one') }),
      store().beginAs({ order: order('one') }),
      store().beginAs({ order: order('two') }),
    ]);
    const session = { kind: 'started', sessionId: new Sensitive('session-1'), paymentRequestId: 'request-1' } as const;
    await store().attempts.finish(linked, session, []);
    await store().attempts.finish(refused, REFUSED, []);
    await store().attempts.finish(
      other,
      { ...session, sessionId: new Sensitive('session-2'), paymentRequestId: 'request-2' },
      [],
    );
    const find = async (referenceIds: string[], paymentRequestIds: string[] = [], sessionIds: string[] = []) => {
      const ids = { referenceIds, paymentRequestIds, sessionIds: sessionIds.map((id) => new Sensitive(id)) };
      return (await store().statuses.findCandidates(ids)).map(({ id }) => id).sort();
    };
    expect(await find(['one'])).toEqual([linked.payment.id]);
    expect(await find([], ['request-2'])).toEqual([other.payment.id]);
    expect(await find([], [], ['session-1'])).toEqual([linked.payment.id]);
    expect(await find(['two'], ['request-1'], ['session-2'])).toEqual([linked.payment.id, other.payment.id].sort());
    expect(await find(['none'])).toEqual([]);
  });

  it('cannot store an unknown status', async () => {
    const attempt = await started(store());
    const set = (status: Stored<PaymentSessionStatus>) =>
      store()
        .database.kysely.updateTable('payment_sessions')
        .set({ status })
        .where('id', '=', attempt.payment.id)
        .execute();
    for (const status of PAYMENT_SESSION_STATUSES) await set(toStored(status));
    await expect(set('TELEPORTED' as 'SETTLED')).rejects.toThrow(/check/i);
  });

  it.each(STATUSES.flatMap((from) => STATUSES.map((to) => [from, to] as const)))(
    'to %s and then to %s has the effect in the table of transitions',
    async (from, to) => {
      const attempt = await started(store());
      await store().statuses.apply(attempt.payment.id, update(from));
      const expected = from === to || to === 'INITIATED' ? 'stale' : evaluateTransition(from, to);
      expect((await store().statuses.apply(attempt.payment.id, update(to)))?.effect).toBe(expected);
      expect(isFinal((await read(store(), attempt)).status)).toBe((await row(store(), attempt)).final_at !== null);
    },
  );
}
