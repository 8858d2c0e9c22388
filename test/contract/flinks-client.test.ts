import { afterEach, describe, expect, it } from '@jest/globals';
import type { Switches } from '../../sandbox/switches.js';
import { Deadline } from '../../src/lib/deadline.js';
import type { PaymentDetails } from '../../src/domain/payment.js';
import { NO_IDENTITY } from '../../src/domain/payment-mismatch.js';
import { Sensitive } from '../../src/domain/sensitive.js';
import { createFlinks } from '../../src/flinks/create-flinks.js';
import type { Flinks } from '../../src/flinks/create-flinks.js';
import { apiVariantSchema } from '../../src/flinks/api-variant.js';
import type { ApiVariant } from '../../src/flinks/api-variant.js';
import { TestSandbox } from '../support/sandbox.js';
import { withService } from '../support/services.js';
import { silentLog } from '../support/silent-log.js';

const PAYMENT: PaymentDetails = {
  customer: { userId: 'user-1', name: new Sensitive('Zoë "Z" D’Été'), email: new Sensitive('zoe@example.com') },
  amount: { amountMinor: 25_010, currency: 'CAD' },
  referenceId: 'LOAN-1',
  clientUrls: ['https://shop.example/pay'],
};

const sandbox = withService(new TestSandbox(), 'test');
let flinks: Flinks;

async function connect(switches: Partial<Switches> = {}, variant: Partial<ApiVariant> = {}): Promise<void> {
  await sandbox.setSwitches(switches);
  flinks = createFlinks(
    {
      baseUrl: sandbox.url,
      appUrl: `${sandbox.url}/app/`,
      instance: 'sandbox',
      credentials: { username: new Sensitive('sandbox'), password: new Sensitive('sandbox-password') },
      variant: apiVariantSchema.parse(variant),
      timeoutMs: 1_000,
    },
    { onCall: () => undefined, onTokenPolicyDetected: () => undefined },
  );
}

afterEach(() => flinks.close());

const newDeadline = () => Deadline.after(2_000);

async function initiatedSession() {
  const result = await flinks.client.initiateSession(PAYMENT, newDeadline());
  if (result.kind !== 'succeeded') throw new Error(JSON.stringify(result));
  return result.value;
}

async function activatedRequestId(): Promise<string> {
  const result = await flinks.client.activateSession(await initiatedSession(), newDeadline());
  if (result.kind !== 'succeeded') throw new Error(JSON.stringify(result));
  return result.value.paymentRequestId ?? '';
}

describe('the Flinks adapter', () => {
  it('initiates and activates a session, and looks up its payment', async () => {
    await connect();
    const paymentRequestId = await activatedRequestId();
    expect(await sandbox.sessions()).toMatchObject([
      { requestId: paymentRequestId, status: 'Initiated', amount: '250.10' },
    ]);
    expect(await flinks.client.lookupPayment(paymentRequestId, newDeadline())).toEqual({
      kind: 'succeeded',
      value: {
        status: 'INITIATED',
        providerStatus: 'Initiated',
        details: undefined,
        identity: {
          ...NO_IDENTITY,
          paymentRequestId,
          bareId: undefined,
          currency: undefined,
          referenceId: PAYMENT.referenceId,
        },
      },
    });
    expect((await sandbox.journal()).counts.results).toEqual({ ok: 4 });
  });

  it('has Flinks send a payment request to the payer', async () => {
    await connect();
    const result = await flinks.client.sendPaymentRequest(PAYMENT, newDeadline(), () => Promise.resolve(true));
    expect(result.kind).toBe('succeeded');
    expect(await sandbox.outbox()).toMatchObject([
      { to: 'zoe@example.com', customerName: 'Zoë "Z" D’Été', amount: '250.10' },
    ]);
  });

  it.each<[Partial<Switches>, Partial<ApiVariant>]>([
    [{ clientUrlsField: 'clientURIs' }, { clientUrlsField: 'clientURIs' }],
    [{ credentials: 'form' }, { credentials: 'form' }],
    [{ tokenHeader: 'BearerToken' }, { tokenHeader: 'BearerToken' }],
    [{ amountEncoding: 'string' }, { amountEncoding: 'string' }],
    [{ statusSchema: 'B' }, {}],
    [{ singleUseTokens: true }, { tokenPolicy: 'single-use' }],
    [{}, { referenceIdField: 'ReferenceId', userIdField: 'UserId' }],
  ])('works with a Flinks of another API variant: %j', async (switches, variant) => {
    await connect(switches, variant);
    const paymentRequestId = await activatedRequestId();
    expect(await flinks.client.lookupPayment(paymentRequestId, newDeadline())).toMatchObject({
      value: { status: 'INITIATED' },
    });
    expect((await sandbox.journal()).counts.results).toEqual({ ok: (await sandbox.journal()).entries.length });
    expect(await sandbox.sessions()).toMatchObject([{ amount: '250.10', referenceId: 'LOAN-1' }]);
  });

  it.each<Partial<Switches>>([{ clientUrlsField: 'clientURIs' }, { amountEncoding: 'string' }])(
    'is rejected by Flinks if the API variant is wrong: %j',
    async (switches) => {
      await connect(switches);
      expect(await flinks.client.initiateSession(PAYMENT, newDeadline())).toMatchObject({
        kind: 'rejected',
        status: 400,
      });
    },
  );

  it('treats a session that is already linked as activated', async () => {
    await connect();
    const session = await initiatedSession();
    await flinks.client.activateSession(session, newDeadline());
    expect(await flinks.client.activateSession(session, newDeadline())).toEqual({
      kind: 'succeeded',
      value: { paymentRequestId: undefined },
    });
    expect(await sandbox.results('double-activation')).toBe(1);
  });

  it('activates a session with the token that initiated it', async () => {
    await connect({}, { tokenPolicy: 'single-use' });
    const session = await initiatedSession();
    const calls = await sandbox.calls('authorize');
    await flinks.client.activateSession(session, newDeadline());
    expect(await sandbox.calls('authorize')).toBe(calls);
  });

  it('builds a link that opens the payment page', async () => {
    await connect();
    const { result } = await flinks.payableSessions.create(PAYMENT, newDeadline(), silentLog);
    if (result.kind !== 'succeeded') throw new Error(result.kind);
    const page = await fetch(flinks.paymentUrl(result.value.sessionId).reveal());
    expect(page.status).toBe(200);
    expect(await page.text()).toContain('250.10');
  });
});
