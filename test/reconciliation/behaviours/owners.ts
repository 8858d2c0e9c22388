import { expect, it } from '@jest/globals';
import type { Owner } from '../../../src/domain/api-client.js';
import type { PaymentSession } from '../../../src/domain/payment.js';
import { Sensitive } from '../../../src/domain/sensitive.js';
import type { ReconciliationException } from '../../../src/domain/reconciliation.js';
import type { TestStore } from '../../store/test-store.js';
import { DAY, NOON, exceptionsOf, fileOf, importFile, rowOf, settled } from '../daily-files.js';
import type { Row } from '../daily-files.js';

const CLIENT = 'shop';

/** Payments of a client with every kind of exception on one day, and the rows of the file. */
interface Day {
  readonly payments: readonly PaymentSession[];
  readonly rows: readonly Row[];
}

function dayWithExceptions(client: string): Day {
  const of = (name: string): PaymentSession => settled(`${client}-${name}`);
  const [differs, twice, absent, contradicted] = [of('differs'), of('twice'), of('absent'), of('contradicted')];
  const rows = [
    rowOf(differs, { amount: '250.11' }),
    ...Array<Row>(4).fill(rowOf(twice)),
    rowOf(contradicted),
    rowOf(of('stray')),
  ];
  return { payments: [differs, twice, absent, contradicted], rows };
}

async function add(store: TestStore, { payments }: Day, clientId: string): Promise<void> {
  await store.add(...payments);
  const ids = payments.map(({ id }) => id);
  const { kysely } = store.database;
  await kysely.updateTable('payment_sessions').set({ caller: clientId }).where('id', 'in', ids).execute();
  const contradicted = payments.at(-1)?.id ?? '';
  await store.statuses.apply(contradicted, { source: 'WEBHOOK', status: 'FAILED', details: undefined });
  await kysely
    .updateTable('payment_session_events')
    .set({ at: NOON.getTime() })
    .where('payment_session_id', '=', contradicted)
    .where('status', '=', 'FAILED')
    .execute();
}

/** All exceptions of an owner, read in pages of one. */
async function pagesOf(store: TestStore, owner: Owner): Promise<ReconciliationException[]> {
  const found: ReconciliationException[] = [];
  for (;;) {
    const [next, ...more] = await store.reconciliation.findExceptions(owner, DAY, 1, found.at(-1)?.key);
    expect(more).toEqual([]);
    if (next === undefined) return found;
    found.push(next);
  }
}

const KINDS = [
  'AMOUNT_MISMATCH',
  'DUPLICATE_ROW',
  'DUPLICATE_ROW',
  'DUPLICATE_ROW',
  'MISSING_IN_FILE',
  'CONFLICTING_STATUS',
];

export function owners(store: () => TestStore): void {
  it('sees the exceptions of its own payments only, all at once or in pages', async () => {
    const [own, foreign] = [dayWithExceptions('mine'), dayWithExceptions('theirs')];
    await add(store(), foreign, 'other');
    await add(store(), own, CLIENT);
    await importFile(store(), fileOf([...foreign.rows, ...own.rows]));
    const found = await store().reconciliation.findExceptions(CLIENT, DAY, 100);
    expect(found.map(({ kind }) => kind)).toEqual(KINDS);
    const ids: unknown[] = own.payments.map(({ id }) => id);
    for (const { paymentId } of found) expect(ids).toContain(paymentId);
    expect(await pagesOf(store(), CLIENT)).toEqual(found);
    expect(await store().reconciliation.findExceptions('stranger', DAY, 100)).toEqual([]);
    // Rows without a payment are for the back office, which sees everything.
    const all = await exceptionsOf(store());
    expect(all).toHaveLength(2 * KINDS.length + 2);
    expect(all.filter(({ kind }) => kind === 'MISSING_IN_GATEWAY')).toHaveLength(2);
  });

  it('cannot infer from a cursor how many exceptions other clients have', async () => {
    const [own, foreign] = [dayWithExceptions('mine'), dayWithExceptions('theirs')];
    const keysOf = async () => (await pagesOf(store(), CLIENT)).map(({ key }) => key);
    await add(store(), own, CLIENT);
    await importFile(store(), fileOf(own.rows));
    const alone = await keysOf();
    await store().empty();
    await add(store(), foreign, 'other');
    await add(store(), own, CLIENT);
    await importFile(store(), fileOf([...foreign.rows, ...own.rows]));
    expect(await keysOf()).toEqual(alone);
  });

  it.each([
    ['the reference and amount alone', undefined, []],
    ['a masked address', 's***@example.com', []],
    ['an invalid address', 'on file', []],
    ['the address as well', 'alex@example.com', ['STATUS_MISMATCH']],
    ['the address after a name', 'Alex <ALEX@example.com>', ['STATUS_MISMATCH']],
  ])('sees a row without an id only when it is certainly about its payment: %s', async (_, email, kinds) => {
    const customer = { userId: 'user-1', name: new Sensitive('Alex'), email: new Sensitive('alex@example.com') };
    const payment = settled('one', { paymentRequestId: undefined, customer });
    await store().add(payment);
    await store().database.kysely.updateTable('payment_sessions').set({ caller: CLIENT }).execute();
    await importFile(store(), fileOf([rowOf(payment, { email, status: 'Failed' })]));
    expect((await exceptionsOf(store())).map(({ kind }) => kind)).toEqual(['STATUS_MISMATCH']);
    expect((await store().reconciliation.findExceptions(CLIENT, DAY, 100)).map(({ kind }) => kind)).toEqual(kinds);
  });

  it('sees the payers of the other rows when that of one row cannot be read', async () => {
    const payments = [settled('one'), settled('two')];
    await store().add(...payments);
    await importFile(store(), fileOf(payments.map((payment) => rowOf(payment, { status: 'Failed' }))));
    const { kysely } = store().database;
    await kysely.updateTable('reconciliation_rows').set({ payer: 'lost.AAAA' }).where('line', '=', 2).execute();
    const payers = (await exceptionsOf(store())).flatMap((exception) =>
      'row' in exception ? exception.row.payer : [],
    );
    expect(payers.map(({ isUnreadable = false, email }) => [isUnreadable, email === undefined]).sort()).toEqual([
      [false, false],
      [true, true],
    ]);
  });
}
