import { randomUUID } from 'node:crypto';
import { expect, it } from '@jest/globals';
import { Sensitive } from '../../../src/domain/sensitive.js';
import type { Attempt } from '../../../src/domain/idempotency-key.js';
import { newOrder } from '../test-store.js';
import type { TestStore } from '../test-store.js';

const SUFFIXED = /^LOAN-1-x[0-9a-f]{10}$/;

/** Claims a payment of a client and returns its reference at Flinks. */
async function upstreamReferenceFor(store: TestStore, clientId: string, referenceId: string): Promise<string> {
  const { payment } = await store.beginAs({ clientId, order: { ...newOrder(), referenceId } });
  const [row] = (await store.rows('payment_sessions')).filter(({ id }) => id === payment.id);
  expect(`${row?.reference_id}${row?.reference_suffix}`).toBe(payment.upstreamReferenceId);
  expect(payment.referenceId).toBe(referenceId);
  return payment.upstreamReferenceId;
}

async function startEmail(store: TestStore, session = randomUUID()): Promise<Attempt> {
  const attempt = await store.beginSend();
  const result = { kind: 'started', sessionId: new Sensitive(session), paymentRequestId: undefined } as const;
  await store.attempts.finish(attempt, result, []);
  return attempt;
}

export function identity(store: () => TestStore): void {
  it('uses a reference unchanged for its first client, and with a suffix for every other client', async () => {
    expect(await upstreamReferenceFor(store(), 'shop', 'LOAN-1')).toBe('LOAN-1');
    const copied = await upstreamReferenceFor(store(), 'copier', 'LOAN-1');
    expect(copied).toMatch(SUFFIXED);
    expect(await upstreamReferenceFor(store(), 'third', 'LOAN-1')).not.toBe(copied);
    // Finance can group the payments of one client and reference.
    expect(await upstreamReferenceFor(store(), 'copier', 'LOAN-1')).toBe(copied);
    expect(await upstreamReferenceFor(store(), 'shop', 'LOAN-1')).toBe('LOAN-1');
  });

  it('treats references as equal whatever their case and Unicode composition', async () => {
    await upstreamReferenceFor(store(), 'shop', 'Prêt-1'.normalize('NFC'));
    for (const spelling of ['PRêT-1'.normalize('NFC'), 'Prêt-1'.normalize('NFD')])
      expect(await upstreamReferenceFor(store(), 'copier', spelling)).toMatch(/-x[0-9a-f]{10}$/);
    expect(await upstreamReferenceFor(store(), 'shop', 'prêt-1'.normalize('NFD'))).toBe('prêt-1'.normalize('NFD'));
  });

  it('prevents a client from using a reference that was generated for another one', async () => {
    await upstreamReferenceFor(store(), 'shop', 'LOAN-1');
    const copied = await upstreamReferenceFor(store(), 'copier', 'LOAN-1');
    const forged = await upstreamReferenceFor(store(), 'forger', copied);
    expect(forged).not.toBe(copied);
    expect(forged.startsWith(copied)).toBe(true);
  });

  it('keeps a reference for the client that used it before owners were recorded', async () => {
    await upstreamReferenceFor(store(), 'shop', 'LOAN-1');
    await store().database.kysely.deleteFrom('payment_references').execute();
    expect(await upstreamReferenceFor(store(), 'copier', 'LOAN-1')).toMatch(SUFFIXED);
    expect(await upstreamReferenceFor(store(), 'copier', 'LOAN-1')).toMatch(SUFFIXED);
    expect(await upstreamReferenceFor(store(), 'shop', 'LOAN-1')).toBe('LOAN-1');
    expect(await upstreamReferenceFor(store(), 'copier', 'LOAN-1')).toMatch(SUFFIXED);
  });

  it('gives a reference to one of several clients that use it concurrently', async () => {
    const clients = ['a', 'a', 'b', 'b', 'c', 'c'];
    const sent = await Promise.all(clients.map((client) => upstreamReferenceFor(store(), client, 'LOAN-1')));
    const plain = clients.filter((_, index) => sent[index] === 'LOAN-1');
    expect(plain).toHaveLength(2);
    expect(new Set(plain).size).toBe(1);
    expect(new Set(sent).size).toBe(3);
  });

  it('keeps a payment request id for the first payment that has it', async () => {
    const [first, second] = [await startEmail(store()), await startEmail(store())];
    const update = { source: 'POLL', status: undefined, details: undefined, paymentRequestId: randomUUID() } as const;
    await store().statuses.apply(first.payment.id, update);
    const upper = update.paymentRequestId.toUpperCase();
    await store().statuses.apply(second.payment.id, { ...update, paymentRequestId: upper });
    const created = await store().begin();
    const result = { kind: 'started', sessionId: new Sensitive(randomUUID()), paymentRequestId: upper } as const;
    expect((await store().attempts.finish(created, result, []))?.state).toBe('DONE');
    const found = await store().statuses.find([first, second, created].map(({ payment }) => payment.id));
    expect(found.flatMap(({ paymentRequestId }) => paymentRequestId ?? [])).toEqual([update.paymentRequestId]);
  });

  it('keeps a payment request id that was recorded before the result of the send', async () => {
    const attempt = await store().beginSend();
    await store().attempts.finish(attempt, { kind: 'unknown', sessionId: undefined }, []);
    const paymentRequestId = randomUUID();
    const update = { source: 'WEBHOOK', status: 'INITIATED', details: undefined, paymentRequestId } as const;
    await store().statuses.apply(attempt.payment.id, update);
    const late = { kind: 'started', sessionId: new Sensitive(randomUUID()), paymentRequestId: undefined } as const;
    await store().attempts.finish(attempt, late, []);
    const [payment] = await store().statuses.find([attempt.payment.id]);
    expect([payment?.paymentRequestId, payment?.sessionId?.reveal()]).toEqual([
      paymentRequestId,
      late.sessionId.reveal(),
    ]);
  });

  it('keeps a session id for the first payment that has it', async () => {
    const session = randomUUID();
    const [first, second] = [await startEmail(store(), session), await store().beginSend()];
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

  it('has each mismatch recorded once', async () => {
    const { payment } = await startEmail(store());
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
