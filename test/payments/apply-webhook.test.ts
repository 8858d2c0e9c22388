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
let updates: ApplyStatusUpdate;
/** The status in Flinks's lookup response, if it responds. */
let response: PaymentSessionStatus | 'no-response';
/** The payment requests that were looked up. */
let lookedUp: string[];
/** The warnings that were logged. */
let warnings: { msg: string; fields?: string[] }[];

beforeAll(async () => {
  store = await TestStore.open('sqlite::memory:');
  updates = new ApplyStatusUpdate(store.statuses, () => undefined, silentLog);
});
beforeEach(async () => {
  await store.empty();
  [response, lookedUp, responseIdentity, warnings] = ['no-response', [], {}, []];
});
afterAll(() => store.close());

/** The identity fields in Flinks's lookup response. */
let responseIdentity: Partial<PaymentIdentity>;

/** A Flinks stub with every payment request. */
const lookups: Pick<Lookups, 'canLookup' | 'lookup'> = {
  canLookup: ({ paymentRequestId }) => paymentRequestId !== undefined,
  lookup: (ids) => {
    if (ids.paymentRequestId === undefined) return undefined;
    lookedUp.push(ids.paymentRequestId);
    const result =
      response === 'no-response'
        ? ({ kind: 'rejected', status: 404, message: 'not found' } as const)
        : ({
            kind: 'succeeded',
            value: {
              status: response,
              providerStatus: response,
              details: undefined,
              identity: { ...NO_IDENTITY, ...responseIdentity },
            },
          } as const);
    return Promise.resolve(result);
  },
};

const warningLog = pino(
  { level: 'warn' },
  { write: (line: string) => warnings.push(JSON.parse(line) as (typeof warnings)[number]) },
);

/** Stores an event as if it had been received `ageMs` ago, processes it once, and returns its state in the inbox. */
async function receive(body: object, { ageMs = 0, trustsEvents = false, canDecrypt = true } = {}) {
  const refresh = new StatusRefresh(lookups, updates, store.due, HOUR_MS, silentLog);
  const webhook = new ApplyWebhook(store.inbox, store.statuses, refresh, updates, trustsEvents, warningLog);
  const bytes = Buffer.from(JSON.stringify({ ...body, nonce: randomUUID() }));
  await store.inbox.add(new Sensitive(bytes), 'WAITING');
  const event = (await store.inbox.leaseDue(100, HOUR_MS)).find(({ body: each }) => each?.reveal().equals(bytes));
  if (event === undefined) throw new Error('it is not due');
  const beforeMs = Date.now();
  await webhook.apply({ ...event, ageMs, ...(canDecrypt ? {} : { body: undefined }) });
  const row = (await store.rows('webhook_inbox')).find(({ digest }) => digest === event.id);
  const { state, payment_session_id: paymentId, next_attempt_at: next } = row ?? {};
  return { state, paymentId, waitMs: typeof next === 'number' ? Math.round((next - beforeMs) / 1_000) * 1_000 : null };
}

const eventOf = (status: string | undefined, change: object = {}) => ({
  status,
  when: new Date().toISOString(),
  ...change,
});

/** A payment that exists at Flinks: by link with all its ids, or by e-mail with the given ids. */
async function startLink(order: PaymentDetails = newOrder()): Promise<Attempt> {
  const attempt = await store.beginAs({ order });
  await store.attempts.finish(attempt, { ...STARTED, paymentRequestId: 'request-1' }, []);
  return attempt;
}
async function startEmail(result = { ...STARTED, sessionId: new Sensitive('session-1') }): Promise<Attempt> {
  const attempt = await store.beginSend();
  await store.attempts.finish(attempt, result, []);
  return attempt;
}
async function startUnknown(): Promise<Attempt> {
  const attempt = await store.beginSend();
  await store.attempts.finish(attempt, UNKNOWN, []);
  return attempt;
}

/** Makes all payments older than any event. */
async function makePaymentsOld(): Promise<void> {
  await store.database.kysely.updateTable('payment_sessions').set({ created_at: 0 }).execute();
}

async function read({ payment }: Attempt): Promise<PaymentSession | undefined> {
  return (await store.payments.findPayments('anonymous', [payment.id]))[0];
}

const DONE = { state: 'DONE', waitMs: null };
const REFERENCE = { referenceId: 'LOAN-1042', amount: 250.1 };

describe('a webhook event that this replica cannot decrypt', () => {
  it('is left to other replicas for a day and is then unmatched', async () => {
    await startLink();
    const settled = eventOf('Settled', { requestId: 'request-1' });
    expect(await receive(settled, { canDecrypt: false })).toMatchObject({ state: 'WAITING', waitMs: 1_000 });
    expect(await receive(settled, { canDecrypt: false, ageMs: 24 * HOUR_MS })).toMatchObject({ state: 'UNMATCHED' });
    expect(lookedUp).toEqual([]);
  });
});

