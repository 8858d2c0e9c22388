import { randomUUID } from 'node:crypto';
import { expect, it } from '@jest/globals';
import { Sensitive } from '../../../src/domain/sensitive.js';
import type { Attempt } from '../../../src/domain/idempotency-key.js';
import { newOrder } from '../test-store.js';
import type { TestStore } from '../test-store.js';

const SUFFIXED = /^LOAN-1-x[0-9a-f]{10}$/;

/** By what Flinks is to know a payment of a client. */
async function claimed(store: TestStore, caller: string, referenceId: string): Promise<string> {
  const { payment } = await store.beginAs({ clientId: caller, order: { ...newOrder(), referenceId } });
  const [row] = (await store.rows('payment_sessions')).filter(({ id }) => id === payment.id);
  expect(`${row?.reference_id}${row?.reference_suffix}`).toBe(payment.upstreamReferenceId);
  expect(payment.referenceId).toBe(referenceId);
  return payment.upstreamReferenceId;
}

async function emailed(store: TestStore, session = randomUUID()): Promise<Attempt> {
  const attempt = await store.beginSend();
  const result = { kind: 'started', sessionId: new Sensitive(session), paymentRequestId: undefined } as const;
  await store.attempts.finish(attempt, result, []);
  return attempt;
}

export function identity(store: () => TestStore): void {
  it('sends a reference as it is for the first client, and with a suffix for every other one', async () => {
    expect(await claimed(store(), 'shop', 'LOAN-1')).toBe('LOAN-1');
    const copied = await claimed(store(), 'copier', 'LOAN-1');
    expect(copied).toMatch(SUFFIXED);
    expect(await claimed(store(), 'third', 'LOAN-1')).not.toBe(copied);
    // Finance can group the payments of one client and reference.
    expect(await claimed(store(), 'copier', 'LOAN-1')).toBe(copied);
    expect(await claimed(store(), 'shop', 'LOAN-1')).toBe('LOAN-1');
  });

  it('takes references for the same whatever their case and composition', async () => {
    await claimed(store(), 'shop', 'Prêt-1'.normalize('NFC'));
    for (const spelling of ['PRêT-1'.normalize('NFC'), 'Prêt-1'.normalize('NFD')])
      expect(await claimed(store(), 'copier', spelling)).toMatch(/-x[0-9a-f]{10}$/);
    expect(await claimed(store(), 'shop', 'prêt-1'.normalize('NFD'))).toBe('prêt-1'.normalize('NFD'));
  });

  it('lets no client write what was made for another one', async () => {
    await claimed(store(), 'shop', 'LOAN-1');
    const copied = await claimed(store(), 'copier', 'LOAN-1');
    const forged = await claimed(store(), 'forger', copied);
    expect(forged).not.toBe(copied);
    expect(forged.startsWith(copied)).toBe(true);
  });

  it('leaves a reference to the client that used it at a replica which notes no owners', async () => {
    await claimed(store(), 'shop', 'LOAN-1');
    await store().database.kysely.deleteFrom('payment_references').execute();
    expect(await claimed(store(), 'copier', 'LOAN-1')).toMatch(SUFFIXED);
    expect(await claimed(store(), 'copier', 'LOAN-1')).toMatch(SUFFIXED);
    expect(await claimed(store(), 'shop', 'LOAN-1')).toBe('LOAN-1');
    expect(await claimed(store(), 'copier', 'LOAN-1')).toMatch(SUFFIXED);
  });

  it('decides between clients that use a reference first in the same moment', async () => {
    const clients = ['a', 'a', 'b', 'b', 'c', 'c'];
    const sent = await Promise.all(clients.map((client) => claimed(store(), client, 'LOAN-1')));
    const plain = clients.filter((_, index) => sent[index] === 'LOAN-1');
    expect(plain).toHaveLength(2);
    expect(new Set(plain).size).toBe(1);
    expect(new Set(sent).size).toBe(3);
  });

  it('keeps an id of Flinks’s for the payment that had it first', async () => {
    const [first, second] = [await emailed(store()), await emailed(store())];
    const learnt = { source: 'POLL', status: undefined, details: undefined, paymentRequestId: randomUUID() } as const;
    await store().statuses.apply(first.payment.id, learnt);
    const upper = learnt.paymentRequestId.toUpperCase();
    await store().statuses.apply(second.payment.id, { ...learnt, paymentRequestId: upper });
    const created = await store().begin();
    const answer = { kind: 'started', sessionId: new Sensitive(randomUUID()), paymentRequestId: upper } as const;
    expect((await store().attempts.finish(created, answer, []))?.state).toBe('DONE');
    const found = await store().statuses.find([first, second, created].map(({ payment }) => payment.id));
    expect(found.flatMap(({ paymentRequestId }) => paymentRequestId ?? [])).toEqual([learnt.paymentRequestId]);
  });

  it('keeps an id that was learnt before the answer of the send came', async () => {
    const attempt = await store().beginSend();
    await store().attempts.finish(attempt, { kind: 'unknown', sessionId: undefined }, []);
    const paymentRequestId = randomUUID();
    const news = { source: 'WEBHOOK', status: 'INITIATED', details: undefined, paymentRequestId } as const;
    await store().statuses.apply(attempt.payment.id, news);
    const late = { kind: 'started', sessionId: new Sensitive(randomUUID()), paymentRequestId: undefined } as const;
    await store().attempts.finish(attempt, late, []);
    const [payment] = await store().statuses.find([attempt.payment.id]);
    expect([payment?.paymentRequestId, payment?.sessionId?.reveal()]).toEqual([
      paymentRequestId,
      late.sessionId.reveal(),
    ]);
  });

  it('keeps a session for the payment that had it first', async () => {
    const session = randomUUID();
    const [first, second] = [await emailed(store(), session), await store().beginSend()];
    await store().attempts.finish(second, { kind: 'unknown', sessionId: undefined }, []);
    const sessionId = new Sensitive(session.toUpperCase());
    await store().statuses.apply(second.payment.id, {
      source: 'POLL',
      status: undefined,
      details: undefined,
      sessionId,
    });
    const found = await store().statuses.find([first.payment.id, second.payment.id]);
    expect(found.flatMap((payment) => payment.sessionId?.reveal() ?? [])).toEqual([session]);
  });

  it('notes once what was told of a payment and cannot be true of it', async () => {
    const { payment } = await emailed(store());
    const mismatch = { field: 'AMOUNT', recordedValue: '250.10', reportedValue: '1.00' } as const;
    expect(await store().statuses.noteMismatch(payment.id, 'WEBHOOK', mismatch)).toBe(true);
    expect(await store().statuses.noteMismatch(payment.id, 'WEBHOOK', mismatch)).toBe(false);
    expect(await store().statuses.noteMismatch(payment.id, 'WEBHOOK', { ...mismatch, reportedValue: '2.00' })).toBe(
      true,
    );
    expect(await store().statuses.noteMismatch(payment.id, 'POLL', mismatch)).toBe(true);
    expect(await store().rows('payment_mismatches')).toHaveLength(3);
  });
}
