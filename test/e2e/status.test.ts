import { describe, expect, it } from '@jest/globals';
import { PAYMENT_SESSION_STATUSES, areFundsGuaranteed } from '../../src/domain/payment-status.js';
import type { PaymentSessionStatus } from '../../src/domain/payment-status.js';
import { MAX_LOOKUPS_IN_FLIGHT } from '../../src/flinks/lookups.js';
import { withSandbox } from '../support/fixture.js';
import type { TestGateway } from '../support/gateway.js';
import { CREATION, SEND, newInput, pay, paymentIn, statusesOf } from '../support/payments.js';
import type { Payment } from '../support/payments.js';
import { until } from '../support/until.js';

/** The fields of a payment that a test selects. */
interface StatusFields {
  readonly status: PaymentSessionStatus;
  readonly providerStatusDetails: string | null;
  readonly statusCheckedAt: string | null;
  readonly fundsGuaranteed: boolean;
  readonly failure: {
    readonly reason: string;
    readonly en: string;
    readonly fr: string;
    readonly merchantMessage: string;
  } | null;
}

const FIELDS = `status providerStatusDetails statusCheckedAt fundsGuaranteed
  failure { reason en: payerMessage fr: payerMessage(language: FR) merchantMessage }`;

const { sandbox, start } = withSandbox({ switches: { settleAfterMs: 0 }, per: 'test' });

/** Starts a gateway whose statuses are always stale, and which makes no scheduled lookup during a test. */
async function startWithStaleStatuses(environment: Record<string, string> = {}): Promise<TestGateway> {
  return start({ STATUS_STALE_AFTER: '1ms', ...environment });
}

async function createPayment(gateway: TestGateway): Promise<Payment & { readonly session: string }> {
  const payment = paymentIn(await pay(gateway, CREATION, newInput()));
  return { ...payment, session: payment.flinksSessionId ?? '' };
}

async function readPayments(
  gateway: TestGateway,
  payments: readonly Payment[],
  fields = 'status',
): Promise<StatusFields[]> {
  const aliases = payments.map(({ id }, index) => `p${index}: paymentSession(id: "${id}") { ...Fields }`);
  const query = `{ ${aliases.join(' ')} } fragment Fields on PaymentSession { ${fields} }`;
  const { data, errors } = await gateway.post<Record<string, StatusFields>>({ query });
  expect(errors).toBeUndefined();
  return Object.values(data ?? {});
}

async function readPayment(gateway: TestGateway, payment: Payment): Promise<StatusFields> {
  const [found] = await readPayments(gateway, [payment], FIELDS);
  if (found === undefined) throw new Error('there is no such payment');
  return found;
}

const STATUSES: Record<string, PaymentSessionStatus> = {
  Initiated: 'INITIATED',
  Processing: 'PROCESSING',
  Accepted: 'ACCEPTED',
  Processed: 'PROCESSED',
  Settled: 'SETTLED',
  Cancelled: 'CANCELLED',
  Canceled: 'CANCELLED',
  Expired: 'EXPIRED',
  Declined: 'DECLINED',
  Failed: 'FAILED',
};

describe.each(['A', 'B'] as const)('a status of response schema %s', (statusSchema) => {
  it('is translated from every provider status', async () => {
    await sandbox.setSwitches({ statusSchema });
    const gateway = await startWithStaleStatuses();
    for (const [providerStatus, status] of Object.entries(STATUSES)) {
      const payment = await createPayment(gateway);
      await sandbox.moveTo(payment.session, providerStatus);
      const found = await readPayment(gateway, payment);
      expect(found).toMatchObject({ status, fundsGuaranteed: areFundsGuaranteed(status) });
      expect(found.statusCheckedAt).not.toBeNull();
    }
    expect(new Set(Object.values(STATUSES)).size).toBe(PAYMENT_SESSION_STATUSES.length - 2);
  });
});