describe('a webhook event of a payment that can be looked up', () => {
  it('triggers a lookup, whose status is applied', async () => {
    const attempt = await startLink();
    response = 'PROCESSING';
    expect(await receive(eventOf('Processing', { requestId: 'request-1' }))).toEqual({
      ...DONE,
      paymentId: attempt.payment.id,
    });
    expect(lookedUp).toHaveLength(1);
    expect((await read(attempt))?.status).toBe('PROCESSING');
  });

  it('is retried for a minute while the lookup lags behind it', async () => {
    const attempt = await startLink();
    response = 'PROCESSING';
    const settled = eventOf('Settled', { requestId: 'request-1' });
    expect(await receive(settled)).toMatchObject({ state: 'WAITING', waitMs: 1_000 });
    expect(await receive(settled, { ageMs: 61_000 })).toMatchObject(DONE);
    expect((await read(attempt))?.status).toBe('PROCESSING');
  });

  it('is retried while the lookup fails, and its own status is applied after a day', async () => {
    const attempt = await startLink();
    const accepted = eventOf('Accepted', { requestId: 'request-1' });
    expect(await receive(accepted)).toMatchObject({ state: 'WAITING', waitMs: 1_000 });
    expect(await receive(accepted, { ageMs: 60_000 })).toMatchObject({ state: 'WAITING', waitMs: 30_000 });
    expect(await receive(accepted, { ageMs: 23 * HOUR_MS })).toMatchObject({ state: 'WAITING', waitMs: 300_000 });
    expect((await read(attempt))?.status).toBe('INITIATED');
    expect(await receive(accepted, { ageMs: 24 * HOUR_MS })).toMatchObject(DONE);
    expect((await read(attempt))?.status).toBe('ACCEPTED');
  });

  it('triggers no lookup when the payment is final and the event has nothing new', async () => {
    const attempt = await startLink();
    await updates.apply(attempt.payment, { source: 'POLL', status: 'SETTLED', details: undefined });
    for (const status of ['Settled', 'Processing'])
      expect(await receive(eventOf(status, { requestId: 'request-1' }))).toMatchObject(DONE);
    expect(lookedUp).toEqual([]);
    response = 'SETTLED';
    for (const status of ['Failed', 'Teleported', undefined])
      expect(await receive(eventOf(status, { requestId: 'request-1' }))).toMatchObject(DONE);
    expect(lookedUp).toHaveLength(3);
  });

  it('has its own status applied if the API variant trusts events and the event has a time', async () => {
    const attempt = await startLink();
    response = 'PROCESSING';
    expect(await receive({ requestId: 'request-1', status: 'Settled' }, { trustsEvents: true })).toMatchObject({
      state: 'WAITING',
    });
    expect((await read(attempt))?.status).toBe('PROCESSING');
    expect(await receive(eventOf('Accepted', { requestId: 'request-1' }), { trustsEvents: true })).toMatchObject(DONE);
    expect(lookedUp).toHaveLength(1);
    expect((await read(attempt))?.status).toBe('ACCEPTED');
  });
});

