import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { PAYMENT_SESSION_STATUSES, areFundsGuaranteed } from '../../src/domain/payment-status.js';
import type { PaymentSessionStatus } from '../../src/domain/payment-status.js';
import { withGateway } from '../support/fixture.js';
import { SEND, newInput, pay, paymentIn } from '../support/payments.js';
import { until } from '../support/until.js';
import { FIELDS, createPayment, readPayment, readPayments } from './status-fields.js';

/** Its statuses are always stale, and it makes no scheduled lookup during a test. */
const { sandbox, gateway } = withGateway({
  switches: { settleAfterMs: 0 },
  environment: { STATUS_STALE_AFTER: '1ms' },
});

beforeEach(() => sandbox.reset());

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
  afterEach(() => sandbox.setSwitches({ statusSchema: 'A' }));

  it('is translated from every provider status', async () => {
    await sandbox.setSwitches({ statusSchema });
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
    const payments = [await createPayment(gateway), await createPayment(gateway)];
    for (const { session } of payments) await sandbox.moveTo(session, 'Teleported');
    for (const found of await readPayments(gateway, payments, FIELDS))
      expect(found).toMatchObject({ status: 'INITIATED', providerStatusDetails: 'Teleported', failure: null });
    await gateway.logged('unrecognized provider status');
    expect(gateway.output.match(/unrecognized provider status/g)).toHaveLength(1);
  });

  it('includes why the payment failed, in English and French', async () => {
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
    const payment = await createPayment(gateway);
    await sandbox.moveTo(payment.session, 'Failed', 'XQ17 for Alex Tremblay, ask alex@example.com');
    const { failure, providerStatusDetails } = await readPayment(gateway, payment);
    expect(failure).toMatchObject({ reason: 'OTHER' });
    expect(providerStatusDetails).toBe('XQ17 for [sensitive] [sensitive], ask [sensitive]');
  });

  it('is the stored one, with its age, when Flinks does not respond', async () => {
    const payment = await createPayment(gateway);
    const { statusCheckedAt } = await readPayment(gateway, payment);
    await sandbox.moveTo(payment.session, 'Accepted');
    await sandbox.addFault({ endpoint: 'lookup', kind: 'cut', count: 1_000 });
    expect(await readPayment(gateway, payment)).toMatchObject({ status: 'INITIATED', statusCheckedAt });
    await sandbox.clearFaults();
    expect(await readPayment(gateway, payment)).toMatchObject({ status: 'ACCEPTED' });
  });

  it('is the stored one when Flinks takes too long, and is updated when the response arrives', async () => {
    const payment = await createPayment(gateway);
    await sandbox.moveTo(payment.session, 'Settled');
    await sandbox.addFault({ endpoint: 'lookup', kind: 'slow', delayMs: 4_000, count: 1 });
    expect(await readPayment(gateway, payment)).toMatchObject({ status: 'INITIATED' });
    await until(async () => (await readPayment(gateway, payment)).status === 'SETTLED');
  });
});

describe('an e-mailed payment', () => {
  // Its own sandbox, which nothing else asks about payments.
  const { sandbox: alone, gateway: single } = withGateway({ environment: { STATUS_STALE_AFTER: '1ms' } });

  it('is not looked up', async () => {
    const payment = paymentIn(await pay(single, SEND, newInput()));
    expect(await readPayment(single, payment)).toMatchObject({ status: 'INITIATED', statusCheckedAt: null });
    expect(await alone.calls('lookup')).toBe(0);
  });
});
