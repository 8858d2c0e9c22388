import { beforeEach, describe, expect, it } from '@jest/globals';
import { TestSandbox } from '../support/sandbox.js';
import { withService } from '../support/services.js';
import { SandboxClient } from './sandbox-client.js';
import { isSigned, Receiver } from './receiver.js';

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

describe('a webhook fault', () => {
  const faults = async () =>
    (await sandbox.webhooks()).attempts.map(({ fault, responseStatus }) => [fault, responseStatus]);

  it('drops deliveries', async () => {
    const { sessionId } = await openSession();
    await sandbox.dropWebhooks();
    await sandbox.moveTo(sessionId, 'Accepted');
    await sandbox.clearWebhookFaults();
    await sandbox.moveTo(sessionId, 'Settled');
    expect(await receiver.listStatuses(1)).toEqual(['Settled']);
    await sandbox.webhooksSent();
    expect((await faults()).slice(1)).toEqual([
      ['drop', null],
      [null, 200],
    ]);
  });

  it('repeats a delivery byte for byte', async () => {
    const { sessionId } = await openSession();
    await sandbox.addWebhookFault({ kind: 'double' });
    await sandbox.moveTo(sessionId, 'Accepted');
    await receiver.events(2);
    const [first, second] = receiver.received;
    expect(second?.body).toBe(first?.body);
    expect(receiver.received.map(isSigned)).toEqual([true, true]);
    await sandbox.webhooksSent();
    expect((await faults()).slice(1)).toEqual([
      ['double', 200],
      ['double', 200],
    ]);
  });

  it('delays a delivery', async () => {
    const { sessionId } = await openSession();
    await sandbox.addWebhookFault({ kind: 'delay', delayMs: 150 });
    const start = performance.now();
    await sandbox.moveTo(sessionId, 'Accepted');
    await receiver.events(1);
    expect(performance.now() - start).toBeGreaterThan(145);
  });

  it('sends a delivery after the next one', async () => {
    const { sessionId } = await openSession();
    await sandbox.addWebhookFault({ kind: 'reorder', count: 2 });
    for (const status of ['Processing', 'Accepted']) await sandbox.moveTo(sessionId, status);
    expect(await sandbox.webhooks()).toMatchObject({ underWay: 0, held: 2 });
    await sandbox.moveTo(sessionId, 'Settled');
    expect(await receiver.listStatuses(3)).toEqual(['Settled', 'Processing', 'Accepted']);
  });

  it('signs with a wrong secret', async () => {
    const { sessionId } = await openSession();
    await sandbox.addWebhookFault({ kind: 'forge' });
    await sandbox.moveTo(sessionId, 'Settled');
    await receiver.events(1);
    await sandbox.moveTo(sessionId, 'Settled');
    await receiver.events(2);
    expect(receiver.received.map(isSigned)).toEqual([false, true]);
  });

  it('keeps a delivery to be replayed', async () => {
    const { sessionId } = await openSession();
    await sandbox.addWebhookFault({ kind: 'replay' });
    await sandbox.moveTo(sessionId, 'Accepted');
    await receiver.events(1);
    await sandbox.moveTo(sessionId, 'Settled');
    await receiver.events(2);
    await sandbox.replayWebhooks();
    expect(await receiver.listStatuses(3)).toEqual(['Accepted', 'Settled', 'Accepted']);
    const [first, , replayed] = receiver.received;
    const signature = 'x-webhook-signature';
    expect(replayed?.body).toBe(first?.body);
    expect(replayed?.headers[signature]).toBe(first?.headers[signature]);
    expect((await client.fetch('/sandbox/webhooks/replay', { method: 'POST' })).status).toBe(409);
  });

  it('makes an event one hour old', async () => {
    const { sessionId } = await openSession();
    await sandbox.addWebhookFault({ kind: 'stale' });
    await sandbox.moveTo(sessionId, 'Settled');
    const [event] = await receiver.events(1);
    const ageMs = Date.now() - Date.parse(String(event?.['when']));
    expect(Math.abs(ageMs - 3_600_000)).toBeLessThan(60_000);
    expect(receiver.received.map(isSigned)).toEqual([true]);
  });

  it('applies to the requested number of deliveries, in order', async () => {
    await sandbox.addWebhookFault({ kind: 'drop', count: 2 });
    await sandbox.addWebhookFault({ kind: 'forge' });
    const { sessionId } = await client.activatedSession();
    for (const status of ['Processing', 'Accepted', 'Settled']) {
      await sandbox.moveTo(sessionId, status);
      await sandbox.webhooksSent();
    }
    expect((await sandbox.webhooks()).attempts.map(({ fault }) => fault)).toEqual(['drop', 'drop', 'forge', null]);
    expect((await client.control('webhook-faults')).body).toEqual([]);
  });

  it('is rejected with a list of all problems', async () => {
    const bad = { kind: 'drop', count: 0, delayMs: 5, colour: 'red' };
    const { status, body } = await client.control('webhook-faults', 'POST', bad);
    expect(status).toBe(400);
    for (const name of ['count', 'delayMs', 'colour']) expect(body['detail']).toContain(name);
  });
});
