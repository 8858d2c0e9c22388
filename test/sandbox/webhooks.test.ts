import { beforeEach, describe, expect, it } from '@jest/globals';
import { signatureHeader } from '../../sandbox/webhooks/event.js';
import { withSandbox } from '../support/fixture.js';
import { until } from '../support/until.js';
import { Caller, payment } from './caller.js';
import { hmac, isSigned, Receiver, type Received } from './receiver.js';

const receiver = new Receiver();
const { sandbox } = withSandbox({ services: [receiver], per: 'test' });
const caller = new Caller(sandbox);

beforeEach(() => sandbox.setSwitches({ webhookUrl: receiver.url }));

/** A session whose first webhook, of being Initiated, is out. */
async function openSession(): Promise<{ sessionId: string; requestId: string }> {
  const session = await caller.activatedSession();
  await sandbox.webhooksSent();
  receiver.received.length = 0;
  return session;
}

describe('webhooks', () => {
  it('tell every change in one signed POST', async () => {
    const { sessionId, requestId } = await caller.activatedSession();
    await receiver.events(1);
    await sandbox.moveTo(sessionId, 'Failed', 'EFT0403');
    const [initiated, failed] = await receiver.events(2);
    const common = { requestId, sessionId, referenceId: 'LOAN-1042', amount: 125.5 };
    expect(initiated).toEqual({ ...common, status: 'Initiated', when: expect.any(String) });
    expect(failed).toEqual({ ...common, status: 'Failed', statusDetails: 'EFT0403', when: expect.any(String) });
    expect(Date.now() - Date.parse(String(failed?.['when']))).toBeLessThan(60_000);
    for (const { headers } of receiver.received)
      expect(headers['content-type']).toBe('application/json; charset=utf-8');
    expect(receiver.received.map(isSigned)).toEqual([true, true]);
  });

  it('follow a payment from the page to Settled and a cancel', async () => {
    await sandbox.setSwitches({ settleAfterMs: 200 });
    await caller.act('accept', (await openSession()).sessionId);
    expect(await receiver.listStatuses(3)).toEqual(['Accepted', 'Processed', 'Settled']);
    const { sessionId } = await openSession();
    const headers = { authorization: `Bearer ${await caller.token()}` };
    await caller.request('POST', `/api/v2/sessions/${sessionId}/cancel`, headers);
    expect(await receiver.events(1)).toMatchObject([{ status: 'Cancelled', statusDetails: 'EFT0501' }]);
  });

  it('tell of an e-mailed request when it is made', async () => {
    const { sessionId } = (await caller.post('sessions/sendrequest', payment)).body;
    expect(await receiver.events(1)).toMatchObject([{ sessionId, status: 'Initiated' }]);
  });

  it('take other layouts, and leave the request id out', async () => {
    await sandbox.setSwitches({ webhookLayout: 'enveloped', webhookNamesRequest: false });
    const { sessionId } = await caller.activatedSession();
    const data = { sessionId, referenceId: 'LOAN-1042', amount: 125.5, status: 'Initiated' };
    expect(await receiver.events(1)).toEqual([{ event: 'TransactionStatusChanged', when: expect.any(String), data }]);
  });

  it('are signed in Base64 when asked', async () => {
    await sandbox.setSwitches({ webhookSignature: 'base64' });
    await caller.activatedSession();
    await receiver.events(1);
    const { headers, body } = receiver.received[0] as Received;
    expect(headers['x-flinks-signature']).toBe(hmac(body, 'base64'));
    expect(headers).not.toHaveProperty('x-webhook-signature');
  });

  it('are signed as in the published test vector', () => {
    const body =
      '{"sessionId":"5b0f3c1e-7a52-4d1b-9a55-2f6f0c9d1e77","referenceId":"LOAN-1042","amount":125.50,' +
      '"status":"Completed","statusDetails":"EFT0301","when":"2026-06-04T14:30:00Z"}';
    const hex = 'C602C7C9ABE645570AB98C8ACE7B384B4A3EA09EF4C37C8D36FF808AAFB3C34D';
    const secret = 'whsec_example_0001';
    expect(signatureHeader(body, secret, 'hex')).toEqual({ 'x-webhook-signature': `sha256=${hex}` });
    const base64 = Buffer.from(hex, 'hex').toString('base64');
    expect(signatureHeader(body, secret, 'base64')).toEqual({ 'x-flinks-signature': base64 });
  });

  it('are off without a receiver', async () => {
    await sandbox.setSwitches({ webhookUrl: '' });
    const { sessionId } = await caller.activatedSession();
    expect((await sandbox.webhooks()).attempts).toEqual([]);
    const refused = await caller.control('webhooks', 'POST', { sessionId });
    expect(refused).toMatchObject({ status: 409, body: { detail: expect.stringContaining('webhookUrl') } });
  });

  it('are attempted once, whatever the receiver answers', async () => {
    const { sessionId } = await openSession();
    receiver.answer = 500;
    await sandbox.moveTo(sessionId, 'Processing');
    await sandbox.webhooksSent();
    receiver.answer = undefined;
    await sandbox.moveTo(sessionId, 'Accepted');
    await sandbox.webhooksSent();
    const { attempts } = await sandbox.webhooks();
    expect(attempts.map(({ status, responseStatus }) => [status, responseStatus])).toEqual([
      ['Initiated', 200],
      ['Processing', 500],
      ['Accepted', null],
    ]);
    expect(attempts.every(({ sessionId: each, fault }) => each === sessionId && fault === null)).toBe(true);
  });

  it('are sent on demand with any status', async () => {
    const { sessionId } = await openSession();
    await sandbox.sendWebhook(sessionId);
    await receiver.events(1);
    const when = '2026-01-02T03:04:05Z';
    await sandbox.sendWebhook(sessionId, { status: 'Frozen', statusDetails: 'X1', when });
    const [present, asked] = await receiver.events(2);
    expect(present).toMatchObject({ sessionId, status: 'Initiated' });
    expect(asked).toMatchObject({ sessionId, status: 'Frozen', statusDetails: 'X1', when });
  });

  it('on demand need a session with a status', async () => {
    const send = (body: object) => caller.control('webhooks', 'POST', body);
    const sessionId = await caller.startedSession();
    expect((await send({ sessionId })).status).toBe(409);
    expect((await send({ sessionId: 'nobody' })).status).toBe(404);
    const { status, body } = await send({ sessionId, statusDetails: 'X1', when: 'now' });
    expect(status).toBe(400);
    for (const name of ['statusDetails', 'when']) expect(body['detail']).toContain(name);
  });

  it('forget everything on reset', async () => {
    const { sessionId } = await openSession();
    await sandbox.addWebhookFault({ kind: 'replay' });
    await sandbox.addWebhookFault({ kind: 'delay', delayMs: 600_000 });
    await sandbox.addWebhookFault({ kind: 'reorder' });
    await sandbox.addWebhookFault({ kind: 'drop' });
    for (let turn = 0; turn < 3; turn += 1) await sandbox.moveTo(sessionId, 'Processing');
    await until(async () => (await sandbox.webhooks()).underWay === 1);
    expect(await sandbox.webhooks()).toMatchObject({ held: 1, replayable: 1, attempts: [{}, {}] });
    await sandbox.reset();
    await sandbox.webhooksSent();
    expect(await sandbox.webhooks()).toEqual({ underWay: 0, held: 0, replayable: 0, attempts: [] });
    expect((await caller.control('webhook-faults')).body).toEqual([]);
    expect(receiver.received).toHaveLength(1);
  });
});
