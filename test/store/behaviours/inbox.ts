import { randomBytes } from 'node:crypto';
import { expect, it } from '@jest/globals';
import { Sensitive } from '../../../src/domain/sensitive.js';
import { DataKeys } from '../../../src/store/encryption/data-keys.js';
import type { InboxEvent } from '../../../src/store/contracts/inbox-store.js';
import { STARTED } from '../attempt-results.js';
import { dataKey, newOrder } from '../test-store.js';
import type { TestStore } from '../test-store.js';

const LEASE_MS = 60_000;

const event = (text: string) => new Sensitive(Buffer.from(text));
const texts = (leased: readonly InboxEvent[]) =>
  leased.map(({ body }) => body?.reveal().toString() ?? 'not opened').sort();

async function addAll(store: TestStore, ...bodies: string[]): Promise<void> {
  for (const body of bodies) await store.inbox.add(event(body), 'WAITING');
}

async function idOf(store: TestStore, body: string): Promise<string> {
  await addAll(store, body);
  const [leased] = await store.inbox.leaseDue(1, LEASE_MS);
  return leased?.id ?? '';
}

export function inbox(store: () => TestStore): void {
  it('stores every byte of an event, sealed', async () => {
    const body = Buffer.concat([Buffer.from('{"sessionId":"s-é"}'), Buffer.from([0, 255, 128]), randomBytes(500)]);
    expect(await store().inbox.add(new Sensitive(body), 'WAITING')).toBe(true);
    const [leased, ...others] = await store().inbox.leaseDue(10, LEASE_MS);
    expect(others).toEqual([]);
    expect(leased?.body?.reveal().equals(body)).toBe(true);
    expect(JSON.stringify(await store().rows('webhook_inbox'))).not.toContain('sessionId');
  });

  it('stores the same bytes once, however often they arrive concurrently', async () => {
    const adds = await Promise.all(Array.from({ length: 9 }, () => store().inbox.add(event('same'), 'WAITING')));
    expect(adds.filter(Boolean)).toHaveLength(1);
    const id = await idOf(store(), 'same ');
    await store().inbox.complete(id, undefined);
    expect(await store().inbox.add(event('same '), 'WAITING')).toBe(false);
    expect(await store().rows('webhook_inbox')).toHaveLength(2);
  });

  it('recognizes bytes that were stored under an older key', async () => {
    const [older, newer] = [dataKey('older'), dataKey('newer')];
    const before = store().inboxWith(new DataKeys([older]));
    const after = store().inboxWith(new DataKeys([newer, older]));
    expect(await before.add(event('same'), 'WAITING')).toBe(true);
    expect(await after.add(event('same'), 'WAITING')).toBe(false);
    expect(texts(await after.leaseDue(10, LEASE_MS))).toEqual(['same']);
  });

  it('leases the other events when one cannot be unsealed, and that one again later', async () => {
    await addAll(store(), 'lost', 'one', 'two');
    const [lost] = await store().inbox.leaseDue(1, 0);
    const payload = 'lost.AAAA';
    const { kysely } = store().database;
    await kysely
      .updateTable('webhook_inbox')
      .set({ payload })
      .where('digest', '=', lost?.id ?? '')
      .execute();
    const leased = await store().inbox.leaseDue(10, 0);
    expect(texts(leased)).toEqual(['not opened', 'one', 'two']);
    expect(leased.find(({ body }) => body === undefined)).toMatchObject({ id: lost?.id });
    expect(texts(await store().inbox.leaseDue(10, LEASE_MS))).toEqual(['not opened', 'one', 'two']);
  });

  it('leases an event to one of several concurrent workers', async () => {
    const bodies = Array.from({ length: 9 }, (_, index) => `event ${index}`);
    await addAll(store(), ...bodies);
    const leased = (await Promise.all([1, 2, 3].map(() => store().inbox.leaseDue(4, LEASE_MS)))).flat();
    expect(new Set(texts(leased)).size).toBe(leased.length);
    expect([...texts(leased), ...texts(await store().inbox.leaseDue(10, LEASE_MS))].sort()).toEqual(bodies);
    expect(await store().inbox.leaseDue(10, LEASE_MS)).toEqual([]);
    expect((await store().rows('webhook_inbox')).map(({ attempts }) => attempts)).toEqual(Array(9).fill(1));
  });

  it('leases an event again when its lease expired', async () => {
    await addAll(store(), 'one');
    expect(texts(await store().inbox.leaseDue(1, 0))).toEqual(['one']);
    const [again] = await store().inbox.leaseDue(1, LEASE_MS);
    expect(again && texts([again])).toEqual(['one']);
    expect(again?.ageMs).toBeGreaterThanOrEqual(0);
    expect(again?.ageMs).toBeLessThan(60_000);
  });

  it('leases a rescheduled event when it is due', async () => {
    const id = await idOf(store(), 'one');
    await store().inbox.reschedule(id, LEASE_MS);
    expect(await store().inbox.leaseDue(1, LEASE_MS)).toEqual([]);
    await store().inbox.reschedule(id, 0);
    expect(texts(await store().inbox.leaseDue(1, LEASE_MS))).toEqual(['one']);
  });

  it('never leases a completed event, even if it is rescheduled', async () => {
    const { payment } = await store().begin();
    const [matched, unmatched] = [await idOf(store(), 'one'), await idOf(store(), 'other')];
    await store().inbox.complete(matched, payment.id);
    await store().inbox.complete(unmatched, undefined);
    for (const id of [matched, unmatched]) await store().inbox.reschedule(id, 0);
    expect(await store().inbox.leaseDue(10, LEASE_MS)).toEqual([]);
    const rows = await store().rows('webhook_inbox');
    expect(rows.map(({ state, payment_session_id: of }) => [state, of]).sort()).toEqual([
      ['DONE', payment.id],
      ['UNMATCHED', null],
    ]);
  });

  it('counts the events that are not done', async () => {
    expect(await store().inbox.counts()).toEqual({ WAITING: 0, UNMATCHED: 0, UNREADABLE: 0 });
    const { payment } = await store().begin();
    await store().inbox.complete(await idOf(store(), 'one'), payment.id);
    await store().inbox.complete(await idOf(store(), 'two'), undefined);
    for (const body of ['three', 'four']) await store().inbox.add(event(body), 'UNREADABLE');
    await addAll(store(), 'five');
    expect(await store().inbox.counts()).toEqual({ WAITING: 1, UNMATCHED: 1, UNREADABLE: 2 });
    expect(texts(await store().inbox.leaseDue(10, LEASE_MS))).toEqual(['five']);
  });

  it('knows whether a payment with a reference is being created at Flinks', async () => {
    const order = { ...newOrder(), referenceId: 'being-asked-for' };
    const isBeingCreated = () => store().statuses.isBeingAskedFor(order.referenceId);
    expect(await isBeingCreated()).toBe(false);
    const [link, mail] = [await store().beginAs({ order }), await store().beginAs({ order, deliveryMethod: 'EMAIL' })];
    await store().attempts.finish(link, STARTED, []);
    expect(await isBeingCreated()).toBe(true);
    await store().attempts.mark(mail);
    expect(await isBeingCreated()).toBe(true);
    await store().attempts.finish(mail, STARTED, []);
    expect(await isBeingCreated()).toBe(false);
    await store().begin();
    expect(await isBeingCreated()).toBe(false);
  });
}
