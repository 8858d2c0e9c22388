import { expect, it } from '@jest/globals';
import type { PaymentDetails, PaymentSession } from '../../../src/domain/payment.js';
import { Sensitive } from '../../../src/domain/sensitive.js';
import { REFUSED, STARTED, UNKNOWN } from '../attempt-results.js';
import { EVERYTHING, newOrder } from '../test-store.js';
import type { TestStore } from '../test-store.js';

const UNUSUAL: PaymentDetails = {
  customer: {
    userId: "u';--\u00a0%_\\",
    name: new Sensitive("Łukasz O'Brien-Ωmega 李小龍 👩‍👩‍👧"),
    email: new Sensitive('a+b_%@xn--bcher-kva.example'),
  },
  amount: { amountMinor: Number.MAX_SAFE_INTEGER, currency: 'CAD' },
  referenceId: 'réf "1" \\u0041 \t😀',
  clientUrls: ['https://a.example/?q="x"&y=[1]', 'https://例え.example/%00'],
};

/** The fields of a payment, with its secrets revealed. */
function revealed({ customer, sessionId, ...payment }: PaymentSession): object {
  const { userId, name, email } = customer;
  return {
    ...payment,
    customer: { userId, name: name?.reveal(), email: email?.reveal() },
    sessionId: sessionId?.reveal(),
  };
}

export function payments(store: () => TestStore): void {
  it.each([
    ['usual', newOrder()],
    ['unusual', UNUSUAL],
    ['without URLs', { ...newOrder(), clientUrls: [] }],
  ])('has every field as it was given: %s', async (_, order) => {
    const before = Date.now();
    const attempt = await store().beginAs({ order, deliveryMethod: 'EMAIL' });
    const { userId, name, email } = order.customer;
    const expected = {
      id: attempt.payment.id,
      deliveryMethod: 'EMAIL',
      status: 'CREATING',
      referenceId: order.referenceId,
      upstreamReferenceId: order.referenceId,
      customer: { userId, name: name.reveal(), email: email.reveal() },
      amount: order.amount,
      clientUrls: order.clientUrls,
      sessionId: undefined,
      paymentRequestId: undefined,
      statusDetails: undefined,
      statusCheckedAt: undefined,
      createdAt: attempt.payment.createdAt,
      updatedAt: attempt.payment.createdAt,
    };
    const [found] = await store().payments.findPayments('anonymous', [attempt.payment.id]);
    expect(found && revealed(found)).toEqual(expected);
    expect(revealed(attempt.payment)).toEqual(expected);
    expect(found?.createdAt.getTime()).toBeGreaterThanOrEqual(before);

    const sessionId = new Sensitive('sess-ïon');
    const finished = await store().attempts.finish(
      attempt,
      { kind: 'started', sessionId, paymentRequestId: 'r-é' },
      [],
    );
    const [started] = await store().payments.findPayments('anonymous', [attempt.payment.id]);
    const updatedAt = finished?.payment.updatedAt;
    const update = { status: 'INITIATED', sessionId: 'sess-ïon', paymentRequestId: 'r-é', updatedAt };
    expect(started && revealed(started)).toEqual({ ...expected, ...update });
  });

  it('is not found by another client', async () => {
    const own = await store().begin();
    const { id: foreignId } = (await store().beginAs({ clientId: 'other' })).payment;
    const find = async (clientId: string) =>
      (await store().payments.findPayments(clientId, [foreignId, 'ps_nothing', own.payment.id])).map(({ id }) => id);
    expect(await find('anonymous')).toEqual([own.payment.id]);
    expect(await find('other')).toEqual([foreignId]);
    expect(await find('Other')).toEqual([]);
  });

  it.each([
    ['customer_name', 'gone.AAAA', 'name'],
    ['customer_email', 'AAAA', 'email'],
    ['session_id', '', 'sessionId'],
    ['client_urls', '["https://shop.example"', 'clientUrls'],
    ['client_urls', '{}', 'clientUrls'],
    ['client_urls', '[1]', 'clientUrls'],
  ] as const)('whose %s is %j is returned with the name of the unreadable field', async (column, text, field) => {
    const readable = await store().begin();
    const { payment } = await store().begin();
    const { kysely } = store().database;
    await kysely.updateTable('payment_sessions').set(column, text).where('id', '=', payment.id).execute();
    const { payments } = await store().payments.listPayments('anonymous', EVERYTHING, 10, undefined);
    expect(new Map(payments.map(({ id, unreadable }) => [id, unreadable]))).toEqual(
      new Map([
        [payment.id, [field]],
        [readable.payment.id, undefined],
      ]),
    );
    const found = await store().payments.findPayments('anonymous', [payment.id]);
    const history = await store().payments.findHistory('anonymous', payment.id, 0);
    expect([...found, history?.payment].map((each) => each?.unreadable)).toEqual([[field], [field]]);
  });

  it('keeps a value that this replica cannot unseal', async () => {
    const attempt = await store().beginExpiredSend();
    const { kysely } = store().database;
    const sealed = { session_id: 'of-another-key.AAAA' };
    await kysely.updateTable('payment_sessions').set(sealed).where('id', '=', attempt.payment.id).execute();
    await store().attempts.expireStaleAttempts();
    const [row] = (await store().rows('payment_sessions')).filter(({ id }) => id === attempt.payment.id);
    expect(row).toMatchObject({ ...sealed, status: 'UNKNOWN' });
  });

  it('has its events in order', async () => {
    const [first, second] = [await store().beginSend(), await store().begin()];
    await store().attempts.finish(first, UNKNOWN, []);
    await store().attempts.finish(second, REFUSED, []);
    const last = await store().attempts.finish(first, STARTED, []);
    const events = await store().payments.findEvents([second.payment.id, 'ps_nothing', first.payment.id]);
    expect([...events.keys()]).toEqual([second.payment.id, 'ps_nothing', first.payment.id]);
    const event = {
      source: 'GATEWAY',
      recordedAt: expect.any(Date),
      message: undefined,
      applied: true,
      actor: undefined,
    };
    expect(events.get(first.payment.id)).toEqual([
      { ...event, number: 1, status: 'CREATING', recordedAt: first.payment.createdAt, actor: 'anonymous' },
      { ...event, number: 2, status: 'OUTCOME_UNKNOWN' },
      { ...event, number: 3, status: 'INITIATED', recordedAt: last?.payment.updatedAt },
    ]);
    expect(events.get(second.payment.id)).toMatchObject([{ status: 'CREATING' }, { status: 'FAILED' }]);
    expect(events.get('ps_nothing')).toEqual([]);
  });

  it('has an id that sorts by creation', async () => {
    const ids: string[] = [];
    for (let made = 0; made < 10; made += 1) ids.push((await store().begin()).payment.id);
    expect([...ids].sort()).toEqual(ids);
  });
}
