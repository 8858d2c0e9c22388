import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { pino } from 'pino';
import type { PaymentDetails, PaymentSession } from '../../src/domain/payment.js';
import type { PaymentSessionStatus } from '../../src/domain/payment-status.js';
import { Sensitive } from '../../src/domain/sensitive.js';
import { NO_IDENTITY } from '../../src/domain/payment-mismatch.js';
import type { PaymentIdentity } from '../../src/domain/payment-mismatch.js';
import type { Lookups } from '../../src/flinks/lookups.js';
import { ApplyStatusUpdate } from '../../src/payments/status/apply-status-update.js';
import { ApplyWebhook } from '../../src/payments/webhooks/apply-webhook.js';
import { StatusRefresh } from '../../src/payments/status/status-refresh.js';
import type { Attempt } from '../../src/domain/idempotency-key.js';
import { STARTED, UNKNOWN } from '../store/attempt-results.js';
import { TestStore, newOrder } from '../store/test-store.js';
import { silentLog } from '../support/silent-log.js';

const HOUR_MS = 3_600_000;
const NIL = '00000000-0000-0000-0000-000000000000';

let store: TestStore;
let news: ApplyStatusUpdate;
/** What Flinks answers when it is asked, if it does. */
let answer: PaymentSessionStatus | 'no-response';
/** The requests that it was asked for. */
let asked: string[];
/** The warnings that were logged. */
let warnings: { msg: string; fields?: string[] }[];

beforeAll(async () => {
  store = await TestStore.open('sqlite::memory:');
  news = new ApplyStatusUpdate(store.statuses, () => undefined, silentLog);
});
beforeEach(async () => {
  await store.empty();
  [answer, asked, answered, warnings] = ['no-response', [], {}, []];
});
afterAll(() => store.close());

/** What the answer says of whose it is. */
let answered: Partial<PaymentIdentity>;

/** Flinks, who knows whatever request it is asked for. */
const lookups: Pick<Lookups, 'canLookup' | 'lookup'> = {
  canLookup: ({ paymentRequestId }) => paymentRequestId !== undefined,
  lookup: (ids) => {
    if (ids.paymentRequestId === undefined) return undefined;
    asked.push(ids.paymentRequestId);
    const result =
      answer === 'no-response'
        ? ({ kind: 'rejected', status: 404, message: 'not found' } as const)
        : ({
            kind: 'succeeded',
            value: {
              status: answer,
              providerStatus: answer,
              details: undefined,
              identity: { ...NO_IDENTITY, ...answered },
            },
          } as const);
    return Promise.resolve(result);
  },
};

const warningLog = pino(
  { level: 'warn' },
  { write: (line: string) => warnings.push(JSON.parse(line) as (typeof warnings)[number]) },
);

/** Receives an event that came so long ago, acts upon it once, and tells how it is kept then. */
async function receive(body: object, { ageMs = 0, believed = false, opens = true } = {}) {
  const refresh = new StatusRefresh(lookups, news, store.due, HOUR_MS, silentLog);
  const webhook = new ApplyWebhook(store.inbox, store.statuses, refresh, news, believed, warningLog);
  const bytes = Buffer.from(JSON.stringify({ ...body, nonce: randomUUID() }));
  await store.inbox.add(new Sensitive(bytes), 'WAITING');
  const event = (await store.inbox.leaseDue(100, HOUR_MS)).find(({ body: each }) => each?.reveal().equals(bytes));
  if (event === undefined) throw new Error('it is not due');
  const beforeMs = Date.now();
  await webhook.apply({ ...event, ageMs, ...(opens ? {} : { body: undefined }) });
  const row = (await store.rows('webhook_inbox')).find(({ digest }) => digest === event.id);
  const { state, payment_session_id: paymentId, next_attempt_at: next } = row ?? {};
  return { state, paymentId, waitMs: typeof next === 'number' ? Math.round((next - beforeMs) / 1_000) * 1_000 : null };
}

const told = (status: string | undefined, change: object = {}) => ({
  status,
  when: new Date().toISOString(),
  ...change,
});

