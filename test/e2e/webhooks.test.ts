import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Fleet } from '../support/fleet.js';
import type { TestGateway } from '../support/gateway.js';
import { CREATION, SEND, find, newInput, pay, paymentIn } from '../support/payments.js';
import type { Operation, PaymentInput } from '../support/payments.js';
import { TestSandbox } from '../support/sandbox.js';
import { secretsIn } from '../support/secrets.js';
import { until } from '../support/until.js';
import {
  BY_WEBHOOK_ONLY,
  WEBHOOK_SECRET,
  deliver,
  inboxEmpty,
  metricOf,
  sendWebhooksTo,
  signatureOf,
} from '../support/webhooks.js';

const fleet = new Fleet();
let sandbox: TestSandbox;
let hinted: TestGateway;
let believing: TestGateway;

beforeAll(async () => {
  sandbox = await TestSandbox.start({ settleAfterMs: 0 });
  [hinted, believing] = await Promise.all([
    fleet.start(sandbox.url, BY_WEBHOOK_ONLY),
    fleet.start(sandbox.url, { ...BY_WEBHOOK_ONLY, FLINKS_PROFILE: 'webhooks=believed' }),
  ]);
});
afterAll(async () => {
  await fleet.end();
  await sandbox.close();
});

beforeEach(() => sendWebhooksTo(hinted, sandbox));
afterEach(async () => {
  await Promise.all([sandbox.clearFaults(), sandbox.clearWebhookFaults()]);
  await sandbox.setSwitches({ webhookSignature: 'hex', webhookLayout: 'flat', webhookNamesRequest: true });
});

/** A payment of a reference of its own, whose first event, of being initiated, is acted upon. */
async function started(gateway: TestGateway, operation: Operation = CREATION) {
  const input = { ...newInput(), referenceId: randomUUID() };
  const { id } = paymentIn(await pay(gateway, operation, input));
  await sandbox.webhooksSent();
  await inboxEmpty(gateway);
  return { id, sessionId: await sessionIdOf(input) };
}

async function sessionIdOf({ customer }: PaymentInput): Promise<string> {
  const [session] = await sandbox.sessionsOf(customer);
  if (session === undefined) throw new Error('there is no session');
  return session.sessionId;
}

function becomes(gateway: TestGateway, id: string, status: string): Promise<void> {
  return until(async () => (await find(gateway, id))?.status === status);
}

/** The statuses of a payment after its first, with who told them. */
async function historyOf(gateway: TestGateway, id: string): Promise<string[]> {
  const query = 'query ($id: ID!) { paymentSession(id: $id) { events { status source } } }';
  const { data } = await gateway.post<{ paymentSession: { events: { status: string; source: string }[] } }>({
    query,
    variables: { id },
  });
  return (data?.paymentSession.events ?? []).slice(1).map(({ status, source }) => `${status} ${source}`);
}

/** An event of a session as the sandbox would tell it. */
function eventOf(sessionId: string, status: string, when = new Date()): string {
  return JSON.stringify({ sessionId, status, when: when.toISOString() });
}

