import { expect, it } from '@jest/globals';
import { Sensitive } from '../../../src/domain/sensitive.js';
import type { CallbackSubscription } from '../../../src/store/contracts/callback-store.js';
import { until } from '../../support/until.js';
import type { TestStore } from '../test-store.js';

const LONG_MS = 60_000;
const MAX_SUBSCRIPTIONS = 1_000;

const newSubscription = (key: string, afterEvent = 0) => ({
  key: new Sensitive(key),
  clientId: 'anonymous',
  registration: new Sensitive(`{"verifier":"${key}"}`),
  afterEvent,
});
const texts = (takenOver: readonly CallbackSubscription[]) =>
  takenOver.map(({ registration }) => registration?.reveal()).sort();

export function callbacks(store: () => TestStore): void {
  const add = async (holder: string, key: string, afterEvent = 0): Promise<string> => {
    const id = await store().callbacks.add(holder, newSubscription(key, afterEvent), MAX_SUBSCRIPTIONS);
    if (id === undefined) throw new Error('there are too many');
    return id;
  };
  /** Adds subscriptions of a holder whose lease expires at once. */
  const addExpired = async (holder: string, ...keys: string[]): Promise<void> => {
    await store().callbacks.renew(holder, 0);
    for (const key of keys) await add(holder, key);
  };

  it('keeps a subscription sealed, and returns it to the replica that takes it over', async () => {
    await addExpired('crashed');
    const id = await add('crashed', 'router/1', 7);
    expect(JSON.stringify(await store().rows('callback_subscriptions'))).not.toMatch(/verifier|router/);
    const [takenOver, ...others] = await store().callbacks.takeOver('running', 10);
    expect(others).toEqual([]);
    expect(takenOver).toMatchObject({ id, clientId: 'anonymous', afterEvent: 7 });
    expect(takenOver?.registration?.reveal()).toBe('{"verifier":"router/1"}');
  });

  it('does not hand over a subscription while the lease of its holder runs', async () => {
    await store().callbacks.renew('running', LONG_MS);
    await add('running', 'one');
    expect(await store().callbacks.takeOver('other', 10)).toEqual([]);
    expect(await store().callbacks.renew('running', LONG_MS)).toBe(true);
  });

  it('reports to a holder that its lease has expired', async () => {
    expect(await store().callbacks.renew('paused', 1)).toBe(false);
    await until(async () => !(await store().callbacks.renew('paused', 1)));
    expect(await store().callbacks.renew('another', LONG_MS)).toBe(false);
    expect(await store().callbacks.renew('another', LONG_MS)).toBe(true);
  });

  it('hands over each subscription to one of several concurrent replicas', async () => {
    const keys = Array.from({ length: 9 }, (_, index) => `key ${index}`);
    await addExpired('crashed', ...keys);
    const takers = ['a', 'b', 'c'].map((holder) => store().callbacks.takeOver(holder, 4));
    const takenOver = (await Promise.all(takers)).flat();
    const rest = await store().callbacks.takeOver('d', 10);
    expect(texts([...takenOver, ...rest])).toEqual(keys.map((key) => `{"verifier":"${key}"}`));
  });

  it('lets only the holder advance or remove a subscription', async () => {
    await addExpired('crashed');
    const id = await add('crashed', 'one', 1);
    await store().callbacks.renew('running', LONG_MS);
    await store().callbacks.takeOver('running', 10);
    expect(await store().callbacks.holds('crashed', id)).toBe(false);
    expect(await store().callbacks.advance('crashed', id, 5)).toBe(false);
    await store().callbacks.remove('crashed', id);
    expect(await store().callbacks.holds('running', id)).toBe(true);
    expect(await store().callbacks.advance('running', id, 2)).toBe(true);
    expect((await store().rows('callback_subscriptions')).map(({ after_event }) => after_event)).toEqual([2]);
    await store().callbacks.remove('running', id);
    expect(await store().rows('callback_subscriptions')).toEqual([]);
  });

  it('releases everything of a holder at once', async () => {
    await store().callbacks.renew('leaving', LONG_MS);
    const id = await add('leaving', 'one');
    expect(await store().callbacks.heldBy('leaving')).toEqual(new Set([id]));
    await store().callbacks.release('leaving');
    expect(await store().callbacks.heldBy('leaving')).toEqual(new Set());
    expect(texts(await store().callbacks.takeOver('other', 10))).toEqual(['{"verifier":"one"}']);
    await add('leaving', 'two');
    expect(texts(await store().callbacks.takeOver('other', 10))).toEqual(['{"verifier":"two"}']);
  });

  it('releases exactly the given subscriptions of a holder', async () => {
    await store().callbacks.renew('running', LONG_MS);
    const [one, two, others] = [await add('running', 'one'), await add('running', 'two'), await add('other', 'three')];
    await store().callbacks.letGo('running', [one, others]);
    expect(await store().callbacks.heldBy('running')).toEqual(new Set([two]));
    expect(await store().callbacks.holds('other', others)).toBe(true);
    expect(texts(await store().callbacks.takeOver('running', 10))).toEqual(['{"verifier":"one"}']);
  });

  it('replaces a subscription with the same key, whoever holds it', async () => {
    await store().callbacks.renew('first', LONG_MS);
    const id = await add('first', 'same', 3);
    expect(await add('second', 'same', 0)).toBe(id);
    expect(await store().callbacks.holds('first', id)).toBe(false);
    expect(await store().rows('callback_subscriptions')).toMatchObject([{ holder: 'second', after_event: 0 }]);
  });

  it('adds no subscription beyond the maximum', async () => {
    expect(await store().callbacks.add('one', newSubscription('1'), 2)).toBeDefined();
    expect(await store().callbacks.add('one', newSubscription('2'), 2)).toBeDefined();
    expect(await store().callbacks.add('one', newSubscription('3'), 2)).toBeUndefined();
    expect(await store().callbacks.add('two', newSubscription('2'), 2)).toBeDefined();
    expect(await store().rows('callback_subscriptions')).toHaveLength(2);
  });

  it('keeps an expired holder as long as it holds subscriptions', async () => {
    await addExpired('crashed', 'one');
    await store().callbacks.renew('running', LONG_MS);
    expect((await store().rows('callback_holders')).map(({ id }) => id).sort()).toEqual(['crashed', 'running']);
  });
}
