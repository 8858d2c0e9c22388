import { setImmediate as nextTurn } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { ALL_OWNERS } from '../../src/domain/api-client.js';
import type { Owner } from '../../src/domain/api-client.js';
import { PAYMENT_SESSION_STATUSES, isFinal } from '../../src/domain/payment-status.js';
import type { PaymentSessionStatus } from '../../src/domain/payment-status.js';
import { StoreUnavailableError } from '../../src/domain/store-unavailable.js';
import { PaymentUpdates } from '../../src/payments/payment-updates.js';
import type { PaymentState } from '../../src/payments/payment-state.js';
import type { ChangeListener } from '../../src/store/contracts/changes.js';
import { deferred } from '../support/deferred.js';
import { silentLog } from '../support/silent-log.js';
import { until } from '../support/until.js';
import { STARTED } from '../store/attempt-results.js';
import { TestStore } from '../store/test-store.js';

const STATUSES = PAYMENT_SESSION_STATUSES.filter((status) => status !== 'CREATING' && status !== 'OUTCOME_UNKNOWN');

let store: TestStore;
let paymentUpdates: PaymentUpdates;
let listener: ChangeListener;
/** The regular comparison with the store. */
let compare: () => Promise<number>;
let isDown: boolean;
let reads: number;
let watchedIds: string[];
/** Called once, between the read of the store and its result. */
let whileRead: (() => Promise<void>) | undefined;

beforeEach(async () => {
  store = await TestStore.open('sqlite::memory:');
  [isDown, reads, watchedIds] = [false, 0, []];
  const readStore = async <T>(read: () => Promise<T>): Promise<T> => {
    reads += 1;
    if (isDown) throw new StoreUnavailableError('down');
    const found = await read();
    const intervene = whileRead;
    whileRead = undefined;
    await intervene?.();
    return found;
  };
  paymentUpdates = new PaymentUpdates(
    {
      findHistory: (...args) => readStore(() => store.payments.findHistory(...args)),
      countEvents: (...args) => readStore(() => store.payments.countEvents(...args)),
    },
    (ids) => watchedIds.push(...ids),
    { subscribe: (given) => (listener = given) },
    { every: (_ms, batch) => (compare = batch) },
    silentLog,
  );
});
afterEach(() => store.close());

async function start(): Promise<string> {
  const attempt = await store.begin();
  await store.attempts.finish(attempt, STARTED, []);
  return attempt.payment.id;
}

async function applyStatus(id: string, status: PaymentSessionStatus, details?: string): Promise<void> {
  await store.statuses.apply(id, { source: 'POLL', status, details });
}

type States = AsyncIterableIterator<PaymentState, void, void>;

async function subscribe(id: string, owner: Owner = 'anonymous', afterEvent?: number): Promise<States> {
  const states = await paymentUpdates.subscribe(owner, id, afterEvent);
  if (states === undefined) throw new Error('there is no such payment');
  return states;
}

/** Collects the emitted statuses in a list that grows, with a pause after each. `over`: resolves at the end. */
function collect(
  states: States,
  pause: () => Promise<void> = () => Promise.resolve(),
): { statuses: PaymentSessionStatus[]; over: Promise<void> } {
  const statuses: PaymentSessionStatus[] = [];
  const over = (async () => {
    for await (const { status } of states) {
      statuses.push(status);
      await pause();
    }
  })();
  return { statuses, over };
}

