import { expect, it } from '@jest/globals';
import type { StatusUpdate } from '../../../src/store/contracts/status-store.js';
import { REFUSED, RELEASED, STARTED, UNKNOWN } from '../attempt-results.js';
import type { TestStore } from '../test-store.js';

const updateTo = (status: StatusUpdate['status']): StatusUpdate => ({ source: 'POLL', status, details: undefined });

/** Listens to the changes of a store, which are published after a write, before it resolves. */
export function listenTo({ database }: TestStore): {
  changedIds: string[];
  problems: string[];
  timesListening: number;
} {
  const received = { changedIds: [] as string[], problems: [] as string[], timesListening: 0 };
  database.changes.subscribe({
    onChange: (id) => received.changedIds.push(id),
    onLost: (problem) => received.problems.push(problem),
    onListening: () => (received.timesListening += 1),
  });
  return received;
}

export function changes(store: () => TestStore): void {
  it('contains the payment and its events after a given number', async () => {
    const { payment } = await store().begin();
    const { attempts, payments, statuses } = store();
    expect(await payments.findHistory('anonymous', payment.id, 0)).toMatchObject({
      payment: { id: payment.id, status: 'CREATING' },
      eventCount: 1,
      events: [{ number: 1, status: 'CREATING', applied: true }],
    });
    const other = await store().begin();
    await attempts.finish(other, STARTED, []);
    await statuses.apply(other.payment.id, updateTo('ACCEPTED'));
    await statuses.apply(other.payment.id, updateTo('FAILED'));
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

  it('is returned only to the client of the payment', async () => {
    const { payment } = await store().begin();
    expect(await store().payments.findHistory('somebody else', payment.id, 0)).toBeUndefined();
    expect(await store().payments.findHistory('anonymous', 'ps_none', 0)).toBeUndefined();
  });

  it('is counted for many payments at once', async () => {
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

  it('causes a change notification for every event that changes the status, and for no other', async () => {
    const [started, refused, released, unknown] = [
      await store().begin(),
      await store().begin(),
      await store().begin(),
      await store().beginSend(),
    ];
    const expired = await store().beginExpiredSend();
    const { changedIds } = listenTo(store());
    const { attempts, statuses } = store();
    await attempts.finish(released, RELEASED, []);
    expect(changedIds).toEqual([]);
    await attempts.finish(started, STARTED, []);
    await attempts.finish(refused, REFUSED, []);
    await attempts.finish(unknown, UNKNOWN, []);
    await attempts.expireStaleAttempts();
    expect(changedIds).toEqual([started, refused, unknown, expired].map(({ payment }) => payment.id));
    changedIds.length = 0;
    for (const status of ['ACCEPTED', 'ACCEPTED', 'INITIATED', 'FAILED', undefined, 'SETTLED'] as const)
      await statuses.apply(started.payment.id, updateTo(status));
    expect(changedIds).toEqual([started.payment.id, started.payment.id]);
  });
}
