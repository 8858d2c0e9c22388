import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Sensitive } from '../../src/domain/sensitive.js';
import type { PaymentSession } from '../../src/domain/payment.js';
import { NO_IDENTITY } from '../../src/domain/payment-mismatch.js';
import type { IdentityField, PaymentIdentity } from '../../src/domain/payment-mismatch.js';
import { ApplyStatusUpdate } from '../../src/payments/status/apply-status-update.js';
import { StatusRefresh } from '../../src/payments/status/status-refresh.js';
import { toStored } from '../../src/store/database/stored-values.js';
import { STARTED } from '../store/attempt-results.js';
import { TestStore } from '../store/test-store.js';
import { silentLog } from '../support/silent-log.js';

const HOUR_MS = 3_600_000;

let store: TestStore;
let payment: PaymentSession;
/** The identity fields in Flinks's lookup response. */
let responseIdentity: Partial<PaymentIdentity>;
let effects: string[];
let refresh: StatusRefresh;

beforeAll(async () => {
  store = await TestStore.open('sqlite::memory:');
});
afterAll(() => store.close());

beforeEach(async () => {
  await store.empty();
  effects = [];
  const attempt = await store.begin();
  await store.attempts.finish(attempt, { ...STARTED, paymentRequestId: 'request-1' }, []);
  payment = (await store.statuses.find([attempt.payment.id]))[0] ?? attempt.payment;
  const value = { status: 'SETTLED', providerStatus: 'Settled', details: undefined } as const;
  const lookups = {
    canLookup: () => true,
    lookup: () =>
      Promise.resolve({
        kind: 'succeeded',
        value: { ...value, identity: { ...NO_IDENTITY, ...responseIdentity } },
      } as const),
  };
  const updates = new ApplyStatusUpdate(
    store.statuses,
    (source, effect) => effects.push(`${source} ${effect}`),
    silentLog,
  );
  refresh = new StatusRefresh(lookups, updates, store.due, HOUR_MS, silentLog);
});

describe('a status in a lookup response', () => {
  it.each<[IdentityField, Partial<PaymentIdentity>]>([
    ['PAYMENT_REQUEST_ID', { paymentRequestId: 'request-2' }],
    ['SESSION_ID', { sessionId: new Sensitive('another-session') }],
    ['REFERENCE_ID', { referenceId: 'another-reference' }],
    ['AMOUNT', { amountMinor: 1 }],
    ['CURRENCY', { currency: 'USD' }],
    ['CUSTOMER_EMAIL', { email: new Sensitive('sam@example.com') }],
  ])(
    'with another %s is not applied but recorded as a mismatch, and the payment is looked up again later',
    async (field, identity) => {
      responseIdentity = identity;
      expect(await refresh.refresh(payment, 'POLL')).toMatchObject({
        effect: 'mismatched',
        payment: { status: 'INITIATED' },
      });
      expect(await store.rows('payment_mismatches')).toMatchObject([
        { payment_session_id: payment.id, source: 'POLL', field: toStored(field) },
      ]);
      expect(effects).toEqual(['POLL mismatched']);
      const [row] = await store.rows('payment_sessions');
      expect(row).toMatchObject({ status: 'INITIATED', payment_request_id: 'request-1' });
      expect(row?.next_check_at).toBeGreaterThan(Date.now());
    },
  );

  it('is applied when its identity fields match the payment or are absent', async () => {
    const { upstreamReferenceId: referenceId, amount } = payment;
    for (const identity of [{}, { referenceId, amountMinor: amount.amountMinor, currency: 'CAD' }]) {
      responseIdentity = identity;
      expect(await refresh.refresh(payment, 'POLL')).toMatchObject({ payment: { status: 'SETTLED' } });
    }
    expect(effects).toEqual(['POLL applied', 'POLL stale']);
    expect(await store.rows('payment_mismatches')).toEqual([]);
  });
});
