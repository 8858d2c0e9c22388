import { expect, it } from '@jest/globals';
import { Sensitive } from '../../../src/domain/sensitive.js';
import type { Attempt, AttemptResult } from '../../../src/domain/idempotency-key.js';
import { REFUSED, RELEASED, STARTED } from '../attempt-results.js';
import { newClaim, newOrder } from '../test-store.js';
import type { TestStore } from '../test-store.js';

const UNKNOWN = { kind: 'unknown', sessionId: new Sensitive('session') } as const;

const later = (): Date => new Date(Date.now() + 60_000);
const earlier = (): Date => new Date(Date.now() - 60_000);

async function finish(store: TestStore, ...results: AttemptResult[]): Promise<Attempt> {
  const attempt = await store.beginSend();
  for (const result of results) await store.attempts.finish(attempt, result, [new Sensitive('left')]);
  return attempt;
}

const ids = (attempts: readonly Attempt[]): string[] => attempts.map(({ payment }) => payment.id).sort();

async function keysOf(store: TestStore): Promise<string[]> {
  return (await store.rows('idempotency_keys')).map((row) => row.payment_session_id).sort();
}

/** The number of rows of a payment in each table. */
async function rowsOf(store: TestStore, { payment }: Attempt): Promise<number[]> {
  const own = (rows: { payment_session_id: string }[]): number =>
    rows.filter((row) => row.payment_session_id === payment.id).length;
  return [
    own(await store.rows('idempotency_keys')),
    (await store.rows('payment_sessions')).filter(({ id }) => id === payment.id).length,
    own(await store.rows('payment_session_events')),
    own(await store.rows('abandoned_attempts')),
  ];
}

