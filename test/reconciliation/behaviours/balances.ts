import { expect, it } from '@jest/globals';
import { isBalanced } from '../../../src/domain/reconciliation.js';
import type { PaymentSession } from '../../../src/domain/payment.js';
import type { TestStore } from '../../store/test-store.js';
import { DAY, fileOf, importFile, problemsOf, rowOf, settled } from '../daily-files.js';

const NEXT_DAY = '2026-06-05';
const LATE = new Date('2026-06-05T16:00:00Z');

async function dayOf(store: TestStore, day = DAY) {
  const found = await store.reconciliation.findDay(day);
  if (found === undefined) throw new Error('the day has no file');
  return { ...found, balanced: isBalanced(found) };
}

const fileWith = (...payments: PaymentSession[]): string => fileOf(payments.map((payment) => rowOf(payment)));

export function balances(store: () => TestStore): void {
  it('holds when the file and the gateway have settled the same payments', async () => {
    const payments = [settled('one'), settled('two'), settled('three', { status: 'FAILED' })];
    await store().add(...payments);
    await importFile(store(), fileWith(...payments));
    const total = { count: 2, amountMinor: 50_020 };
    expect(await dayOf(store())).toMatchObject({ settledInFile: total, settledInGateway: total, balanced: true });
  });

  it('does not exist before a file is imported', async () => {
    await store().add(settled('one'));
    expect(await store().reconciliation.findDay(DAY)).toBeUndefined();
    expect(await problemsOf(store())).toEqual([]);
  });

  it('holds for a day without payments', async () => {
    await importFile(store(), fileWith());
    expect(await dayOf(store())).toMatchObject({ rowCount: 0, balanced: true });
  });

  it('fails for a payment settled on the day that is in no file, until a later file contains it', async () => {
    const [here, late] = [settled('one'), settled('two')];
    await store().add(here, late);
    await importFile(store(), fileWith(here));
    expect(await problemsOf(store())).toEqual(['MISSING_IN_FILE']);
    expect(await dayOf(store())).toMatchObject({ settledInGateway: { count: 2 }, balanced: false });
    await importFile(store(), fileWith(late), { day: NEXT_DAY });
    expect(await problemsOf(store())).toEqual([]);
    expect(await dayOf(store())).toMatchObject({ settledInGateway: { count: 1 }, balanced: true });
    expect(await dayOf(store(), NEXT_DAY)).toMatchObject({ settledInGateway: { count: 1 }, balanced: true });
    await importFile(store(), fileWith(settled('stray')), { day: NEXT_DAY });
    expect(await problemsOf(store())).toEqual(['MISSING_IN_FILE']);
  });

  it('counts a payment on the day of its file even if its status was recorded a day later', async () => {
    const payment = settled('one', { updatedAt: LATE });
    await store().add(payment);
    await importFile(store(), fileWith(payment));
    await importFile(store(), fileWith(), { day: NEXT_DAY });
    expect(await dayOf(store())).toMatchObject({ settledInGateway: { count: 1 }, balanced: true });
    expect(await dayOf(store(), NEXT_DAY)).toMatchObject({ settledInGateway: { count: 0 }, balanced: true });
  });

  it('counts a late update on the day of the file', async () => {
    const payment = settled('one', { status: 'ACCEPTED' });
    await store().add(payment);
    await importFile(store(), fileOf([rowOf(payment, { status: 'Settled' })]));
    expect(await dayOf(store())).toMatchObject({ lateUpdateCount: 1, settledInGateway: { count: 1 }, balanced: true });
  });

  it('fails when the sums differ', async () => {
    const payment = settled('one');
    await store().add(payment);
    await importFile(store(), fileOf([rowOf(payment, { amount: '250.11' })]));
    expect(await dayOf(store())).toMatchObject({
      settledInFile: { count: 1, amountMinor: 25_011 },
      settledInGateway: { count: 1, amountMinor: 25_010 },
      balanced: false,
    });
  });

  it('fails when a payment is settled in the gateway but not yet in the file', async () => {
    const payment = settled('one');
    await store().add(payment);
    await importFile(store(), fileOf([rowOf(payment, { status: 'Processed' })]));
    expect(await dayOf(store())).toMatchObject({ exceptionCount: 0, balanced: false });
    await importFile(store(), fileWith(payment), { day: NEXT_DAY });
    expect(await dayOf(store())).toMatchObject({ balanced: true });
  });

  it('reports only settled payments as missing when the files contain no others', async () => {
    await store().add(settled('one'), settled('two', { status: 'FAILED' }));
    await importFile(store(), fileWith(), { settledOnly: true });
    expect(await problemsOf(store())).toEqual(['MISSING_IN_FILE']);
  });

  it('does not report payments as missing that ended without Flinks or never reached it', async () => {
    const [expired, resolved, resolvedAsPaid, never] = ['one', 'two', 'three', 'four'].map((reference) =>
      settled(reference, { status: 'OUTCOME_UNKNOWN' }),
    );
    if (!expired || !resolved || !resolvedAsPaid || !never) throw new Error('there are four');
    await store().add(expired, resolved, resolvedAsPaid, never);
    const update = { details: undefined } as const;
    await store().statuses.apply(expired.id, { ...update, source: 'GATEWAY', status: 'EXPIRED' });
    await store().statuses.apply(resolved.id, { ...update, source: 'OPERATOR', status: 'FAILED', actor: 'sam' });
    await store().statuses.apply(resolvedAsPaid.id, { ...update, source: 'OPERATOR', status: 'SETTLED', actor: 'sam' });
    await store().statuses.apply(never.id, { ...update, source: 'POLL', status: 'FAILED' });
    await store()
      .database.kysely.updateTable('payment_sessions')
      .set({ at_flinks_since: null })
      .where('id', '=', never.id)
      .execute();
    const today = new Date().toISOString().slice(0, 10);
    const yesterday = new Date(Date.now() - 24 * 3_600_000).toISOString().slice(0, 10);
    // Toronto is behind UTC.
    for (const day of [yesterday, today]) await importFile(store(), fileWith(settled(day)), { day });
    const missing = [...(await store().rows('reconciliation_absences'))].map((row) => row.payment_session_id);
    expect(missing).toEqual([resolvedAsPaid.id]);
  });

  it('lists the conflicting statuses of the day', async () => {
    const payment = settled('one', { status: 'SETTLED' });
    await store().add(payment);
    await store().statuses.apply(payment.id, { source: 'WEBHOOK', status: 'FAILED', details: undefined });
    await store()
      .database.kysely.updateTable('payment_session_events')
      .set({ at: LATE.getTime() })
      .where('status', '=', 'FAILED')
      .execute();
    await importFile(store(), fileWith(payment));
    await importFile(store(), fileWith(), { day: NEXT_DAY });
    expect(await problemsOf(store())).toEqual([]);
    expect(await problemsOf(store(), NEXT_DAY)).toEqual(['CONFLICTING_STATUS STATUS SETTLED FAILED']);
  });
}
