import { randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { decimalText } from '../../src/domain/money.js';
import type { PaymentSession } from '../../src/domain/payment.js';
import { Sensitive } from '../../src/domain/sensitive.js';
import { MAX_LOOKUPS_IN_FLIGHT } from '../../src/flinks/lookups.js';
import { withSandbox } from '../support/fixture.js';
import { fillStore, paymentWith } from '../support/many-payments.js';
import { SEND, newInput, pay, paymentIn, statusesOf } from '../support/payments.js';
import type { GivenSession } from '../support/sandbox.js';
import { SqliteFile } from '../support/sqlite-file.js';
import { until } from '../support/until.js';
import { createPayment, readPayment, readPayments } from './status-fields.js';

const file = new SqliteFile();
const { sandbox, start } = withSandbox({ switches: { settleAfterMs: 0 }, services: [file], per: 'test' });

/** Adds payments of an hour ago to Flinks and to the store, which no gateway has opened yet. None is due for the poll. */
async function addStalePayments(count: number): Promise<PaymentSession[]> {
  const createdAt = new Date(Date.now() - 3_600_000);
  const payments = Array.from({ length: count }, () =>
    paymentWith({ sessionId: new Sensitive(randomUUID()), paymentRequestId: randomUUID(), createdAt }),
  );
  await sandbox.addSessions(payments.map(sessionOf));
  await fillStore(file.url, payments);
  return payments;
}

function sessionOf({
  sessionId,
  paymentRequestId,
  referenceId,
  amount,
  customer,
  createdAt,
}: PaymentSession): GivenSession {
  return {
    sessionId: sessionId?.reveal() ?? '',
    requestId: paymentRequestId ?? '',
    referenceId,
    amount: decimalText(amount.amountMinor),
    customerName: customer.name?.reveal() ?? '',
    customerEmail: customer.email?.reveal() ?? '',
    status: 'Initiated',
    createdAt: createdAt.toISOString(),
  };
}

describe('the status of a payment', () => {
  it('is looked up once per request, however often it is selected, and not while it is fresh', async () => {
    const [stale] = (await addStalePayments(1)) as [PaymentSession];
    const gateway = await start({ DATABASE_URL: file.url });
    const fresh = await createPayment(gateway);
    for (const [payment, lookups] of [
      [fresh, 0],
      [stale, 1],
      [stale, 1],
    ] as const) {
      await readPayments(gateway, Array(20).fill(payment));
      expect(await sandbox.calls('lookup')).toBe(lookups);
    }
    expect((await readPayment(gateway, stale)).statusCheckedAt).not.toBeNull();
  });

  it('takes fifty lookups, at most eight at once, for fifty stale payments, and then none', async () => {
    const payments = await addStalePayments(50);
    const gateway = await start({ DATABASE_URL: file.url });
    await sandbox.setSwitches({ latencyMs: 20 });
    await readPayments(gateway, payments);
    expect(await sandbox.calls('lookup')).toBe(50);
    expect((await sandbox.journal()).inFlight.max).toBe(MAX_LOOKUPS_IN_FLIGHT);
    await readPayments(gateway, payments);
    await readPayments(gateway, payments);
    expect(await sandbox.calls('lookup')).toBe(50);
  });

  it('is looked up by Flinks session for an e-mailed payment when the API variant permits it', async () => {
    const gateway = await start({ STATUS_STALE_AFTER: '1ms', FLINKS_API_VARIANT: 'sessionLookup=v2-details' });
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