export function retention(store: () => TestStore): void {
  it('removes everything of a key that was released before the given time', async () => {
    const released = await finish(store(), RELEASED);
    const others = [await finish(store(), STARTED), await store().begin(), await finish(store(), UNKNOWN)];
    expect(await store().retention.removeReleased(earlier())).toBe(0);
    expect(await rowsOf(store(), released)).toEqual([1, 1, 1, 1]);
    expect(await store().retention.removeReleased(later())).toBe(1);
    expect(await rowsOf(store(), released)).toEqual([0, 0, 0, 0]);
    expect(await keysOf(store())).toEqual(ids(others));
    expect(await store().retention.removeReleased(later())).toBe(0);
  });

  it('keeps a released key that was reclaimed', async () => {
    const attempt = await finish(store(), RELEASED);
    await store().attempts.reclaim(await store().record(attempt));
    expect(await store().retention.removeReleased(later())).toBe(0);
    expect(await rowsOf(store(), attempt)).toEqual([1, 1, 1, 1]);
  });

  it('lets a removed key be claimed again', async () => {
    const claim = newClaim();
    const first = await store().beginAs(claim);
    await store().attempts.finish(first, RELEASED, []);
    const firstRecord = await store().record(first);
    await store().retention.removeReleased(later());
    expect(await store().attempts.reclaim(firstRecord)).toBeUndefined();
    const second = await store().attempts.claim(claim);
    expect(second).toHaveProperty('attempt.number', 1);
    // The second attempt has the number of the first, but is another attempt.
    expect(await store().attempts.finish(first, STARTED, [])).toBeUndefined();
    expect(await store().attempts.mark(first)).toBe(false);
  });

  it('removes exactly the keys of payments that ended before the given time', async () => {
    const ended = [await finish(store(), REFUSED), await finish(store(), UNKNOWN, RELEASED)];
    const others = [
      ...[await store().begin(), await store().beginSend()],
      ...[await finish(store(), STARTED), await finish(store(), UNKNOWN), await finish(store(), RELEASED)],
      await finish(store(), UNKNOWN, STARTED),
    ];
    expect(await store().retention.removeKeys(earlier())).toBe(0);
    expect(await store().retention.removeKeys(later())).toBe(2);
    expect(await keysOf(store())).toEqual(ids(others));
    for (const attempt of ended) expect((await rowsOf(store(), attempt)).slice(0, 2)).toEqual([0, 1]);
    expect(await store().retention.removeKeys(later())).toBe(0);
  });

  it('erases the personal data of payments that ended, and nothing else', async () => {
    const ended = await finish(store(), UNKNOWN, REFUSED);
    const open = [await finish(store(), STARTED), await finish(store(), UNKNOWN), await store().begin()];
    expect(await store().retention.erasePersonalData(earlier())).toBe(0);
    expect(await store().retention.erasePersonalData(later())).toBe(1);
    expect(await store().retention.erasePersonalData(later())).toBe(0);
    const [found] = await store().payments.findPayments('anonymous', [ended.payment.id]);
    expect(found).toMatchObject({
      status: 'FAILED',
      customer: { userId: 'user-1', name: undefined, email: undefined },
      sessionId: undefined,
      amount: ended.payment.amount,
      referenceId: ended.payment.referenceId,
      clientUrls: ended.payment.clientUrls,
    });
    expect(await store().listStatuses(ended)).toEqual(['CREATING', 'OUTCOME_UNKNOWN', 'FAILED']);
    const orphans = await store().rows('abandoned_attempts');
    const erased = orphans.filter((row) => row.session_id === null).map((row) => row.payment_session_id);
    expect({ erased, kept: orphans.length - erased.length }).toEqual({
      erased: [ended.payment.id, ended.payment.id],
      kept: 2,
    });
    const payers = (await store().rows('payment_sessions')).filter((row) => row.payer_index !== null);
    expect(payers.map(({ id }) => id).sort()).toEqual(ids(open));
    const kept = await store().payments.findPayments('anonymous', ids(open));
    expect(kept.map(({ customer }) => customer.name?.reveal())).toEqual(Array(3).fill('Zoé Tremblay-Côté'));
    expect(kept.filter(({ sessionId }) => sessionId !== undefined)).toHaveLength(2);
  });

  it('erases the personal data of one user only', async () => {
    const order = newOrder();
    const userId = "o'user";
    const own = await store().beginAs({ order: { ...order, customer: { ...order.customer, userId } } });
    await store().attempts.finish(own, REFUSED, []);
    const other = await finish(store(), REFUSED);
    expect(await store().retention.erasePersonalData(later(), 'nobody')).toBe(0);
    expect(await store().retention.erasePersonalData(later(), userId)).toBe(1);
    const found = await store().payments.findPayments('anonymous', ids([own, other]));
    const names = new Map(found.map(({ customer }) => [customer.userId, customer.name?.reveal()]));
    expect(names).toEqual(
      new Map([
        [userId, undefined],
        ['user-1', 'Zoé Tremblay-Côté'],
      ]),
    );
  });

  it('erases the webhook events of payments that ended, including later ones', async () => {
    const [ended, open] = [await finish(store(), REFUSED), await finish(store(), STARTED)];
    const digests = async () => (await store().rows('webhook_inbox')).map(({ payment_session_id: id }) => id).sort();
    const receive = async ({ payment }: Attempt, text: string) => {
      await store().inbox.add(new Sensitive(Buffer.from(text)), 'WAITING');
      for (const { id } of await store().inbox.leaseDue(1, 60_000)) await store().inbox.complete(id, payment.id);
    };
    await receive(ended, 'of the one');
    await receive(open, 'of the other');
    expect(await digests()).toEqual(ids([ended, open]));
    await store().retention.erasePersonalData(later());
    expect(await digests()).toEqual([open.payment.id]);
    await receive(ended, 'late');
    expect(await digests()).toEqual([open.payment.id]);
  });

  it('removes webhook events received before the given time, except waiting ones', async () => {
    for (const text of ['waits', 'unmatched']) await store().inbox.add(new Sensitive(Buffer.from(text)), 'WAITING');
    await store().inbox.add(new Sensitive(Buffer.from('unreadable')), 'UNREADABLE');
    const [unmatched] = await store().inbox.leaseDue(1, 60_000);
    await store().inbox.complete(unmatched?.id ?? '', undefined);
    expect(await store().retention.removeWebhooks(earlier())).toBe(0);
    expect(await store().retention.removeWebhooks(later())).toBe(2);
    expect((await store().rows('webhook_inbox')).map(({ state }) => state)).toEqual(['WAITING']);
  });

  it('works in batches', async () => {
    const many = Array.from({ length: 201 }, () => store().begin());
    for (const attempt of await Promise.all(many)) await store().attempts.finish(attempt, RELEASED, []);
    expect(await store().retention.removeReleased(later())).toBe(200);
    expect(await store().retention.removeReleased(later())).toBe(1);
  });
}