/** A payment that Flinks has: by a link with all ids, or by e-mail with those that are given. */
async function linked(order: PaymentDetails = newOrder()): Promise<Attempt> {
  const attempt = await store.beginAs({ order });
  await store.attempts.finish(attempt, { ...STARTED, paymentRequestId: 'request-1' }, []);
  return attempt;
}
async function emailed(result = { ...STARTED, sessionId: new Sensitive('session-1') }): Promise<Attempt> {
  const attempt = await store.beginSend();
  await store.attempts.finish(attempt, result, []);
  return attempt;
}
async function unknown(): Promise<Attempt> {
  const attempt = await store.beginSend();
  await store.attempts.finish(attempt, UNKNOWN, []);
  return attempt;
}

/** Makes all payments older than any event. */
async function madeLongAgo(): Promise<void> {
  await store.database.kysely.updateTable('payment_sessions').set({ created_at: 0 }).execute();
}

async function read({ payment }: Attempt): Promise<PaymentSession | undefined> {
  return (await store.payments.findPayments('anonymous', [payment.id]))[0];
}

const DONE = { state: 'DONE', waitMs: null };
const REFERENCE = { referenceId: 'LOAN-1042', amount: 250.1 };

describe('an event that this replica cannot open', () => {
  it('is left to others for a day', async () => {
    await linked();
    const settled = told('Settled', { requestId: 'request-1' });
    expect(await receive(settled, { opens: false })).toMatchObject({ state: 'WAITING', waitMs: 1_000 });
    expect(await receive(settled, { opens: false, ageMs: 24 * HOUR_MS })).toMatchObject({ state: 'UNMATCHED' });
    expect(asked).toEqual([]);
  });
});

describe('an event of a payment that can be looked up', () => {
  it('has Flinks asked, whose answer counts', async () => {
    const attempt = await linked();
    answer = 'PROCESSING';
    expect(await receive(told('Processing', { requestId: 'request-1' }))).toEqual({
      ...DONE,
      paymentId: attempt.payment.id,
    });
    expect(asked).toHaveLength(1);
    expect((await read(attempt))?.status).toBe('PROCESSING');
  });

  it('is tried again while the answer lags behind it, for a while', async () => {
    const attempt = await linked();
    answer = 'PROCESSING';
    const settled = told('Settled', { requestId: 'request-1' });
    expect(await receive(settled)).toMatchObject({ state: 'WAITING', waitMs: 1_000 });
    expect(await receive(settled, { ageMs: 61_000 })).toMatchObject(DONE);
    expect((await read(attempt))?.status).toBe('PROCESSING');
  });

  it('is tried again while Flinks does not answer, and counts in the end', async () => {
    const attempt = await linked();
    const accepted = told('Accepted', { requestId: 'request-1' });
    expect(await receive(accepted)).toMatchObject({ state: 'WAITING', waitMs: 1_000 });
    expect(await receive(accepted, { ageMs: 60_000 })).toMatchObject({ state: 'WAITING', waitMs: 30_000 });
    expect(await receive(accepted, { ageMs: 23 * HOUR_MS })).toMatchObject({ state: 'WAITING', waitMs: 300_000 });
    expect((await read(attempt))?.status).toBe('INITIATED');
    expect(await receive(accepted, { ageMs: 24 * HOUR_MS })).toMatchObject(DONE);
    expect((await read(attempt))?.status).toBe('ACCEPTED');
  });

  it('needs no answer when it is over, and the event says no more', async () => {
    const attempt = await linked();
    await news.apply(attempt.payment, { source: 'POLL', status: 'SETTLED', details: undefined });
    for (const word of ['Settled', 'Processing'])
      expect(await receive(told(word, { requestId: 'request-1' }))).toMatchObject(DONE);
    expect(asked).toEqual([]);
    answer = 'SETTLED';
    for (const word of ['Failed', 'Teleported', undefined])
      expect(await receive(told(word, { requestId: 'request-1' }))).toMatchObject(DONE);
    expect(asked).toHaveLength(3);
  });

  it('counts itself where the profile says so, if it has a time', async () => {
    const attempt = await linked();
    answer = 'PROCESSING';
    expect(await receive({ requestId: 'request-1', status: 'Settled' }, { believed: true })).toMatchObject({
      state: 'WAITING',
    });
    expect((await read(attempt))?.status).toBe('PROCESSING');
    expect(await receive(told('Accepted', { requestId: 'request-1' }), { believed: true })).toMatchObject(DONE);
    expect(asked).toHaveLength(1);
    expect((await read(attempt))?.status).toBe('ACCEPTED');
  });
});

