import { randomUUID } from 'node:crypto';
import { expect, it } from '@jest/globals';
import { Sensitive } from '../../../src/domain/sensitive.js';
import type { PaymentSessionStatus } from '../../../src/domain/payment-status.js';
import type { TestStore } from '../../store/test-store.js';
import { DAY, exceptionsOf, fileOf, importFile, problemsOf, rowOf, settled } from '../daily-files.js';

const counts = async (store: TestStore) => {
  const day = await store.reconciliation.findDay(DAY);
  const { rowCount, matchedCount, lateUpdateCount, exceptionCount } = day ?? {};
  return { rowCount, matchedCount, lateUpdateCount, exceptionCount };
};

const statusOf = async (store: TestStore, id: string) => (await store.statuses.find([id]))[0]?.status;

export function matches(store: () => TestStore): void {
  it('match a payment by payment request id, whatever the case of a GUID is', async () => {
    const payment = settled('one', { paymentRequestId: randomUUID() });
    await store().add(payment);
    const requestId = payment.paymentRequestId?.toUpperCase();
    await importFile(store(), fileOf([rowOf(payment, { requestId, referenceId: '' })]));
    expect(await counts(store())).toEqual({ rowCount: 1, matchedCount: 1, lateUpdateCount: 0, exceptionCount: 0 });
  });

  it.each([
    ['REFERENCE_ID one other', { referenceId: 'other' }],
    ['CUSTOMER_EMAIL', { email: 'other@example.com' }],
  ])('that contradict their payment request id are not applied: %s', async (difference, change) => {
    const payment = settled('one', { status: 'INITIATED' });
    await store().add(payment);
    await importFile(store(), fileOf([rowOf(payment, { status: 'Settled', ...change }), rowOf(payment)]));
    expect(await problemsOf(store())).toEqual([`IDENTITY_MISMATCH ${difference}`]);
    expect(await counts(store())).toMatchObject({ matchedCount: 1, exceptionCount: 1 });
    expect(await statusOf(store(), payment.id)).toBe('INITIATED');
  });

  it.each(['00000000-0000-0000-0000-000000000000', 'NULL', '-', '0', '1.23457E+18'])(
    'have no payment request id where the cell is %s',
    async (requestId) => {
      const payments = [
        settled('one', { paymentRequestId: undefined }),
        settled('two', { paymentRequestId: undefined }),
      ];
      await store().add(...payments);
      await importFile(store(), fileOf(payments.map((payment) => rowOf(payment, { requestId }))));
      expect(await counts(store())).toMatchObject({ matchedCount: 2, exceptionCount: 0 });
    },
  );

  it('match a payment by its reference at Flinks, in any spelling', async () => {
    const guid = randomUUID();
    const unnamed = { paymentRequestId: undefined };
    const payments = [
      settled(guid, unnamed),
      settled('Prêt'.normalize('NFD'), unnamed),
      settled('LOAN-1', unnamed),
      settled('LOAN-1', { ...unnamed, upstreamReferenceId: 'LOAN-1-x0123456789' }),
    ];
    await store().add(...payments);
    const rows = [guid.toUpperCase(), 'Prêt'.normalize('NFC'), 'LOAN-1', 'LOAN-1-x0123456789'].map(
      (referenceId, index) => rowOf(payments[index] ?? settled('none'), { requestId: '', referenceId }),
    );
    await importFile(store(), fileOf(rows));
    expect(await counts(store())).toMatchObject({ matchedCount: 4, exceptionCount: 0 });
  });

  it('match a payment by reference, amount, payer and time where they have no payment request id', async () => {
    const payment = settled('one');
    const fits = rowOf(payment, { requestId: '' });
    const mismatching = [
      { ...fits, amount: '1.00', email: 'other@example.com' },
      { ...fits, email: 'other@example.com' },
      { ...fits, created: '2026-05-01' },
      { ...fits, referenceId: 'two' },
    ];
    await store().add(payment);
    await importFile(store(), fileOf([...mismatching, fits]));
    expect(await counts(store())).toMatchObject({ matchedCount: 1, exceptionCount: 4 });
    expect(await problemsOf(store())).toEqual(Array(4).fill('MISSING_IN_GATEWAY'));
  });

  it('are ambiguous when they match several payments', async () => {
    const payments = [settled('one'), settled('one', { paymentRequestId: 'request-2' })];
    await store().add(...payments);
    await importFile(store(), fileOf(payments.map((payment) => rowOf(payment, { requestId: '' }))));
    expect(await problemsOf(store())).toEqual(['AMBIGUOUS', 'AMBIGUOUS']);
  });

  it('are ambiguous when several payment requests match a payment without one', async () => {
    const payment = settled('one', { paymentRequestId: undefined });
    await store().add(payment);
    await importFile(store(), fileOf([rowOf(payment, { requestId: 'a' }), rowOf(payment, { requestId: 'b' })]));
    expect(await problemsOf(store())).toEqual(['AMBIGUOUS', 'AMBIGUOUS']);
    expect((await store().statuses.find([payment.id]))[0]?.paymentRequestId).toBeUndefined();
  });

  it.each([
    ['R-1', 'r-1', ['AMBIGUOUS', 'AMBIGUOUS']],
    ['5b0f3c1e-7a52-4d1b-9a55-2f6f0c9d1e77', '5B0F3C1E-7A52-4D1B-9A55-2F6F0C9D1E77', ['DUPLICATE_ROW']],
  ])('belong to several payment requests unless their ids are equal: %s, %s', async (one, other, problems) => {
    const payment = settled('one', { paymentRequestId: undefined });
    await store().add(payment);
    await importFile(store(), fileOf([rowOf(payment, { requestId: one }), rowOf(payment, { requestId: other })]));
    expect(await problemsOf(store())).toEqual(problems);
  });

  it('are ambiguous when too many payments have the same reference', async () => {
    const payments = Array.from({ length: 52 }, (_, index) =>
      settled('shop', { paymentRequestId: `request-${index}`, amount: { amountMinor: 100 + index, currency: 'CAD' } }),
    );
    await store().add(...payments);
    const [first, ...others] = payments.map((payment) => rowOf(payment));
    await importFile(store(), fileOf([{ ...first, requestId: '' }, ...others]));
    expect(await problemsOf(store())).toEqual(['AMBIGUOUS']);
  });

  it('with another amount are reported as a mismatch and not applied', async () => {
    const [named, unnamed] = [settled('one', { status: 'INITIATED' }), settled('two', { paymentRequestId: undefined })];
    await store().add(named, unnamed);
    await importFile(
      store(),
      fileOf([rowOf(named, { amount: '1.00', status: 'Settled' }), rowOf(unnamed, { amount: '2.00' })]),
    );
    expect((await problemsOf(store())).sort()).toEqual([
      'AMOUNT_MISMATCH AMOUNT 250.10 1.00',
      'AMOUNT_MISMATCH AMOUNT 250.10 2.00',
    ]);
    expect(await statusOf(store(), named.id)).toBe('INITIATED');
  });

  it('belong to another payment when the one with their reference already has its row', async () => {
    const payment = settled('one', { paymentRequestId: undefined });
    await store().add(payment);
    await importFile(store(), fileOf([rowOf(payment), rowOf(payment, { amount: '1.00' })]));
    expect(await counts(store())).toMatchObject({ matchedCount: 1, exceptionCount: 1 });
    expect(await problemsOf(store())).toEqual(['MISSING_IN_GATEWAY']);
  });

  it.each<[PaymentSessionStatus, string, string | undefined, PaymentSessionStatus]>([
    ['SETTLED', 'Failed', 'STATUS_MISMATCH STATUS SETTLED FAILED', 'SETTLED'],
    ['ACCEPTED', 'Expired', 'STATUS_MISMATCH STATUS ACCEPTED EXPIRED', 'ACCEPTED'],
    ['SETTLED', 'Accepted', undefined, 'SETTLED'],
    ['PROCESSING', 'Initiated', undefined, 'PROCESSING'],
  ])('about a payment that is %s are compared by rank when they say %s', async (recorded, reported, problem, after) => {
    const payment = settled('one', { status: recorded });
    await store().add(payment);
    const file = fileOf([rowOf(payment, { status: reported })]);
    for (let time = 0; time < 2; time += 1) {
      await importFile(store(), file);
      expect(await problemsOf(store())).toEqual(problem === undefined ? [] : [problem]);
    }
    expect(await statusOf(store(), payment.id)).toBe(after);
  });

  it('are late updates when they outrank the recorded status, also when imported again', async () => {
    const payment = settled('one', { status: 'PROCESSING' });
    await store().add(payment);
    const file = fileOf([rowOf(payment, { status: 'Settled' })]);
    for (let time = 0; time < 2; time += 1) {
      await importFile(store(), file);
      expect(await counts(store())).toEqual({ rowCount: 1, matchedCount: 0, lateUpdateCount: 1, exceptionCount: 0 });
    }
    const events = (await store().payments.findEvents([payment.id])).get(payment.id);
    expect(events?.map(({ status, source }) => [status, source])).toEqual([
      ['PROCESSING', 'POLL'],
      ['SETTLED', 'RECONCILIATION'],
    ]);
  });

  it('are not late updates again in the file of the next day', async () => {
    const payment = settled('one', { status: 'PROCESSING' });
    await store().add(payment);
    await importFile(store(), fileOf([rowOf(payment, { status: 'Accepted' })]));
    await importFile(store(), fileOf([rowOf(payment, { status: 'Accepted' }), rowOf(settled('x'))]), {
      day: '2026-06-05',
    });
    const next = await store().reconciliation.findDay('2026-06-05');
    expect(next).toMatchObject({ rowCount: 2, matchedCount: 1, lateUpdateCount: 0 });
  });

  it('that override a final status are late updates and conflicting statuses of the day', async () => {
    const payment = settled('one', { status: 'EXPIRED' });
    await store().add(payment);
    for (let time = 0; time < 2; time += 1) {
      await importFile(store(), fileOf([rowOf(payment, { status: 'Settled' })]));
      expect(await counts(store())).toMatchObject({ lateUpdateCount: 1, exceptionCount: 1 });
      expect(await problemsOf(store())).toEqual(['CONFLICTING_STATUS STATUS EXPIRED SETTLED']);
    }
  });

  it('about one payment are counted once', async () => {
    const payment = settled('one', { status: 'ACCEPTED' });
    await store().add(payment);
    const row = rowOf(payment, { status: 'Settled' });
    const others = [row, rowOf(payment, { status: 'Accepted' }), { ...row, amount: '1.00' }];
    await importFile(store(), fileOf([...others, row]));
    expect(await counts(store())).toMatchObject({ lateUpdateCount: 1, exceptionCount: 3 });
    expect((await problemsOf(store())).sort()).toEqual([
      'DUPLICATE_ROW',
      'DUPLICATE_ROW AMOUNT 250.10 1.00',
      'DUPLICATE_ROW STATUS SETTLED ACCEPTED',
    ]);
  });

  it('that cannot be read are reported with the invalid field, and their payment is not reported as missing', async () => {
    const payments = ['one', 'two', 'three', 'four', 'five'].map((reference) => settled(reference));
    await store().add(...payments);
    const [amount, status, created, cells, none] = payments;
    if (!amount || !status || !created || !cells || !none) throw new Error('there are five');
    const lines = fileOf([
      rowOf(amount, { amount: '12;3x' }),
      rowOf(status, { status: 'Teleported' }),
      rowOf(created, { created: '04/06/2026' }),
      { amount: '1.00', status: 'Settled' },
    ]);
    await importFile(store(), `${lines}\n${cells.paymentRequestId ?? ''},four\nwho,knows`);
    expect((await problemsOf(store())).sort()).toEqual([
      ...['AMOUNT', 'COLUMN_COUNT', 'COLUMN_COUNT', 'CREATED_AT', 'REFERENCE_ID', 'STATUS'].map(
        (field) => `INVALID_ROW ${field}`,
      ),
      'MISSING_IN_FILE',
    ]);
    const found = await exceptionsOf(store());
    const named = found.filter(({ kind }) => kind === 'INVALID_ROW').map(({ paymentId }) => paymentId);
    expect(named.filter(Boolean).sort()).toEqual([amount, status, created, cells].map(({ id }) => id).sort());
    expect(found.find(({ kind }) => kind === 'MISSING_IN_FILE')?.paymentId).toBe(none.id);
    // A cell in the place of an id may contain anything.
    expect((await store().rows('reconciliation_rows')).map((row) => row.reference_id)).not.toContain('knows');
  });

  it('store the payer encrypted', async () => {
    const stray = rowOf(settled('stray'), { email: 'secret.payer@example.com', name: 'Secret Payer' });
    await importFile(store(), fileOf([stray]));
    const [exception] = await exceptionsOf(store());
    expect(exception).toMatchObject({ kind: 'MISSING_IN_GATEWAY', row: { referenceId: 'stray', amountMinor: 25_010 } });
    const payer = exception && 'row' in exception ? exception.row.payer : undefined;
    expect([payer?.name, payer?.email].map((each) => each instanceof Sensitive && each.reveal())).toEqual([
      'Secret Payer',
      'secret.payer@example.com',
    ]);
    expect(JSON.stringify(await store().rows('reconciliation_rows'))).not.toMatch(/secret/i);
  });
}