describe('a webhook that is a hint', () => {
  it('has Flinks asked, and its answer counts', async () => {
    const { id, sessionId } = await started(hinted);
    const asked = await sandbox.calls('look-up');
    await sandbox.moveTo(sessionId, 'Accepted');
    await becomes(hinted, id, 'ACCEPTED');
    expect(await historyOf(hinted, id)).toEqual(['INITIATED GATEWAY', 'ACCEPTED WEBHOOK']);
    expect(await sandbox.calls('look-up')).toBe(asked + 1);
  });

  it('is not believed when Flinks says something else', async () => {
    const { id, sessionId } = await started(hinted);
    const asked = await sandbox.calls('look-up');
    await sandbox.sendWebhook(sessionId, { status: 'Settled' });
    await until(async () => (await sandbox.calls('look-up')) > asked + 1);
    expect(await find(hinted, id)).toMatchObject({ status: 'INITIATED' });
    await sandbox.moveTo(sessionId, 'Failed', 'EFT0403');
    await becomes(hinted, id, 'FAILED');
    await sandbox.moveTo(sessionId, 'Settled');
    await becomes(hinted, id, 'SETTLED');
    await inboxEmpty(hinted);
  });

  it.each([
    ['in an envelope', { webhookLayout: 'enveloped' }],
    ['signed in Base64', { webhookSignature: 'base64' }],
    ['without the id of the request', { webhookNamesRequest: false }],
  ] as const)('is taken %s', async (_, switches) => {
    await sandbox.setSwitches(switches);
    const { id, sessionId } = await started(hinted);
    await sandbox.moveTo(sessionId, 'Declined');
    await becomes(hinted, id, 'DECLINED');
  });

  it('waits for the payment when it comes before the answer that made it', async () => {
    await sandbox.addFault({ endpoint: 'activate', kind: 'slow', when: 'after-work', delayMs: 4_000 });
    const input = newInput();
    const creation = pay(hinted, CREATION, input);
    await until(async () => (await sandbox.sessionsOf(input.customer))[0]?.status === 'Initiated');
    await sandbox.moveTo(await sessionIdOf(input), 'Accepted');
    await sandbox.webhooksSent();
    expect(await metricOf(hinted, 'webhook_inbox{state="WAITING"}')).toBe(2);
    const { id, status } = paymentIn(await creation);
    expect(status).toBe('INITIATED');
    await becomes(hinted, id, 'ACCEPTED');
    await inboxEmpty(hinted);
  });

  it('waits while Flinks does not answer', async () => {
    const { id, sessionId } = await started(hinted);
    await sandbox.addFault({ endpoint: 'look-up', kind: 'status', status: 500, count: 2 });
    await sandbox.moveTo(sessionId, 'Processing');
    await becomes(hinted, id, 'PROCESSING');
    expect(await historyOf(hinted, id)).toEqual(['INITIATED GATEWAY', 'PROCESSING WEBHOOK']);
  });

  it('counts for an e-mailed payment that cannot be looked up', async () => {
    await sandbox.setSwitches({ webhookNamesRequest: false });
    const { id, sessionId } = await started(hinted, SEND);
    const asked = await sandbox.calls('look-up');
    await sandbox.moveTo(sessionId, 'Accepted');
    await becomes(hinted, id, 'ACCEPTED');
    expect(await sandbox.calls('look-up')).toBe(asked);
  });

  it('tells by which id an e-mailed payment can be looked up', async () => {
    const { id, sessionId } = await started(hinted, SEND);
    const asked = await sandbox.calls('look-up');
    await sandbox.setSwitches({ webhookNamesRequest: false });
    await sandbox.sendWebhook(sessionId, { status: 'Settled' });
    await until(async () => (await sandbox.calls('look-up')) > asked);
    expect(await find(hinted, id)).toMatchObject({ status: 'INITIATED' });
    await sandbox.moveTo(sessionId, 'Settled');
    await becomes(hinted, id, 'SETTLED');
  });

  it('of a session that was left behind tells nothing of a send with the same reference and amount', async () => {
    const input = { ...newInput(), referenceId: randomUUID() };
    await sandbox.addFault({ endpoint: 'activate', kind: 'cut', when: 'after-work' });
    await pay(hinted, CREATION, input);
    await sandbox.addFault({ endpoint: 'sendrequest', kind: 'cut', when: 'before-work' });
    const unknown = paymentIn(await pay(hinted, SEND, { ...input, idempotencyKey: randomUUID() }));
    const [left] = await sandbox.sessionsOf(input.customer);
    await sandbox.moveTo(left?.sessionId ?? '', 'Expired');
    await sandbox.webhooksSent();
    await inboxEmpty(hinted);
    expect((await find(hinted, unknown.id))?.status).toBe('UNKNOWN');
  });

  it('resolves a send whose answer was lost', async () => {
    await sandbox.addFault({ endpoint: 'sendrequest', kind: 'cut', when: 'after-work' });
    const input = { ...newInput(), referenceId: randomUUID() };
    const lost = await pay(hinted, SEND, input);
    expect(lost).toMatchObject({ code: 'OUTCOME_UNKNOWN' });
    const { id } = paymentIn(lost);
    await becomes(hinted, id, 'INITIATED');
    expect(await historyOf(hinted, id)).toEqual(['UNKNOWN GATEWAY', 'INITIATED WEBHOOK']);
    expect(await pay(hinted, SEND, input)).toMatchObject({ __typename: SEND.success, replayed: true });
    expect(await sandbox.mailsTo(input.customer)).toBe(1);
  });
});