describe('a webhook event of a payment that cannot be looked up', () => {
  it('has its own status applied if it has a time', async () => {
    const attempt = await startEmail();
    expect(await receive({ sessionId: 'session-1', status: 'Settled' })).toMatchObject(DONE);
    expect((await read(attempt))?.status).toBe('INITIATED');
    expect(await receive(eventOf('Failed', { sessionId: 'session-1', statusDetails: 'EFT0403' }))).toMatchObject(DONE);
    expect(await read(attempt)).toMatchObject({ status: 'FAILED', statusDetails: 'EFT0403' });
  });

  it('provides the id with which the payment can then be looked up', async () => {
    const attempt = await startEmail();
    [response, responseIdentity] = ['PROCESSING', { referenceId: 'LOAN-1042' }];
    expect(await receive(eventOf('Processing', { sessionId: 'session-1', requestId: 'request-9' }))).toMatchObject(
      DONE,
    );
    expect(lookedUp).toEqual(['request-9']);
    expect(await read(attempt)).toMatchObject({ status: 'PROCESSING', paymentRequestId: 'request-9' });
  });

  it('has its own status applied when its payment request id cannot be proven, and the id is not recorded', async () => {
    const attempt = await startEmail();
    response = 'SETTLED';
    expect(await receive(eventOf('Accepted', { sessionId: 'session-1', requestId: 'request-9' }))).toMatchObject(DONE);
    expect(await read(attempt)).toMatchObject({ status: 'ACCEPTED', paymentRequestId: undefined });
  });

  it.each<Partial<PaymentIdentity>>([{ referenceId: 'OTHER' }, { referenceId: 'LOAN-1042', amountMinor: 1 }])(
    'changes nothing when its payment request id belongs to another payment: %j',
    async (identity) => {
      const attempt = await startEmail();
      [response, responseIdentity] = ['SETTLED', identity];
      expect(await receive(eventOf('Settled', { ...REFERENCE, requestId: 'request-9' }))).toMatchObject(DONE);
      expect(await read(attempt)).toMatchObject({ status: 'INITIATED', paymentRequestId: undefined });
      expect(await store.rows('payment_mismatches')).toMatchObject([
        { payment_session_id: attempt.payment.id, source: 'WEBHOOK' },
      ]);
    },
  );

  it('has its own id tried in a lookup, and is applied when that id is not of a payment request', async () => {
    const attempt = await startEmail();
    expect(await receive(eventOf('Processing', { ...REFERENCE, id: 'evt-1' }))).toMatchObject(DONE);
    expect(await read(attempt)).toMatchObject({ status: 'PROCESSING', paymentRequestId: undefined });
    expect(await store.rows('payment_mismatches')).toEqual([]);
    // It is not applied if that is the id of another payment.
    [response, responseIdentity] = ['SETTLED', { referenceId: 'OTHER' }];
    expect(await receive(eventOf('Settled', { ...REFERENCE, id: 'evt-2' }))).toMatchObject(DONE);
    expect(await read(attempt)).toMatchObject({ status: 'PROCESSING' });
    expect(lookedUp).toEqual(['evt-1', 'evt-2']);
  });

  it.each([
    ['has an id that cannot be proven', { requestId: 'request-9' }],
    ['has an id that Flinks does not know', { id: 'request-9' }],
  ])('is not applied when it %s beside a reference alone', async (_, ids) => {
    const attempt = await startEmail();
    await makePaymentsOld();
    response = 'requestId' in ids ? 'SETTLED' : 'no-response';
    const event = eventOf('Settled', { referenceId: 'LOAN-1042', ...ids });
    expect(await receive(event)).toMatchObject({ state: 'WAITING' });
    expect(await receive(event, { ageMs: 24 * HOUR_MS })).toMatchObject(DONE);
    expect((await read(attempt))?.status).toBe('INITIATED');
  });

  it('does not match a payment that was created after the event', async () => {
    const attempt = await startEmail();
    for (const event of [
      { ...REFERENCE, status: 'Settled', when: new Date(Date.now() - HOUR_MS).toISOString() },
      eventOf('Settled', REFERENCE),
    ])
      expect(await receive(event, { ageMs: HOUR_MS })).toMatchObject({ state: 'WAITING' });
    expect((await read(attempt))?.status).toBe('INITIATED');
  });

  it('matches by its other fields when its id fields hold no id, and a warning is logged once', async () => {
    const attempt = await startEmail();
    const event = eventOf('Processing', { ...REFERENCE, requestId: 'N/A', sessionId: NIL });
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

  it('resolves a payment whose outcome is unknown by reference and amount', async () => {
    const attempt = await startUnknown();
    const event = eventOf('Initiated', { ...REFERENCE, sessionId: 'session-1' });
    expect(await receive({ ...event, amount: 250.11 })).toMatchObject({ state: 'WAITING' });
    expect((await read(attempt))?.status).toBe('OUTCOME_UNKNOWN');
    expect(await receive(event)).toMatchObject({ ...DONE, paymentId: attempt.payment.id });
    const payment = await read(attempt);
    // Nothing proves that the session belongs to the payment.
    expect([payment?.status, payment?.sessionId?.reveal()]).toEqual(['INITIATED', undefined]);
  });
});

describe('a webhook event of an unknown payment', () => {
  it('is retried at growing intervals and unmatched after a day', async () => {
    const event = eventOf('Initiated', { sessionId: 'session-9' });
    expect(await receive(event)).toMatchObject({ state: 'WAITING', waitMs: 1_000 });
    expect(await receive(event, { ageMs: 10_000 })).toMatchObject({ state: 'WAITING', waitMs: 5_000 });
    expect(await receive(event, { ageMs: 12 * HOUR_MS })).toMatchObject({ state: 'WAITING', waitMs: 6 * HOUR_MS });
    expect(await receive(event, { ageMs: 24 * HOUR_MS })).toEqual({
      state: 'UNMATCHED',
      paymentId: null,
      waitMs: null,
    });
  });

  it('is not applied to another payment with the same reference', async () => {
    const attempt = await startLink();
    expect(await receive(eventOf('Failed', { ...REFERENCE, sessionId: 'session-9' }))).toMatchObject({
      state: 'WAITING',
    });
    expect((await read(attempt))?.status).toBe('INITIATED');
  });

  it('is not applied to either of two matching payments', async () => {
    await Promise.all([startUnknown(), startUnknown()]);
    await makePaymentsOld();
    const event = eventOf('Initiated', REFERENCE);
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

  it('waits while its payment may be one that is being created at Flinks', async () => {
    const attempt = await startUnknown();
    const inProgress = await store.beginSend();
    const event = eventOf('Initiated', { ...REFERENCE, sessionId: 'session-2' });
    expect(await receive(event)).toMatchObject({ state: 'WAITING' });
    await store.attempts.finish(inProgress, { ...STARTED, sessionId: new Sensitive('session-2') }, []);
    expect(await receive(event)).toMatchObject({ ...DONE, paymentId: inProgress.payment.id });
    expect((await read(attempt))?.status).toBe('OUTCOME_UNKNOWN');
  });
});