describe('PaymentUpdates', () => {
  it('emits the current state, then each change, until the payment is final', async () => {
    const id = await start();
    const { statuses, over } = collect(await subscribe(id));
    await until(() => statuses.length === 1);
    for (const status of ['PROCESSING', 'ACCEPTED', 'FAILED', 'SETTLED'] as const) {
      await applyStatus(id, status);
      listener.onChange(id);
    }
    await over;
    expect(statuses).toEqual(['INITIATED', 'PROCESSING', 'ACCEPTED', 'SETTLED']);
  });

  it('emits a change that happens while the subscription starts', async () => {
    const id = await start();
    whileRead = async () => {
      await applyStatus(id, 'ACCEPTED');
      listener.onChange(id);
    };
    const states = await subscribe(id);
    expect((await states.next()).value).toMatchObject({ status: 'INITIATED' });
    expect((await states.next()).value).toMatchObject({ status: 'ACCEPTED' });
    await states.return?.();
  });

  it('emits every change to a slow subscriber, each with its state at that time', async () => {
    const id = await start();
    const states = await subscribe(id);
    await states.next();
    await applyStatus(id, 'PROCESSING', 'first details');
    await applyStatus(id, 'FAILED', 'last details');
    listener.onChange(id);
    const [first, last] = [(await states.next()).value, (await states.next()).value] as PaymentState[];
    expect(first).toMatchObject({ id, status: 'PROCESSING', statusDetails: 'first details' });
    expect(last).toMatchObject({ id, status: 'FAILED', statusDetails: 'last details' });
    expect(last?.updatedAt.getTime()).toBeGreaterThanOrEqual(first?.updatedAt.getTime() ?? Infinity);
    expect(await states.next()).toEqual({ done: true, value: undefined });
  });

  it('does not read the store while nothing changes, and reads it once for many changes', async () => {
    const id = await start();
    const { statuses } = collect(await subscribe(id));
    await until(() => statuses.length === 1);
    listener.onChange('ps_another');
    for (let count = 0; count < 100; count += 1) listener.onChange(id);
    await applyStatus(id, 'ACCEPTED');
    listener.onChange(id);
    await until(() => statuses.length === 2);
    expect(reads).toBeLessThanOrEqual(4);
  });

  it('reads a change once for all subscribers that may see the same, and sends them the same state', async () => {
    const id = await start();
    const own = await Promise.all(Array.from({ length: 100 }, () => subscribe(id)));
    const ofStaff = await Promise.all(Array.from({ length: 100 }, () => subscribe(id, ALL_OWNERS)));
    const all = [...own, ...ofStaff];
    await Promise.all(all.map((states) => states.next()));
    const nexts = all.map((states) => states.next());
    reads = 0;
    await applyStatus(id, 'ACCEPTED');
    listener.onChange(id);
    const states = (await Promise.all(nexts)).map(({ value }) => value);
    expect(states[0]).toMatchObject({ status: 'ACCEPTED' });
    expect([reads, new Set(states).size]).toEqual([2, 2]);
    for (const each of all) await each.return?.();
  });

  it('does not take a read that began before a change for one of it', async () => {
    const id = await start();
    const both = [collect(await subscribe(id)), collect(await subscribe(id))];
    await until(() => both.every(({ statuses }) => statuses.length === 1));
    whileRead = async () => {
      await applyStatus(id, 'SETTLED');
      listener.onChange(id);
    };
    await applyStatus(id, 'ACCEPTED');
    listener.onChange(id);
    await Promise.all(both.map(({ over }) => over));
    for (const { statuses } of both) expect(statuses).toEqual(['INITIATED', 'ACCEPTED', 'SETTLED']);
  });

  it('ends with an error that is not expected, and stops reading', async () => {
    const id = await start();
    const states = await subscribe(id);
    await states.next();
    const next = states.next();
    whileRead = () => Promise.reject(new TypeError('an internal fault'));
    listener.onChange(id);
    await expect(next).rejects.toThrow('an internal fault');
    expect(await states.next()).toEqual({ done: true, value: undefined });
    reads = 0;
    await compare();
    expect(reads).toBe(0);
  });

  it('resumes after the event of the last state that the client received', async () => {
    const id = await start();
    await applyStatus(id, 'PROCESSING');
    const state = (await (await subscribe(id)).next()).value;
    expect(state).toMatchObject({ status: 'PROCESSING', event: 3 });
    await applyStatus(id, 'ACCEPTED');
    await applyStatus(id, 'FAILED');
    await applyStatus(id, 'SETTLED');
    const { statuses, over } = collect(await subscribe(id, 'anonymous', state?.event));
    await over;
    expect(statuses).toEqual(['ACCEPTED', 'SETTLED']);
    const again = await subscribe(id, 'anonymous', (state?.event ?? 0) - 1);
    expect((await again.next()).value).toMatchObject({ status: 'PROCESSING', event: 3 });
    await again.return?.();
    const { statuses: none, over: ended } = collect(await subscribe(id, 'anonymous', 6));
    await ended;
    expect(none).toEqual([]);
  });

  it('finds no payment of another client, and none for an unknown id', async () => {
    const id = await start();
    expect(await paymentUpdates.subscribe('somebody else', id)).toBeUndefined();
    expect(await paymentUpdates.subscribe('anonymous', 'ps_01a202f2-fc99-76f3-81b5-1118e13d7638')).toBeUndefined();
    reads = 0;
    expect(await paymentUpdates.subscribe('anonymous', 'not an id')).toBeUndefined();
    expect(reads).toBe(0);
  });

  it('lets a subscriber leave at any time and stops reading for it', async () => {
    const id = await start();
    const [waiting, unread, read] = [await subscribe(id), await subscribe(id), await subscribe(id)];
    await waiting.next();
    await read.next();
    const next = waiting.next();
    for (const states of [waiting, unread, read]) await states.return?.();
    expect(await next).toEqual({ done: true, value: undefined });
    reads = 0;
    await compare();
    expect(reads).toBe(0);
  });

  it('lets a subscriber leave while the store does not respond', async () => {
    const id = await start();
    const states = await subscribe(id);
    await states.next();
    const response = deferred<undefined>();
    whileRead = () => response.promise;
    listener.onChange(id);
    const next = states.next();
    await until(() => whileRead === undefined);
    await states.return?.();
    expect(await next).toEqual({ done: true, value: undefined });
    response.resolve(undefined);
    expect(await states.next()).toEqual({ done: true, value: undefined });
  });

  it('has the payment looked up at once and regularly while anybody watches it', async () => {
    const id = await start();
    const [one, other] = [await subscribe(id), await subscribe(id)];
    expect(watchedIds).toEqual([id, id]);
    await one.return?.();
    await compare();
    expect(watchedIds).toEqual([id, id, id]);
    await other.return?.();
    await compare();
    expect(watchedIds).toEqual([id, id, id]);
  });

  it('stops reading when the payment is final', async () => {
    const id = await start();
    await applyStatus(id, 'DECLINED');
    const { statuses, over } = collect(await subscribe(id));
    await over;
    expect(statuses).toEqual(['DECLINED']);
    reads = 0;
    await compare();
    expect(reads).toBe(0);
  });

  it('ends the subscription when the payment is removed', async () => {
    const id = await start();
    const { statuses, over } = collect(await subscribe(id));
    await until(() => statuses.length === 1);
    await store.empty();
    await compare();
    await over;
    expect(statuses).toEqual(['INITIATED']);
  });

  it('emits changes without a notification at the next comparison', async () => {
    const id = await start();
    const { statuses } = collect(await subscribe(id));
    await until(() => statuses.length === 1);
    await applyStatus(id, 'PROCESSING');
    await compare();
    await until(() => statuses.length === 2);
    await applyStatus(id, 'ACCEPTED');
    listener.onListening();
    await until(() => statuses.length === 3);
    expect(statuses).toEqual(['INITIATED', 'PROCESSING', 'ACCEPTED']);
  });

  it('misses no change while the store is down', async () => {
    const id = await start();
    const { statuses } = collect(await subscribe(id));
    await until(() => statuses.length === 1);
    isDown = true;
    await applyStatus(id, 'PROCESSING');
    listener.onChange(id);
    listener.onListening();
    await expect(compare()).rejects.toThrow(StoreUnavailableError);
    await expect(paymentUpdates.subscribe('anonymous', id)).rejects.toThrow(StoreUnavailableError);
    isDown = false;
    await applyStatus(id, 'ACCEPTED');
    expect(statuses).toEqual(['INITIATED']);
    await compare();
    await until(() => statuses.length === 3);
    expect(statuses).toEqual(['INITIATED', 'PROCESSING', 'ACCEPTED']);
  });

  it('emits every change once and in order, whichever notifications are lost', async () => {
    const step = fc.record({ status: fc.constantFrom(...STATUSES), isNotified: fc.boolean(), isSlow: fc.boolean() });
    const steps = fc.array(step, { maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(steps, steps, async (before, after) => {
        const id = await start();
        for (const { status } of before) await applyStatus(id, status);
        const already = (await appliedStatuses(id)).length;
        const subscribers = [collect(await subscribe(id)), collect(await subscribe(id), nextTurn)];
        for (const { status, isNotified, isSlow } of after) {
          await applyStatus(id, status);
          if (isNotified) listener.onChange(id);
          if (isSlow) await nextTurn();
        }
        await compare();
        const expected = (await appliedStatuses(id)).slice(already - 1);
        for (const { statuses } of subscribers) {
          const isOver = () => isFinal(statuses.at(-1) ?? 'CREATING');
          await until(() => statuses.length === expected.length || isOver());
          // A status that overrides a final one may come after the subscription ended.
          expect(statuses).toEqual(isOver() ? expected.slice(0, statuses.length) : expected);
        }
      }),
      { numRuns: 100 },
    );
  });
});

/** Every status that was applied to a payment. */
async function appliedStatuses(id: string): Promise<PaymentSessionStatus[]> {
  const events = (await store.payments.findEvents([id])).get(id) ?? [];
  return events.filter(({ applied }) => applied).map(({ status }) => status);
}
