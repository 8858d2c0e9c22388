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
import { withSandbox } from '../support/fixture.js';
import { silentLog } from '../support/silent-log.js';

const ORDER: PaymentDetails = {
  customer: { userId: 'user-1', name: new Sensitive('Zoë "Z" D’Été'), email: new Sensitive('zoe@example.com') },
  amount: { amountMinor: 25_010, currency: 'CAD' },
  referenceId: 'LOAN-1',
  clientUrls: ['https://shop.example/pay'],
};

const { sandbox } = withSandbox({ per: 'test' });
let flinks: Flinks;

async function connect(switches: Partial<Switches> = {}, profile: Partial<ApiVariant> = {}): Promise<void> {
  await sandbox.setSwitches(switches);
  flinks = createFlinks(
    {
      baseUrl: sandbox.url,
      appUrl: `${sandbox.url}/app/`,
      instance: 'sandbox',
      credentials: { username: new Sensitive('sandbox'), password: new Sensitive('sandbox-password') },
      variant: apiVariantSchema.parse(profile),
      timeoutMs: 1_000,
    },
    { onCall: () => undefined, onTokenPolicyDetected: () => undefined },
  );
}

afterEach(() => flinks.close());

const soon = () => Deadline.after(2_000);

async function initiated() {
  const result = await flinks.client.initiateSession(ORDER, soon());
  if (result.kind !== 'succeeded') throw new Error(JSON.stringify(result));
  return result.value;
}

async function activated(): Promise<string> {
  const result = await flinks.client.activateSession(await initiated(), soon());
  if (result.kind !== 'succeeded') throw new Error(JSON.stringify(result));
  return result.value.paymentRequestId ?? '';
}

describe('the adapter against the sandbox', () => {
  it('initiates, activates and looks a payment up', async () => {
    await connect();
    const paymentRequestId = await activated();
    expect(await sandbox.sessions()).toMatchObject([
      { requestId: paymentRequestId, status: 'Initiated', amount: '250.10' },
    ]);
    expect(await flinks.client.lookupPayment(paymentRequestId, soon())).toEqual({
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
          referenceId: ORDER.referenceId,
        },
      },
    });
    expect((await sandbox.journal()).counts.results).toEqual({ ok: 4 });
  });

  it('has a payment request sent to the payer', async () => {
    await connect();
    const result = await flinks.client.sendPaymentRequest(ORDER, soon(), () => Promise.resolve(true));
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
  ])('follows another reading of the documents: %j', async (switches, profile) => {
    await connect(switches, profile);
    const paymentRequestId = await activated();
    expect(await flinks.client.lookupPayment(paymentRequestId, soon())).toMatchObject({
      value: { status: 'INITIATED' },
    });
    expect((await sandbox.journal()).counts.results).toEqual({ ok: (await sandbox.journal()).entries.length });
    expect(await sandbox.sessions()).toMatchObject([{ amount: '250.10', referenceId: 'LOAN-1' }]);
  });

  it.each<Partial<Switches>>([{ clientUrlsField: 'clientURIs' }, { amountEncoding: 'string' }])(
    'is refused where the profile is wrong: %j',
    async (switches) => {
      await connect(switches);
      expect(await flinks.client.initiateSession(ORDER, soon())).toMatchObject({ kind: 'rejected', status: 400 });
    },
  );

  it('counts a session that is linked already as activated', async () => {
    await connect();
    const session = await initiated();
    await flinks.client.activateSession(session, soon());
    expect(await flinks.client.activateSession(session, soon())).toEqual({
      kind: 'succeeded',
      value: { paymentRequestId: undefined },
    });
    expect(await sandbox.results('double-activation')).toBe(1);
  });

  it('activates with the token that started the session', async () => {
    await connect({}, { tokenPolicy: 'single-use' });
    const session = await initiated();
    const calls = await sandbox.calls('authorize');
    await flinks.client.activateSession(session, soon());
    expect(await sandbox.calls('authorize')).toBe(calls);
  });

  it('writes a link that the hosted app opens', async () => {
    await connect();
    const { result } = await flinks.payableSessions.create(ORDER, soon(), silentLog);
    if (result.kind !== 'succeeded') throw new Error(result.kind);
    const page = await fetch(flinks.paymentUrl(result.value.sessionId).reveal());
    expect(page.status).toBe(200);
    expect(await page.text()).toContain('250.10');
  });
});