describe('a webhook that is believed', () => {
  it('counts without a look-up', async () => {
    await sendWebhooksTo(believing, sandbox);
    const { id, sessionId } = await started(believing);
    const asked = await sandbox.calls('look-up');
    await sandbox.sendWebhook(sessionId, { status: 'Failed', statusDetails: 'EFT0403' });
    await becomes(believing, id, 'FAILED');
    const query = 'query ($id: ID!) { paymentSession(id: $id) { failure { reason } } }';
    const { data } = await believing.post({ query, variables: { id } });
    expect(data).toEqual({ paymentSession: { failure: { reason: 'NAME_MISMATCH' } } });
    expect(await sandbox.calls('look-up')).toBe(asked);
  });

  it('is a hint when it has no time', async () => {
    await sendWebhooksTo(believing, sandbox);
    const { id, sessionId } = await started(believing);
    const asked = await sandbox.calls('look-up');
    expect((await deliver(believing, JSON.stringify({ sessionId, status: 'Settled' }))).status).toBe(200);
    await until(async () => (await sandbox.calls('look-up')) > asked);
    expect(await find(believing, id)).toMatchObject({ status: 'INITIATED' });
    await sandbox.moveTo(sessionId, 'Settled');
    await becomes(believing, id, 'SETTLED');
    await inboxEmpty(believing);
  });
});