describe('an event of a payment that cannot be looked up', () => {
  it('counts itself, if it has a time', async () => {
    const attempt = await emailed();
    expect(await receive({ sessionId: 'session-1', status: 'Settled' })).toMatchObject(DONE);
    expect((await read(attempt))?.status).toBe('INITIATED');
    expect(await receive(told('Failed', { sessionId: 'session-1', statusDetails: 'EFT0403' }))).toMatchObject(DONE);
    expect(await read(attempt)).toMatchObject({ status: 'FAILED', statusDetails: 'EFT0403' });
  });

  it('tells the id by which it can be', async () => {
    const attempt = await emailed();
    [answer, answered] = ['PROCESSING', { referenceId: 'LOAN-1042' }];
    expect(await receive(told('Processing', { sessionId: 'session-1', requestId: 'request-9' }))).toMatchObject(DONE);
    expect(asked).toEqual(['request-9']);
    expect(await read(attempt)).toMatchObject({ status: 'PROCESSING', paymentRequestId: 'request-9' });
  });

  it('tells an id that nothing proves, and counts itself', async () => {
    const attempt = await emailed();
    answer = 'SETTLED';
    expect(await receive(told('Accepted', { sessionId: 'session-1', requestId: 'request-9' }))).toMatchObject(DONE);
    expect(await read(attempt)).toMatchObject({ status: 'ACCEPTED', paymentRequestId: undefined });
  });

  it.each<Partial<PaymentIdentity>>([{ referenceId: 'OTHER' }, { referenceId: 'LOAN-1042', amountMinor: 1 }])(
    'tells an id that is somebody else’s, and moves nothing: %j',
    async (identity) => {
      const attempt = await emailed();
      [answer, answered] = ['SETTLED', identity];
      expect(await receive(told('Settled', { ...REFERENCE, requestId: 'request-9' }))).toMatchObject(DONE);
      expect(await read(attempt)).toMatchObject({ status: 'INITIATED', paymentRequestId: undefined });
      expect(await store.rows('payment_mismatches')).toMatchObject([
        { payment_session_id: attempt.payment.id, source: 'WEBHOOK' },
      ]);
    },
  );

  it('tells an id of its own, which is tried and hinders nothing', async () => {
    const attempt = await emailed();
    expect(await receive(told('Processing', { ...REFERENCE, id: 'evt-1' }))).toMatchObject(DONE);
    expect(await read(attempt)).toMatchObject({ status: 'PROCESSING', paymentRequestId: undefined });
    expect(await store.rows('payment_mismatches')).toEqual([]);
    // Unless it is the id of another payment.
    [answer, answered] = ['SETTLED', { referenceId: 'OTHER' }];
    expect(await receive(told('Settled', { ...REFERENCE, id: 'evt-2' }))).toMatchObject(DONE);
    expect(await read(attempt)).toMatchObject({ status: 'PROCESSING' });
    expect(asked).toEqual(['evt-1', 'evt-2']);
  });

  it.each([
    ['names an id that nothing proves', { requestId: 'request-9' }],
    ['names an id that Flinks does not know', { id: 'request-9' }],
  ])('tells too little where it %s beside a reference', async (_, ids) => {
    const attempt = await emailed();
    await madeLongAgo();
    answer = 'requestId' in ids ? 'SETTLED' : 'no-response';
    const event = told('Settled', { referenceId: 'LOAN-1042', ...ids });
    expect(await receive(event)).toMatchObject({ state: 'WAITING' });
    expect(await receive(event, { ageMs: 24 * HOUR_MS })).toMatchObject(DONE);
    expect((await read(attempt))?.status).toBe('INITIATED');
  });

  it('is of no payment that was made after it was told, or had come', async () => {
    const attempt = await emailed();
    for (const event of [
      { ...REFERENCE, status: 'Settled', when: new Date(Date.now() - HOUR_MS).toISOString() },
      told('Settled', REFERENCE),
    ])
      expect(await receive(event, { ageMs: HOUR_MS })).toMatchObject({ state: 'WAITING' });
    expect((await read(attempt))?.status).toBe('INITIATED');
  });

  it('is of the one that it describes beside fields that hold no id, which are warned of once', async () => {
    const attempt = await emailed();
    const event = told('Processing', { ...REFERENCE, requestId: 'N/A', sessionId: NIL });
    expect(await receive(event)).toMatchObject(DONE);
    expect((await read(attempt))?.status).toBe('PROCESSING');
    const warning = {
      msg: 'webhook event has id fields without a valid id; they are ignored',
      fields: ['paymentRequestId', 'sessionId'],
    };
    expect(warnings).toMatchObject([warning]);
    await receive(event, { ageMs: 2_000 });
    expect(warnings).toMatchObject([warning]);
  });

  it('moves an UNKNOWN one, found by reference and amount', async () => {
    const attempt = await unknown();
    const event = told('Initiated', { ...REFERENCE, sessionId: 'session-1' });
    expect(await receive({ ...event, amount: 250.11 })).toMatchObject({ state: 'WAITING' });
    expect((await read(attempt))?.status).toBe('OUTCOME_UNKNOWN');
    expect(await receive(event)).toMatchObject({ ...DONE, paymentId: attempt.payment.id });
    const payment = await read(attempt);
    // Nobody has proven that the session is its own.
    expect([payment?.status, payment?.sessionId?.reveal()]).toEqual(['INITIATED', undefined]);
  });
});

