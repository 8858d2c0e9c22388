import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { PAYMENT_SESSION_STATUSES, isFinal } from '../../src/domain/payment-status.js';
import type { PaymentSessionStatus } from '../../src/domain/payment-status.js';
import { StoreUnavailableError } from '../../src/domain/store-unavailable.js';
import { PaymentUpdates } from '../../src/payments/payment-updates.js';
import type { PaymentState } from '../../src/payments/payment-updates.js';
import type { ChangeListener } from '../../src/store/contracts/changes.js';
import { silentLog } from '../support/silent-log.js';
import { until } from '../support/until.js';
import { STARTED } from '../store/attempt-results.js';
import { TestStore } from '../store/test-store.js';

const WORDS = PAYMENT_SESSION_STATUSES.filter((status) => status !== 'CREATING' && status !== 'OUTCOME_UNKNOWN');

let store: TestStore;
let watch: PaymentUpdates;
let listener: ChangeListener;
/** What is done now and then. */
let compare: () => Promise<number>;
let isDown: boolean;
let reads: number;
let wanted: string[];
/** Happens once, between what a read finds and its answer. */
let whileRead: (() => Promise<void>) | undefined;

beforeEach(async () => {
  store = await TestStore.open('sqlite::memory:');
  [isDown, reads, wanted] = [false, 0, []];
  const reach = async <T>(read: () => Promise<T>): Promise<T> => {
    reads += 1;
    if (isDown) throw new StoreUnavailableError('down');
    const found = await read();
    const happen = whileRead;
    whileRead = undefined;
    await happen?.();
    return found;
  };
  watch = new PaymentUpdates(
    {
      findHistory: (...args) => reach(() => store.payments.findHistory(...args)),
      countEvents: (...args) => reach(() => store.payments.countEvents(...args)),
    },
    (ids) => wanted.push(...ids),
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

async function tell(id: string, status: PaymentSessionStatus, details?: string): Promise<void> {
  await store.statuses.apply(id, { source: 'POLL', status, details });
}

type States = AsyncIterableIterator<PaymentState, void, void>;

async function follow(id: string, caller = 'anonymous', afterEvent?: number): Promise<States> {
  const states = await watch.subscribe(caller, id, afterEvent);
  if (states === undefined) throw new Error('there is no such payment');
  return states;
}

/** The statuses that are told, in a list that grows. */
function collect(states: States): { statuses: PaymentSessionStatus[]; over: Promise<void> } {
  const statuses: PaymentSessionStatus[] = [];
  const over = (async () => {
    for await (const { status } of states) statuses.push(status);
  })();
  return { statuses, over };
}

describe('who watches a payment', () => {
  it('is told how it is, then of each change, until it is over', async () => {
    const id = await start();
    const { statuses, over } = collect(await follow(id));
    await until(() => statuses.length === 1);
    for (const status of ['PROCESSING', 'ACCEPTED', 'FAILED', 'SETTLED'] as const) {
      await tell(id, status);
      listener.onChange(id);
    }
    await over;
    expect(statuses).toEqual(['INITIATED', 'PROCESSING', 'ACCEPTED', 'SETTLED']);
  });

  it('is told of a change that comes while it begins', async () => {
    const id = await start();
    whileRead = async () => {
      await tell(id, 'ACCEPTED');
      listener.onChange(id);
    };
    const states = await follow(id);
    expect((await states.next()).value).toMatchObject({ status: 'INITIATED' });
    expect((await states.next()).value).toMatchObject({ status: 'ACCEPTED' });
    await states.return?.();
  });

  it('is told of the changes that it was too slow for, each as it was', async () => {
    const id = await start();
    const states = await follow(id);
    await states.next();
    await tell(id, 'PROCESSING', 'first words');
    await tell(id, 'FAILED', 'last words');
    listener.onChange(id);
    const [first, last] = [(await states.next()).value, (await states.next()).value] as PaymentState[];
    expect(first).toMatchObject({ id, status: 'PROCESSING', statusDetails: 'first words' });
    expect(last).toMatchObject({ id, status: 'FAILED', statusDetails: 'last words' });
    expect(last?.updatedAt.getTime()).toBeGreaterThanOrEqual(first?.updatedAt.getTime() ?? Infinity);
    expect(await states.next()).toEqual({ done: true, value: undefined });
  });

  it('costs no read while nothing changes, and one for many changes', async () => {
    const id = await start();
    const { statuses } = collect(await follow(id));
    await until(() => statuses.length === 1 && reads === 2);
    listener.onChange('ps_another');
    for (let count = 0; count < 100; count += 1) listener.onChange(id);
    await tell(id, 'ACCEPTED');
    listener.onChange(id);
    await until(() => statuses.length === 2);
    expect(reads).toBeLessThanOrEqual(4);
  });

  it('goes on after the event of a state that was told before, elsewhere', async () => {
    const id = await start();
    await tell(id, 'PROCESSING');
    const told = (await (await follow(id)).next()).value;
    expect(told).toMatchObject({ status: 'PROCESSING', event: 3 });
    await tell(id, 'ACCEPTED');
    await tell(id, 'FAILED');
    await tell(id, 'SETTLED');
    const { statuses, over } = collect(await follow(id, 'anonymous', told?.event));
    await over;
    expect(statuses).toEqual(['ACCEPTED', 'SETTLED']);
    const again = await follow(id, 'anonymous', (told?.event ?? 0) - 1);
    expect((await again.next()).value).toMatchObject({ status: 'PROCESSING', event: 3 });
    await again.return?.();
    const { statuses: none, over: at } = collect(await follow(id, 'anonymous', 6));
    await at;
    expect(none).toEqual([]);
  });

  it('is told nothing of payments of others, or of none', async () => {
    const id = await start();
    expect(await watch.subscribe('somebody else', id)).toBeUndefined();
    expect(await watch.subscribe('anonymous', 'ps_01a202f2-fc99-76f3-81b5-1118e13d7638')).toBeUndefined();
    reads = 0;
    expect(await watch.subscribe('anonymous', 'not an id')).toBeUndefined();
    expect(reads).toBe(0);
  });

  it('may go at any time, also while nothing happens, and is forgotten', async () => {
    const id = await start();
    const [waiting, unread, read] = [await follow(id), await follow(id), await follow(id)];
    await waiting.next();
    await read.next();
    const next = waiting.next();
    for (const states of [waiting, unread, read]) await states.return?.();
    expect(await next).toEqual({ done: true, value: undefined });
    reads = 0;
    await compare();
    expect(reads).toBe(0);
  });

  it('has Flinks asked at once and again and again, while anybody watches', async () => {
    const id = await start();
    const [one, other] = [await follow(id), await follow(id)];
    expect(wanted).toEqual([id, id]);
    await one.return?.();
    await compare();
    expect(wanted).toEqual([id, id, id]);
    await other.return?.();
    await compare();
    expect(wanted).toEqual([id, id, id]);
  });

  it('is forgotten when the payment is over', async () => {
    const id = await start();
    await tell(id, 'DECLINED');
    const { statuses, over } = collect(await follow(id));
    await over;
    expect(statuses).toEqual(['DECLINED']);
    reads = 0;
    await compare();
    expect(reads).toBe(0);
  });

  it('is told the end when the payment is removed', async () => {
    const id = await start();
    const { statuses, over } = collect(await follow(id));
    await until(() => statuses.length === 1);
    await store.empty();
    await compare();
    await over;
    expect(statuses).toEqual(['INITIATED']);
  });

  it('hears from the next comparison what no hint told, as after a lost connection', async () => {
    const id = await start();
    const { statuses } = collect(await follow(id));
    await until(() => statuses.length === 1);
    await tell(id, 'PROCESSING');
    await compare();
    await until(() => statuses.length === 2);
    await tell(id, 'ACCEPTED');
    listener.onListening();
    await until(() => statuses.length === 3);
    expect(statuses).toEqual(['INITIATED', 'PROCESSING', 'ACCEPTED']);
  });

  it('waits while the store is down, and misses nothing', async () => {
    const id = await start();
    const { statuses } = collect(await follow(id));
    await until(() => statuses.length === 1);
    isDown = true;
    await tell(id, 'PROCESSING');
    listener.onChange(id);
    listener.onListening();
    await expect(compare()).rejects.toThrow(StoreUnavailableError);
    await expect(watch.subscribe('anonymous', id)).rejects.toThrow(StoreUnavailableError);
    isDown = false;
    await tell(id, 'ACCEPTED');
    expect(statuses).toEqual(['INITIATED']);
    await compare();
    await until(() => statuses.length === 3);
    expect(statuses).toEqual(['INITIATED', 'PROCESSING', 'ACCEPTED']);
  });

  it('is told every change once and in order, whatever is told when and whichever hints are lost', async () => {
    const step = fc.record({ status: fc.constantFrom(...WORDS), isHinted: fc.boolean(), isSlow: fc.boolean() });
    const steps = fc.array(step, { maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(steps, steps, async (before, after) => {
        const id = await start();
        for (const { status } of before) await tell(id, status);
        const present = (await moves(id)).length;
        const { statuses } = collect(await follow(id));
        for (const { status, isHinted, isSlow } of after) {
          await tell(id, status);
          if (isHinted) listener.onChange(id);
          if (isSlow) await new Promise((resolve) => setImmediate(resolve));
        }
        await compare();
        const expected = (await moves(id)).slice(present - 1);
        const isOver = () => isFinal(statuses.at(-1) ?? 'CREATING');
        await until(() => statuses.length === expected.length || isOver());
        // Word that overtakes a final status may come when nobody listens any more.
        expect(statuses).toEqual(isOver() ? expected.slice(0, statuses.length) : expected);
      }),
      { numRuns: 100 },
    );
  });
});

/** Every status that a payment took. */
async function moves(id: string): Promise<PaymentSessionStatus[]> {
  const events = (await store.payments.findEvents([id])).get(id) ?? [];
  return events.filter(({ applied }) => applied).map(({ status }) => status);
}
