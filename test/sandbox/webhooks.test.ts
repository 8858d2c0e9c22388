import { beforeEach, describe, expect, it } from '@jest/globals';
import { signatureHeader } from '../../sandbox/webhooks/event.js';
import { TestSandbox } from '../support/sandbox.js';
import { withService } from '../support/services.js';
import { until } from '../support/until.js';
import { SandboxClient, payment } from './sandbox-client.js';
import { hmac, isSigned, Receiver, type Received } from './receiver.js';

const receiver = withService(new Receiver(), 'test');
const sandbox = withService(new TestSandbox(), 'test');
const client = new SandboxClient(sandbox);

beforeEach(() => sandbox.setSwitches({ webhookUrl: receiver.url }));

/** Starts a session whose first webhook, with the status Initiated, was sent. */
async function openSession(): Promise<{ sessionId: string; requestId: string }> {
  const session = await client.activatedSession();
  await sandbox.webhooksSent();
  receiver.received.length = 0;
  return session;
}

describe('the webhooks of the sandbox', () => {
  it('report every status change in one signed POST', async () => {
    const { sessionId, requestId } = await client.activatedSession();
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

  it('report each status after the payer accepts, and a cancellation', async () => {
    await sandbox.setSwitches({ settleAfterMs: 200 });
    await client.pressButton('accept', (await openSession()).sessionId);
    expect(await receiver.listStatuses(3)).toEqual(['Accepted', 'Processed', 'Settled']);
    const { sessionId } = await openSession();
    const headers = { authorization: `Bearer ${await client.token()}` };
    await client.request('POST', `/api/v2/sessions/${sessionId}/cancel`, headers);
    expect(await receiver.events(1)).toMatchObject([{ status: 'Cancelled', statusDetails: 'EFT0501' }]);
  });

  it('report an e-mailed payment request when it is created', async () => {
    const { sessionId } = (await client.post('sessions/sendrequest', payment)).body;
    expect(await receiver.events(1)).toMatchObject([{ sessionId, status: 'Initiated' }]);
  });

  it('can have another layout, and omit the request id', async () => {
    await sandbox.setSwitches({ webhookLayout: 'enveloped', webhookNamesRequest: false });
    const { sessionId } = await client.activatedSession();
    const data = { sessionId, referenceId: 'LOAN-1042', amount: 125.5, status: 'Initiated' };
    expect(await receiver.events(1)).toEqual([{ event: 'TransactionStatusChanged', when: expect.any(String), data }]);
  });

  it('can be signed in Base64', async () => {
    await sandbox.setSwitches({ webhookSignature: 'base64' });
    await client.activatedSession();
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

  it('are not sent without a receiver', async () => {
    await sandbox.setSwitches({ webhookUrl: '' });
    const { sessionId } = await client.activatedSession();
    expect((await sandbox.webhooks()).attempts).toEqual([]);
    const refused = await client.control('webhooks', 'POST', { sessionId });
    expect(refused).toMatchObject({ status: 409, body: { detail: expect.stringContaining('webhookUrl') } });
  });

  it('are sent once, whatever the receiver responds', async () => {
    const { sessionId } = await openSession();
    receiver.responseStatus = 500;
    await sandbox.moveTo(sessionId, 'Processing');
    await sandbox.webhooksSent();
    receiver.responseStatus = undefined;
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

  it('can be sent on demand with any status', async () => {
    const { sessionId } = await openSession();
    await sandbox.sendWebhook(sessionId);
    await receiver.events(1);
    const when = '2026-01-02T03:04:05Z';
    await sandbox.sendWebhook(sessionId, { status: 'Frozen', statusDetails: 'X1', when });
    const [current, requested] = await receiver.events(2);
    expect(current).toMatchObject({ sessionId, status: 'Initiated' });
    expect(requested).toMatchObject({ sessionId, status: 'Frozen', statusDetails: 'X1', when });
  });

  it('cannot be sent on demand for a session without a status', async () => {
    const send = (body: object) => client.control('webhooks', 'POST', body);
    const sessionId = await client.startedSession();
    expect((await send({ sessionId })).status).toBe(409);
    expect((await send({ sessionId: 'nobody' })).status).toBe(404);
    const { status, body } = await send({ sessionId, statusDetails: 'X1', when: 'now' });
    expect(status).toBe(400);
    for (const name of ['statusDetails', 'when']) expect(body['detail']).toContain(name);
  });

  it('are all removed on reset', async () => {
    const { sessionId } = await openSession();
    await sandbox.addWebhookFault({ kind: 'replay' });
    await sandbox.addWebhookFault({ kind: 'delay', delayMs: 600_000 });
    await sandbox.addWebhookFault({ kind: 'reorder' });
    await sandbox.addWebhookFault({ kind: 'drop' });
    for (let index = 0; index < 3; index += 1) await sandbox.moveTo(sessionId, 'Processing');
    await until(async () => (await sandbox.webhooks()).underWay === 1);
    expect(await sandbox.webhooks()).toMatchObject({ held: 1, replayable: 1, attempts: [{}, {}] });
    await sandbox.reset();
    await sandbox.webhooksSent();
    expect(await sandbox.webhooks()).toEqual({ underWay: 0, held: 0, replayable: 0, attempts: [] });
    expect((await client.control('webhook-faults')).body).toEqual([]);
    expect(receiver.received).toHaveLength(1);
  });
});