describe('a delivery', () => {
  it('that is dropped is made up for by the next', async () => {
    const { id, sessionId } = await started(hinted);
    await sandbox.addWebhookFault({ kind: 'drop' });
    await sandbox.moveTo(sessionId, 'Processing');
    await sandbox.moveTo(sessionId, 'Accepted');
    await becomes(hinted, id, 'ACCEPTED');
    expect(await historyOf(hinted, id)).toEqual(['INITIATED GATEWAY', 'ACCEPTED WEBHOOK']);
  });

  it('that is doubled or replayed is one', async () => {
    const { id, sessionId } = await started(hinted);
    const before = await metricOf(hinted, 'webhooks_total{outcome="duplicate"}');
    await sandbox.addWebhookFault({ kind: 'double' });
    await sandbox.moveTo(sessionId, 'Processing');
    await becomes(hinted, id, 'PROCESSING');
    await sandbox.addWebhookFault({ kind: 'replay' });
    await sandbox.moveTo(sessionId, 'Accepted');
    await becomes(hinted, id, 'ACCEPTED');
    await sandbox.replayWebhooks();
    await sandbox.webhooksSent();
    expect(await metricOf(hinted, 'webhooks_total{outcome="duplicate"}')).toBe(before + 2);
    expect(await historyOf(hinted, id)).toEqual(['INITIATED GATEWAY', 'PROCESSING WEBHOOK', 'ACCEPTED WEBHOOK']);
  });

  it.each(['hint', 'believed'] as const)('that comes late moves nothing back: %s', async (worth) => {
    const gateway = worth === 'hint' ? hinted : believing;
    await sendWebhooksTo(gateway, sandbox);
    const { id, sessionId } = await started(gateway);
    await sandbox.addWebhookFault({ kind: 'reorder' });
    await sandbox.addWebhookFault({ kind: 'delay', delayMs: 300 });
    await sandbox.moveTo(sessionId, 'Processing');
    await sandbox.moveTo(sessionId, 'Accepted');
    await sandbox.moveTo(sessionId, 'Settled');
    await becomes(gateway, id, 'SETTLED');
    await sandbox.webhooksSent();
    await inboxEmpty(gateway);
    expect((await sandbox.webhooks()).attempts.slice(-3).map(({ answered }) => answered)).toEqual([200, 200, 200]);
    expect(await historyOf(gateway, id)).toEqual(['INITIATED GATEWAY', 'SETTLED WEBHOOK']);
  });

  it.each(['forge', 'stale'] as const)('of kind %s is refused, and leaves no trace', async (kind) => {
    await sendWebhooksTo(believing, sandbox);
    const { id, sessionId } = await started(believing);
    await sandbox.addWebhookFault({ kind });
    await sandbox.moveTo(sessionId, 'Settled');
    await sandbox.webhooksSent();
    expect((await sandbox.webhooks()).attempts.at(-1)).toMatchObject({ fault: kind, answered: 401 });
    await sandbox.sendWebhook(sessionId, { status: 'Processing' });
    await becomes(believing, id, 'PROCESSING');
    expect(await historyOf(believing, id)).toEqual(['INITIATED GATEWAY', 'PROCESSING WEBHOOK']);
  });

  it('that is refused is not told why', async () => {
    const body = eventOf(randomUUID(), 'Settled');
    const old = eventOf(randomUUID(), 'Settled', new Date(Date.now() - 301_000));
    const early = eventOf(randomUUID(), 'Settled', new Date(Date.now() + 301_000));
    const answers = await Promise.all([
      deliver(hinted, body, {}),
      deliver(hinted, body, { 'x-webhook-signature': signatureOf(body, 'another-secret-of-ours') }),
      deliver(hinted, old),
      deliver(hinted, early),
    ]);
    const told = answers.map(({ status, body: text }) => `${status} ${text.replace(/"requestId":"[^"]+"/, '')}`);
    expect(new Set(told).size).toBe(1);
    expect(told[0]).toMatch(/^401 .*UNAUTHENTICATED/);
    for (const reason of ['unsigned', 'bad_signature', 'too_old', 'too_new'])
      expect(await metricOf(hinted, `webhooks_total{outcome="refused_${reason}"}`)).toBeGreaterThan(0);
    await hinted.logged('"outcome":"refused_too_new"');
  });

  it('that cannot be read is kept and counted', async () => {
    const before = await metricOf(hinted, 'webhook_inbox{state="UNREADABLE"}');
    for (const body of ['', '<event/>', '{"status":"Settled"}', Buffer.from([0, 255, 1])])
      expect(await deliver(hinted, body)).toEqual({ status: 200, body: '{}' });
    expect(await metricOf(hinted, 'webhook_inbox{state="UNREADABLE"}')).toBe(before + 4);
    expect(await metricOf(hinted, 'webhooks_total{outcome="unreadable"}')).toBe(before + 4);
  });

  it.each([undefined, 'text/plain', 'application/x-www-form-urlencoded', 'application/json'])(
    'may be of type %s',
    async (type) => {
      const body = Buffer.from(`{"sessionId":"${randomUUID()}" , "status":"é"}`);
      const headers = {
        'x-flinks-signature': signatureOf(body),
        ...(type === undefined ? {} : { 'content-type': type }),
      };
      expect(await deliver(hinted, body, headers)).toEqual({ status: 200, body: '{}' });
    },
  );

  it('may not be larger than an event is', async () => {
    const body = (bytes: number) => `{"sessionId":"${randomUUID()}"}`.padEnd(bytes);
    expect((await deliver(hinted, body(65_536))).status).toBe(200);
    expect((await deliver(hinted, body(65_537))).status).toBe(413);
  });
});

describe('the secret', () => {
  it('may be changed while both are known', async () => {
    const secrets = `the-next-secret-of-all, ${WEBHOOK_SECRET}`;
    const gateway = await fleet.start(sandbox.url, { ...BY_WEBHOOK_ONLY, FLINKS_WEBHOOK_SECRETS: secrets });
    const body = eventOf(randomUUID(), 'Accepted');
    for (const [secret, status] of [
      ['the-next-secret-of-all', 200],
      [WEBHOOK_SECRET, 200],
      ['a-secret-before-these', 401],
    ] as const)
      expect((await deliver(gateway, body, { 'x-webhook-signature': signatureOf(body, secret) })).status).toBe(status);
    await gateway.kill();
  });

  it('is needed for the route to be there', async () => {
    const gateway = await fleet.start(sandbox.url);
    expect((await deliver(gateway, eventOf(randomUUID(), 'Accepted'))).status).toBe(404);
    await gateway.kill();
  });
});

describe('the log of all that', () => {
  it('holds no name, e-mail, session id or secret', async () => {
    expect(fleet.output).toContain('"outcome":"stored"');
    expect(await secretsIn(fleet, sandbox)).toEqual([]);
    expect(fleet.output).not.toContain(WEBHOOK_SECRET);
    expect(fleet.output).not.toContain('"level":"error"');
  });
});
