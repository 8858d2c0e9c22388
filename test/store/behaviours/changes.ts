import { expect, it } from '@jest/globals';
import type { StatusUpdate } from '../../../src/domain/status-update.js';
import { REFUSED, RELEASED, STARTED, UNKNOWN } from '../attempt-results.js';
import type { TestStore } from '../test-store.js';

const told = (status: StatusUpdate['status']): StatusUpdate => ({ source: 'POLL', status, details: undefined });

/** Listens to the changes of a store; they are told after the write, before it resolves. */
export function listenTo({ database }: TestStore): { told: string[]; problems: string[]; times: number } {
  const heard = { told: [] as string[], problems: [] as string[], times: 0 };
  database.changes.subscribe({
    onChange: (id) => heard.told.push(id),
    onLost: (problem) => heard.problems.push(problem),
    onListening: () => (heard.times += 1),
  });
  return heard;
}

export function changes(store: () => TestStore): void {
  it('gives a payment with its events from one on', async () => {
    const { payment } = await store().begin();
    const { attempts, payments, statuses: news } = store();
    expect(await payments.findHistory('anonymous', payment.id, 0)).toMatchObject({
      payment: { id: payment.id, status: 'CREATING' },
      eventCount: 1,
      events: [{ number: 1, status: 'CREATING', applied: true }],
    });
    const other = await store().begin();
    await attempts.finish(other, STARTED, []);
    await news.apply(other.payment.id, told('ACCEPTED'));
    await news.apply(other.payment.id, told('FAILED'));
    expect(await payments.findHistory('anonymous', other.payment.id, 2)).toMatchObject({
      payment: { status: 'ACCEPTED' },
      eventCount: 4,
      events: [
        { number: 3, status: 'ACCEPTED', applied: true },
        { number: 4, status: 'FAILED', applied: false },
      ],
    });
    expect(await payments.findHistory('anonymous', other.payment.id, 4)).toMatchObject({ eventCount: 4, events: [] });
  });

  it('gives the history of a payment to its caller only', async () => {
    const { payment } = await store().begin();
    expect(await store().payments.findHistory('somebody else', payment.id, 0)).toBeUndefined();
    expect(await store().payments.findHistory('anonymous', 'ps_none', 0)).toBeUndefined();
  });

  it('counts the events of many payments', async () => {
    const [one, other] = [await store().begin(), await store().begin()];
    await store().attempts.finish(one, STARTED, []);
    const ids = [one, other].map(({ payment }) => payment.id);
    expect(await store().payments.countEvents([...ids, 'ps_none'])).toEqual(
      new Map([
        [ids[0], 2],
        [ids[1], 1],
      ]),
    );
  });

  it('tells of every step that moved a payment, and of no other', async () => {
    const [started, refused, released, unknown] = [
      await store().begin(),
      await store().begin(),
      await store().begin(),
      await store().beginSend(),
    ];
    const dead = await store().beginExpiredSend();
    const { told: heard } = listenTo(store());
    const { attempts, statuses: news } = store();
    await attempts.finish(released, RELEASED, []);
    expect(heard).toEqual([]);
    await attempts.finish(started, STARTED, []);
    await attempts.finish(refused, REFUSED, []);
    await attempts.finish(unknown, UNKNOWN, []);
    await attempts.expireStaleAttempts();
    expect(heard).toEqual([started, refused, unknown, dead].map(({ payment }) => payment.id));
    heard.length = 0;
    for (const status of ['ACCEPTED', 'ACCEPTED', 'INITIATED', 'FAILED', undefined, 'SETTLED'] as const)
      await news.apply(started.payment.id, told(status));
    expect(heard).toEqual([started.payment.id, started.payment.id]);
  });
}