describe('the status of a payment', () => {
  it('does not change for an unrecognized provider status, which is returned as details and logged once', async () => {
    const gateway = await startWithStaleStatuses();
    const payments = [await createPayment(gateway), await createPayment(gateway)];
    for (const { session } of payments) await sandbox.moveTo(session, 'Teleported');
    for (const found of await readPayments(gateway, payments, FIELDS))
      expect(found).toMatchObject({ status: 'INITIATED', providerStatusDetails: 'Teleported', failure: null });
    await gateway.logged('unrecognized provider status');
    expect(gateway.output.match(/unrecognized provider status/g)).toHaveLength(1);
  });

  it('includes why the payment failed, in English and French', async () => {
    const gateway = await startWithStaleStatuses();
    const payment = await createPayment(gateway);
    await sandbox.moveTo(payment.session, 'Failed', 'EFT0403');
    const { failure, providerStatusDetails } = await readPayment(gateway, payment);
    expect(failure).toMatchObject({ reason: 'NAME_MISMATCH' });
    expect(failure?.en).toContain('name');
    expect(failure?.fr).toContain('nom');
    expect(failure?.merchantMessage).toContain('most frequent');
    expect(providerStatusDetails).toBe('EFT0403');
  });

  it('includes details of an unknown reason, without the personal data of the payer', async () => {
    const gateway = await startWithStaleStatuses();
    const payment = await createPayment(gateway);
    await sandbox.moveTo(payment.session, 'Failed', 'XQ17 for Alex Tremblay, ask alex@example.com');
    const { failure, providerStatusDetails } = await readPayment(gateway, payment);
    expect(failure).toMatchObject({ reason: 'OTHER' });
    expect(providerStatusDetails).toBe('XQ17 for [sensitive] [sensitive], ask [sensitive]');
  });

  it('is looked up once per request, however often it is selected, and not while it is fresh', async () => {
    const gateway = await start({ STATUS_STALE_AFTER: '3s' });
    const payment = await createPayment(gateway);
    await readPayments(
      gateway,
      Array.from({ length: 20 }, () => payment),
    );
    expect(await sandbox.calls('lookup')).toBe(0);
    await until(() => Date.now() - Date.parse(payment.createdAt) > 3_100);
    const before = await sandbox.calls('lookup');
    await readPayments(
      gateway,
      Array.from({ length: 20 }, () => payment),
    );
    // The poll may have made a lookup in the meantime.
    expect(before + (await sandbox.calls('lookup'))).toBeLessThanOrEqual(2);
    expect((await readPayment(gateway, payment)).statusCheckedAt).not.toBeNull();
    expect(await sandbox.calls('lookup')).toBeLessThanOrEqual(1);
  });

  it('takes fifty lookups, at most eight at once, for fifty stale payments, and then none', async () => {
    const gateway = await start({ STATUS_STALE_AFTER: '4s' });
    const payments: Payment[] = [];
    // One after the other, so that only lookups are concurrent calls of the sandbox.
    while (payments.length < 50) payments.push(await createPayment(gateway));
    const lastCreatedAt = Date.parse(payments.at(-1)?.createdAt ?? '');
    await sandbox.setSwitches({ latencyMs: 20 });
    await until(() => Date.now() - lastCreatedAt > 4_050);
    await readPayments(gateway, payments);
    expect(await sandbox.calls('lookup')).toBe(50);
    expect((await sandbox.journal()).inFlight.max).toBe(MAX_LOOKUPS_IN_FLIGHT);
    await readPayments(gateway, payments);
    await readPayments(gateway, payments);
    expect(await sandbox.calls('lookup')).toBe(50);
  });

  it('is the stored one, with its age, when Flinks does not respond', async () => {
    const gateway = await startWithStaleStatuses();
    const payment = await createPayment(gateway);
    const { statusCheckedAt } = await readPayment(gateway, payment);
    await sandbox.moveTo(payment.session, 'Accepted');
    await sandbox.addFault({ endpoint: 'lookup', kind: 'cut', count: 1_000 });
    expect(await readPayment(gateway, payment)).toMatchObject({ status: 'INITIATED', statusCheckedAt });
    await sandbox.clearFaults();
    expect(await readPayment(gateway, payment)).toMatchObject({ status: 'ACCEPTED' });
  });

  it('is the stored one when Flinks takes too long, and is updated when the response arrives', async () => {
    const gateway = await startWithStaleStatuses();
    const payment = await createPayment(gateway);
    await sandbox.moveTo(payment.session, 'Settled');
    await sandbox.addFault({ endpoint: 'lookup', kind: 'slow', delayMs: 4_000, count: 1 });
    expect(await readPayment(gateway, payment)).toMatchObject({ status: 'INITIATED' });
    await until(async () => (await readPayment(gateway, payment)).status === 'SETTLED');
  });

  it('is not looked up for an e-mailed payment', async () => {
    const gateway = await startWithStaleStatuses();
    const payment = paymentIn(await pay(gateway, SEND, newInput()));
    expect(await readPayment(gateway, payment)).toMatchObject({ status: 'INITIATED', statusCheckedAt: null });
    expect(await sandbox.calls('lookup')).toBe(0);
  });

  it('is looked up by Flinks session for an e-mailed payment when the API variant permits it', async () => {
    const gateway = await startWithStaleStatuses({ FLINKS_API_VARIANT: 'sessionLookup=v2-details' });
    const payment = paymentIn(await pay(gateway, SEND, newInput()));
    await sandbox.moveTo(payment.flinksSessionId ?? '', 'Processed');
    expect(await readPayment(gateway, payment)).toMatchObject({ status: 'PROCESSED' });
    expect(await sandbox.calls('details')).toBeGreaterThan(0);
    expect(await sandbox.calls('lookup')).toBe(0);
  });
});

describe('the poll', () => {
  it('updates payments that no client reads, until their status is final', async () => {
    const gateway = await start({ STATUS_STALE_AFTER: '200ms' });
    const payments = await Promise.all(Array.from({ length: 10 }, () => createPayment(gateway)));
    const logged = (status: string) => new RegExp(`"status":"${status}","effect":"applied"`, 'g');
    for (const { session } of payments) await sandbox.moveTo(session, 'Accepted');
    await until(() => gateway.output.match(logged('ACCEPTED'))?.length === payments.length);
    for (const { session } of payments) await sandbox.moveTo(session, 'Settled');
    await until(() => gateway.output.match(logged('SETTLED'))?.length === payments.length);
    const callsBefore = await sandbox.calls('lookup');
    for (const payment of payments)
      expect(await statusesOf(gateway, payment)).toEqual(['CREATING', 'INITIATED', 'ACCEPTED', 'SETTLED']);
    expect(await sandbox.calls('lookup')).toBe(callsBefore);
  });

  it('continues after an outage of Flinks', async () => {
    const gateway = await start({ STATUS_STALE_AFTER: '200ms' });
    const payment = await createPayment(gateway);
    await sandbox.addFault({ endpoint: 'lookup', kind: 'status', status: 503, count: 3 });
    await sandbox.moveTo(payment.session, 'Declined');
    await until(() => gateway.output.includes('"status":"DECLINED","effect":"applied"'));
  });
});
