import { expect, it } from '@jest/globals';
import { ApplyStatusUpdate } from '../../../src/payments/status/apply-status-update.js';
import { ResolveUnknown } from '../../../src/payments/status/resolve-unknown.js';
import type { PaymentSession } from '../../../src/domain/payment.js';
import { DAY_MS } from '../../../src/lib/duration.js';
import { ExpireUnknown } from '../../../src/reconciliation/expire-unknown.js';
import type { TestStore } from '../../store/test-store.js';
import { silentLog } from '../../support/silent-log.js';
import { NOON, TORONTO, fileOf, importFile, rowOf, settled } from '../daily-files.js';

/** Payments may expire two days after they were created. */
const EXPIRES_AFTER_MS = 2 * DAY_MS;
const DAYS = ['2026-06-04', '2026-06-05', '2026-06-06'];
const LONG_AFTER = new Date('2026-07-01T00:00:00Z');

const unknown = (reference: string): PaymentSession =>
  settled(reference, { status: 'OUTCOME_UNKNOWN', deliveryMethod: 'EMAIL', paymentRequestId: undefined });

const updatesOf = (store: TestStore) => new ApplyStatusUpdate(store.statuses, () => undefined, silentLog);

async function expire(store: TestStore, now = LONG_AFTER): Promise<void> {
  await new ExpireUnknown(store.reconciliation, updatesOf(store), TORONTO, EXPIRES_AFTER_MS).run(now);
}

async function importDays(store: TestStore, days: readonly string[], file = ''): Promise<void> {
  for (const day of days) await importFile(store, file || fileOf([]), { day });
}

const statusOf = async (store: TestStore, { id }: PaymentSession) => (await store.statuses.find([id]))[0]?.status;
const lastEvent = async (store: TestStore, { id }: PaymentSession) =>
  (await store.payments.findEvents([id])).get(id)?.at(-1);

export function unknowns(store: () => TestStore): void {
  it('are resolved by a row that matches exactly one of them', async () => {
    const payment = unknown('one');
    await store().add(payment);
    await importFile(store(), fileOf([rowOf(payment, { requestId: 'r', status: 'Accepted' })]));
    expect((await store().statuses.find([payment.id]))[0]).toMatchObject({ status: 'ACCEPTED' });
    expect(await lastEvent(store(), payment)).toMatchObject({ source: 'RECONCILIATION' });
  });

  it('expire once the files of all possible days are imported and none contains them', async () => {
    const payment = unknown('one');
    await store().add(payment);
    await importDays(store(), DAYS.slice(0, 2));
    await expire(store());
    expect(await statusOf(store(), payment)).toBe('OUTCOME_UNKNOWN');
    await importDays(store(), DAYS.slice(2));
    await expire(store(), new Date(NOON.getTime() + 47 * 3_600_000));
    expect(await statusOf(store(), payment)).toBe('OUTCOME_UNKNOWN');
    await expire(store());
    expect(await lastEvent(store(), payment)).toMatchObject({
      status: 'EXPIRED',
      source: 'GATEWAY',
      message: 'no daily file from 2026-06-04 to 2026-06-06 has it',
    });
  });

  it('expire even when many earlier ones cannot expire', async () => {
    const early = Array.from({ length: 101 }, (_, index) => ({
      ...unknown(`early-${index}`),
      createdAt: new Date(NOON.getTime() - 72 * 3_600_000),
    }));
    const payment = unknown('one');
    await store().add(...early, payment);
    await importDays(store(), DAYS);
    await expire(store());
    expect(await statusOf(store(), payment)).toBe('EXPIRED');
    expect(await statusOf(store(), early[0] ?? payment)).toBe('OUTCOME_UNKNOWN');
  });

  it('do not expire while a row may belong to them', async () => {
    const [twin, other, mismatched] = [unknown('twin'), unknown('twin'), unknown('mismatched')];
    await store().add(twin, other, mismatched);
    await importFile(
      store(),
      fileOf([rowOf(twin, { status: 'Failed' }), rowOf(mismatched, { status: 'Settled', amount: '1.00' })]),
    );
    await importDays(store(), DAYS.slice(1));
    await expire(store());
    for (const payment of [twin, other, mismatched]) expect(await statusOf(store(), payment)).toBe('OUTCOME_UNKNOWN');
  });

  it('can be resolved by an operator, while other payments cannot', async () => {
    const [payment, known] = [unknown('one'), settled('two')];
    await store().add(payment, known);
    const resolve = new ResolveUnknown(store().statuses, updatesOf(store()));
    const resolution = { status: 'FAILED', reason: 'Flinks support: never created', by: 'sam' } as const;
    expect(await resolve.run('ps_none', resolution)).toEqual({ kind: 'not-found' });
    expect(await resolve.run(known.id, resolution)).toEqual({ kind: 'rejected', status: 'SETTLED' });
    expect(await resolve.run(payment.id, resolution)).toEqual({ kind: 'resolved' });
    expect(await resolve.run(payment.id, resolution)).toEqual({ kind: 'rejected', status: 'FAILED' });
    expect(await lastEvent(store(), payment)).toMatchObject({
      status: 'FAILED',
      source: 'OPERATOR',
      actor: 'sam',
      message: 'Flinks support: never created',
    });
  });

  it('do not expire when another status update is applied first', async () => {
    const payment = unknown('one');
    await store().add(payment);
    await store().statuses.apply(payment.id, { source: 'WEBHOOK', status: 'PROCESSING', details: undefined });
    const result = await store().statuses.apply(payment.id, {
      source: 'GATEWAY',
      status: 'EXPIRED',
      details: undefined,
      onlyIf: 'OUTCOME_UNKNOWN',
    });
    expect(result).toMatchObject({ effect: 'stale', payment: { status: 'PROCESSING' } });
  });
}