describe('an event of a payment that is not known', () => {
  it('waits, longer and longer, and is given up after a day', async () => {
    const event = told('Initiated', { sessionId: 'session-9' });
    expect(await receive(event)).toMatchObject({ state: 'WAITING', waitMs: 1_000 });
    expect(await receive(event, { ageMs: 10_000 })).toMatchObject({ state: 'WAITING', waitMs: 5_000 });
    expect(await receive(event, { ageMs: 12 * HOUR_MS })).toMatchObject({ state: 'WAITING', waitMs: 6 * HOUR_MS });
    expect(await receive(event, { ageMs: 24 * HOUR_MS })).toEqual({
      state: 'UNMATCHED',
      paymentId: null,
      waitMs: null,
    });
  });

  it('is not taken for that of another payment of the same reference', async () => {
    const attempt = await linked();
    expect(await receive(told('Failed', { ...REFERENCE, sessionId: 'session-9' }))).toMatchObject({ state: 'WAITING' });
    expect((await read(attempt))?.status).toBe('INITIATED');
  });

  it('is not guessed between two that fit', async () => {
    await Promise.all([unknown(), unknown()]);
    await madeLongAgo();
    const event = told('Initiated', REFERENCE);
    const warning = {
      msg: 'webhook event matches several payments and is not applied: reconcile them by the daily file',
    };
    expect(await receive(event)).toMatchObject({ state: 'WAITING' });
    expect(warnings).toMatchObject([warning]);
    expect(await receive(event, { ageMs: 12 * HOUR_MS })).toMatchObject({ state: 'WAITING' });
    expect(warnings).toMatchObject([warning]);
    expect(await receive(event, { ageMs: 24 * HOUR_MS })).toMatchObject({ state: 'UNMATCHED' });
    expect(warnings).toMatchObject([warning, warning]);
  });

  it('waits while it may be of one that Flinks is being asked for', async () => {
    const attempt = await unknown();
    const underWay = await store.beginSend();
    const event = told('Initiated', { ...REFERENCE, sessionId: 'session-2' });
    expect(await receive(event)).toMatchObject({ state: 'WAITING' });
    await store.attempts.finish(underWay, { ...STARTED, sessionId: new Sensitive('session-2') }, []);
    expect(await receive(event)).toMatchObject({ ...DONE, paymentId: underWay.payment.id });
    expect((await read(attempt))?.status).toBe('OUTCOME_UNKNOWN');
  });
});
