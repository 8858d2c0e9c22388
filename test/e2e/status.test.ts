import { describe, expect, it } from '@jest/globals';
import { PAYMENT_SESSION_STATUSES, areFundsGuaranteed } from '../../src/domain/payment-status.js';
import type { PaymentSessionStatus } from '../../src/domain/payment-status.js';
import { MAX_LOOKUPS_IN_FLIGHT } from '../../src/flinks/lookups.js';
import { withSandbox } from '../support/fixture.js';
import type { TestGateway } from '../support/gateway.js';
import { CREATION, SEND, newInput, pay, paymentIn, statusesOf } from '../support/payments.js';
import type { Payment } from '../support/payments.js';
import { until } from '../support/until.js';

/** Of the payment of one alias of a query. */
interface Seen {
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

/** A gateway to which a status is old after a moment, and that does not ask of its own accord in the time of a test. */
async function startEager(environment: Record<string, string> = {}): Promise<TestGateway> {
  return start({ STATUS_STALE_AFTER: '1ms', ...environment });
}

async function make(gateway: TestGateway): Promise<Payment & { readonly session: string }> {
  const payment = paymentIn(await pay(gateway, CREATION, newInput()));
  return { ...payment, session: payment.flinksSessionId ?? '' };
}

async function seeAll(gateway: TestGateway, payments: readonly Payment[], fields = 'status'): Promise<Seen[]> {
  const aliases = payments.map(({ id }, index) => `p${index}: paymentSession(id: "${id}") { ...Fields }`);
  const query = `{ ${aliases.join(' ')} } fragment Fields on PaymentSession { ${fields} }`;
  const { data, errors } = await gateway.post<Record<string, Seen>>({ query });
  expect(errors).toBeUndefined();
  return Object.values(data ?? {});
}

async function see(gateway: TestGateway, payment: Payment): Promise<Seen> {
  const [seen] = await seeAll(gateway, [payment], FIELDS);
  if (seen === undefined) throw new Error('there is no such payment');
  return seen;
}

const WORDS: Record<string, PaymentSessionStatus> = {
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

describe.each(['A', 'B'] as const)('a status, read from reply %s', (statusSchema) => {
  it('is each of the words of Flinks', async () => {
    await sandbox.setSwitches({ statusSchema });
    const gateway = await startEager();
    for (const [word, status] of Object.entries(WORDS)) {
      const payment = await make(gateway);
      await sandbox.moveTo(payment.session, word);
      const seen = await see(gateway, payment);
      expect(seen).toMatchObject({ status, fundsGuaranteed: areFundsGuaranteed(status) });
      expect(seen.statusCheckedAt).not.toBeNull();
    }
    expect(new Set(Object.values(WORDS)).size).toBe(PAYMENT_SESSION_STATUSES.length - 2);
  });
});

describe('a status', () => {
  it('is kept at a word that is in no document, which is told as detail and logged once', async () => {
    const gateway = await startEager();
    const payments = [await make(gateway), await make(gateway)];
    for (const { session } of payments) await sandbox.moveTo(session, 'Teleported');
    for (const seen of await seeAll(gateway, payments, FIELDS))
      expect(seen).toMatchObject({ status: 'INITIATED', providerStatusDetails: 'Teleported', failure: null });
    await gateway.logged('unrecognized provider status');
    expect(gateway.output.match(/unrecognized provider status/g)).toHaveLength(1);
  });

  it('tells why a payment failed, in both languages of payers', async () => {
    const gateway = await startEager();
    const payment = await make(gateway);
    await sandbox.moveTo(payment.session, 'Failed', 'EFT0403');
    const { failure, providerStatusDetails } = await see(gateway, payment);
    expect(failure).toMatchObject({ reason: 'NAME_MISMATCH' });
    expect(failure?.en).toContain('name');
    expect(failure?.fr).toContain('nom');
    expect(failure?.merchantMessage).toContain('most frequent');
    expect(providerStatusDetails).toBe('EFT0403');
  });

  it('keeps words that name no known reason, without the payer in them', async () => {
    const gateway = await startEager();
    const payment = await make(gateway);
    await sandbox.moveTo(payment.session, 'Failed', 'XQ17 for Alex Tremblay, ask alex@example.com');
    const { failure, providerStatusDetails } = await see(gateway, payment);
    expect(failure).toMatchObject({ reason: 'OTHER' });
    expect(providerStatusDetails).toBe('XQ17 for [sensitive] [sensitive], ask [sensitive]');
  });

  it('is asked for once by a request, however often it is selected, and not again while it is fresh', async () => {
    const gateway = await start({ STATUS_STALE_AFTER: '3s' });
    const payment = await make(gateway);
    await seeAll(
      gateway,
      Array.from({ length: 20 }, () => payment),
    );
    expect(await sandbox.calls('lookup')).toBe(0);
    await until(() => Date.now() - Date.parse(payment.createdAt) > 3_100);
    const before = await sandbox.calls('lookup');
    await seeAll(
      gateway,
      Array.from({ length: 20 }, () => payment),
    );
    // Its poll may have asked meanwhile.
    expect(before + (await sandbox.calls('lookup'))).toBeLessThanOrEqual(2);
    expect((await see(gateway, payment)).statusCheckedAt).not.toBeNull();
    expect(await sandbox.calls('lookup')).toBeLessThanOrEqual(1);
  });

  it('costs fifty payments in one query fifty calls, eight at a time, and then none', async () => {
    const gateway = await start({ STATUS_STALE_AFTER: '4s' });
    const payments: Payment[] = [];
    // One after the other, for the sandbox to count as many at once as lookups are.
    while (payments.length < 50) payments.push(await make(gateway));
    const lastMadeAt = Date.parse(payments.at(-1)?.createdAt ?? '');
    await sandbox.setSwitches({ latencyMs: 20 });
    await until(() => Date.now() - lastMadeAt > 4_050);
    await seeAll(gateway, payments);
    expect(await sandbox.calls('lookup')).toBe(50);
    expect((await sandbox.journal()).inFlight.max).toBe(MAX_LOOKUPS_IN_FLIGHT);
    await seeAll(gateway, payments);
    await seeAll(gateway, payments);
    expect(await sandbox.calls('lookup')).toBe(50);
  });

  it('is what is stored when Flinks does not answer, with its age', async () => {
    const gateway = await startEager();
    const payment = await make(gateway);
    const { statusCheckedAt } = await see(gateway, payment);
    await sandbox.moveTo(payment.session, 'Accepted');
    await sandbox.addFault({ endpoint: 'lookup', kind: 'cut', count: 1_000 });
    expect(await see(gateway, payment)).toMatchObject({ status: 'INITIATED', statusCheckedAt });
    await sandbox.clearFaults();
    expect(await see(gateway, payment)).toMatchObject({ status: 'ACCEPTED' });
  });

  it('is what is stored when Flinks takes too long, and is taken in when it answers', async () => {
    const gateway = await startEager();
    const payment = await make(gateway);
    await sandbox.moveTo(payment.session, 'Settled');
    await sandbox.addFault({ endpoint: 'lookup', kind: 'slow', delayMs: 4_000, count: 1 });
    expect(await see(gateway, payment)).toMatchObject({ status: 'INITIATED' });
    await until(async () => (await see(gateway, payment)).status === 'SETTLED');
  });

  it('of a request that Flinks e-mailed is not looked up', async () => {
    const gateway = await startEager();
    const payment = paymentIn(await pay(gateway, SEND, newInput()));
    expect(await see(gateway, payment)).toMatchObject({ status: 'INITIATED', statusCheckedAt: null });
    expect(await sandbox.calls('lookup')).toBe(0);
  });

  it('of a request that Flinks e-mailed is looked up by its session where the profile says so', async () => {
    const gateway = await startEager({ FLINKS_API_VARIANT: 'sessionLookup=v2-details' });
    const payment = paymentIn(await pay(gateway, SEND, newInput()));
    await sandbox.moveTo(payment.flinksSessionId ?? '', 'Processed');
    expect(await see(gateway, payment)).toMatchObject({ status: 'PROCESSED' });
    expect(await sandbox.calls('details')).toBeGreaterThan(0);
    expect(await sandbox.calls('lookup')).toBe(0);
  });
});

describe('the poll', () => {
  it('moves payments that nobody asks about, until they are over', async () => {
    const gateway = await start({ STATUS_STALE_AFTER: '200ms' });
    const payments = await Promise.all(Array.from({ length: 10 }, () => make(gateway)));
    const logged = (status: string) => new RegExp(`"status":"${status}","effect":"applied"`, 'g');
    for (const { session } of payments) await sandbox.moveTo(session, 'Accepted');
    await until(() => gateway.output.match(logged('ACCEPTED'))?.length === payments.length);
    for (const { session } of payments) await sandbox.moveTo(session, 'Settled');
    await until(() => gateway.output.match(logged('SETTLED'))?.length === payments.length);
    const asked = await sandbox.calls('lookup');
    for (const payment of payments)
      expect(await statusesOf(gateway, payment)).toEqual(['CREATING', 'INITIATED', 'ACCEPTED', 'SETTLED']);
    expect(await sandbox.calls('lookup')).toBe(asked);
  });

  it('goes on when Flinks was away', async () => {
    const gateway = await start({ STATUS_STALE_AFTER: '200ms' });
    const payment = await make(gateway);
    await sandbox.addFault({ endpoint: 'lookup', kind: 'status', status: 503, count: 3 });
    await sandbox.moveTo(payment.session, 'Declined');
    await until(() => gateway.output.includes('"status":"DECLINED","effect":"applied"'));
  });
});
