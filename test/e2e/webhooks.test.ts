import { randomUUID } from 'node:crypto';
import { text } from 'node:stream/consumers';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { withSandbox } from '../support/fixture.js';
import type { TestGateway } from '../support/gateway.js';
import { CREATION, SEND, findPayment, newInput, pay, paymentIn } from '../support/payments.js';
import type { Operation, PaymentInput } from '../support/payments.js';
import { connectTo } from '../support/raw-http.js';
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
  webhookUrlOf,
} from '../support/webhooks.js';

const { sandbox, addGateway, start, output } = withSandbox({ switches: { settleAfterMs: 0 } });
const verifying = addGateway(BY_WEBHOOK_ONLY);
const trusting = addGateway({ ...BY_WEBHOOK_ONLY, FLINKS_API_VARIANT: 'webhooks=trust' });

beforeEach(() => sendWebhooksTo(verifying, sandbox));
afterEach(async () => {
  await Promise.all([sandbox.clearFaults(), sandbox.clearWebhookFaults()]);
  await sandbox.setSwitches({ webhookSignature: 'hex', webhookLayout: 'flat', webhookNamesRequest: true });
});

/** Creates a payment with a unique reference; resolves when its first event is processed. */
async function createPayment(gateway: TestGateway, operation: Operation = CREATION) {
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

function untilStatus(gateway: TestGateway, id: string, status: string): Promise<void> {
  return until(async () => (await findPayment(gateway, id))?.status === status);
}

/** The statuses of a payment after the first, with their sources. */
async function historyOf(gateway: TestGateway, id: string): Promise<string[]> {
  const query = 'query ($id: ID!) { paymentSession(id: $id) { events { status source } } }';
  const { data } = await gateway.post<{ paymentSession: { events: { status: string; source: string }[] } }>({
    query,
    variables: { id },
  });
  return (data?.paymentSession.events ?? []).slice(1).map(({ status, source }) => `${status} ${source}`);
}

/** An event of a session, like those of the sandbox. */
function eventOf(sessionId: string, status: string, when = new Date()): string {
  return JSON.stringify({ sessionId, status, when: when.toISOString() });
}

describe('a webhook with webhooks=verify', () => {
  it('causes a lookup, whose status is applied', async () => {
    const { id, sessionId } = await createPayment(verifying);
    const lookupsBefore = await sandbox.calls('lookup');
    await sandbox.moveTo(sessionId, 'Accepted');
    await untilStatus(verifying, id, 'ACCEPTED');
    expect(await historyOf(verifying, id)).toEqual(['INITIATED GATEWAY', 'ACCEPTED WEBHOOK']);
    expect(await sandbox.calls('lookup')).toBe(lookupsBefore + 1);
  });

  it('is ignored when the lookup contradicts it', async () => {
    const { id, sessionId } = await createPayment(verifying);
    const lookupsBefore = await sandbox.calls('lookup');
    await sandbox.sendWebhook(sessionId, { status: 'Settled' });
    await until(async () => (await sandbox.calls('lookup')) > lookupsBefore + 1);
    expect(await findPayment(verifying, id)).toMatchObject({ status: 'INITIATED' });
    await sandbox.moveTo(sessionId, 'Failed', 'EFT0403');
    await untilStatus(verifying, id, 'FAILED');
    await sandbox.moveTo(sessionId, 'Settled');
    await untilStatus(verifying, id, 'SETTLED');
    await inboxEmpty(verifying);
  });

  it.each([
    ['in an envelope', { webhookLayout: 'enveloped' }],
    ['signed in Base64', { webhookSignature: 'base64' }],
    ['without the id of the request', { webhookNamesRequest: false }],
  ] as const)('is accepted %s', async (_, switches) => {
    await sandbox.setSwitches(switches);
    const { id, sessionId } = await createPayment(verifying);
    await sandbox.moveTo(sessionId, 'Declined');
    await untilStatus(verifying, id, 'DECLINED');
  });

  it('waits for its payment when it arrives before the response that creates the payment', async () => {
    await sandbox.addFault({ endpoint: 'activate', kind: 'slow', when: 'after-work', delayMs: 4_000 });
    const input = newInput();
    const creation = pay(verifying, CREATION, input);
    await until(async () => (await sandbox.sessionsOf(input.customer))[0]?.status === 'Initiated');
    await sandbox.moveTo(await sessionIdOf(input), 'Accepted');
    await sandbox.webhooksSent();
    expect(await metricOf(verifying, 'flinks_pay_webhook_inbox{state="WAITING"}')).toBe(2);
    const { id, status } = paymentIn(await creation);
    expect(status).toBe('INITIATED');
    await untilStatus(verifying, id, 'ACCEPTED');
    await inboxEmpty(verifying);
  });

  it('waits while the lookup fails', async () => {
    const { id, sessionId } = await createPayment(verifying);
    await sandbox.addFault({ endpoint: 'lookup', kind: 'status', status: 500, count: 2 });
    await sandbox.moveTo(sessionId, 'Processing');
    await untilStatus(verifying, id, 'PROCESSING');
    expect(await historyOf(verifying, id)).toEqual(['INITIATED GATEWAY', 'PROCESSING WEBHOOK']);
  });

  it('is applied to an e-mailed payment that cannot be looked up', async () => {
    await sandbox.setSwitches({ webhookNamesRequest: false });
    const { id, sessionId } = await createPayment(verifying, SEND);
    const lookupsBefore = await sandbox.calls('lookup');
    await sandbox.moveTo(sessionId, 'Accepted');
    await untilStatus(verifying, id, 'ACCEPTED');
    expect(await sandbox.calls('lookup')).toBe(lookupsBefore);
  });

  it('provides the id by which an e-mailed payment can be looked up', async () => {
    const { id, sessionId } = await createPayment(verifying, SEND);
    const lookupsBefore = await sandbox.calls('lookup');
    await sandbox.setSwitches({ webhookNamesRequest: false });
    await sandbox.sendWebhook(sessionId, { status: 'Settled' });
    await until(async () => (await sandbox.calls('lookup')) > lookupsBefore);
    expect(await findPayment(verifying, id)).toMatchObject({ status: 'INITIATED' });
    await sandbox.moveTo(sessionId, 'Settled');
    await untilStatus(verifying, id, 'SETTLED');
  });

  it('of an orphaned session does not apply to a send with the same reference and amount', async () => {
    const input = { ...newInput(), referenceId: randomUUID() };
    await sandbox.addFault({ endpoint: 'activate', kind: 'cut', when: 'after-work' });
    await pay(verifying, CREATION, input);
    await sandbox.addFault({ endpoint: 'sendrequest', kind: 'cut', when: 'before-work' });
    const unknown = paymentIn(await pay(verifying, SEND, { ...input, idempotencyKey: randomUUID() }));
    const [orphaned] = await sandbox.sessionsOf(input.customer);
    await sandbox.moveTo(orphaned?.sessionId ?? '', 'Expired');
    await sandbox.webhooksSent();
    await inboxEmpty(verifying);
    expect((await findPayment(verifying, unknown.id))?.status).toBe('OUTCOME_UNKNOWN');
  });

  it('resolves a send whose response was lost', async () => {
    await sandbox.addFault({ endpoint: 'sendrequest', kind: 'cut', when: 'after-work' });
    const input = { ...newInput(), referenceId: randomUUID() };
    const lost = await pay(verifying, SEND, input);
    expect(lost).toMatchObject({ code: 'OUTCOME_UNKNOWN' });
    const { id } = paymentIn(lost);
    await untilStatus(verifying, id, 'INITIATED');
    expect(await historyOf(verifying, id)).toEqual(['OUTCOME_UNKNOWN GATEWAY', 'INITIATED WEBHOOK']);
    expect(await pay(verifying, SEND, input)).toMatchObject({ __typename: SEND.success, replayed: true });
    expect(await sandbox.mailsTo(input.customer)).toBe(1);
  });
});

describe('a webhook with webhooks=trust', () => {
  it('is applied without a lookup', async () => {
    await sendWebhooksTo(trusting, sandbox);
    const { id, sessionId } = await createPayment(trusting);
    const lookupsBefore = await sandbox.calls('lookup');
    await sandbox.sendWebhook(sessionId, { status: 'Failed', statusDetails: 'EFT0403' });
    await untilStatus(trusting, id, 'FAILED');
    const query = 'query ($id: ID!) { paymentSession(id: $id) { failure { reason } } }';
    const { data } = await trusting.post({ query, variables: { id } });
    expect(data).toEqual({ paymentSession: { failure: { reason: 'NAME_MISMATCH' } } });
    expect(await sandbox.calls('lookup')).toBe(lookupsBefore);
  });

  it('causes a lookup when it has no time', async () => {
    await sendWebhooksTo(trusting, sandbox);
    const { id, sessionId } = await createPayment(trusting);
    const lookupsBefore = await sandbox.calls('lookup');
    expect((await deliver(trusting, JSON.stringify({ sessionId, status: 'Settled' }))).status).toBe(200);
    await until(async () => (await sandbox.calls('lookup')) > lookupsBefore);
    expect(await findPayment(trusting, id)).toMatchObject({ status: 'INITIATED' });
    await sandbox.moveTo(sessionId, 'Settled');
    await untilStatus(trusting, id, 'SETTLED');
    await inboxEmpty(trusting);
  });
});

describe('a delivery of a webhook', () => {
  it('that is dropped is compensated by the next one', async () => {
    const { id, sessionId } = await createPayment(verifying);
    await sandbox.addWebhookFault({ kind: 'drop' });
    await sandbox.moveTo(sessionId, 'Processing');
    await sandbox.moveTo(sessionId, 'Accepted');
    await untilStatus(verifying, id, 'ACCEPTED');
    expect(await historyOf(verifying, id)).toEqual(['INITIATED GATEWAY', 'ACCEPTED WEBHOOK']);
  });

  it('that is doubled or replayed counts once', async () => {
    const { id, sessionId } = await createPayment(verifying);
    const before = await metricOf(verifying, 'flinks_pay_webhooks_total{result="duplicate"}');
    await sandbox.addWebhookFault({ kind: 'double' });
    await sandbox.moveTo(sessionId, 'Processing');
    await untilStatus(verifying, id, 'PROCESSING');
    await sandbox.addWebhookFault({ kind: 'replay' });
    await sandbox.moveTo(sessionId, 'Accepted');
    await untilStatus(verifying, id, 'ACCEPTED');
    await sandbox.replayWebhooks();
    await sandbox.webhooksSent();
    expect(await metricOf(verifying, 'flinks_pay_webhooks_total{result="duplicate"}')).toBe(before + 2);
    expect(await historyOf(verifying, id)).toEqual(['INITIATED GATEWAY', 'PROCESSING WEBHOOK', 'ACCEPTED WEBHOOK']);
  });

  it.each(['verify', 'trust'] as const)('that arrives late moves no status back with webhooks=%s', async (variant) => {
    const gateway = variant === 'verify' ? verifying : trusting;
    await sendWebhooksTo(gateway, sandbox);
    const { id, sessionId } = await createPayment(gateway);
    await sandbox.addWebhookFault({ kind: 'reorder' });
    await sandbox.addWebhookFault({ kind: 'delay', delayMs: 300 });
    await sandbox.moveTo(sessionId, 'Processing');
    await sandbox.moveTo(sessionId, 'Accepted');
    await sandbox.moveTo(sessionId, 'Settled');
    await untilStatus(gateway, id, 'SETTLED');
    await sandbox.webhooksSent();
    await inboxEmpty(gateway);
    expect((await sandbox.webhooks()).attempts.slice(-3).map(({ responseStatus }) => responseStatus)).toEqual([
      200, 200, 200,
    ]);
    expect(await historyOf(gateway, id)).toEqual(['INITIATED GATEWAY', 'SETTLED WEBHOOK']);
  });

  it('that is forged is rejected, and is not stored', async () => {
    await sendWebhooksTo(trusting, sandbox);
    const { id, sessionId } = await createPayment(trusting);
    await sandbox.addWebhookFault({ kind: 'forge' });
    await sandbox.moveTo(sessionId, 'Settled');
    await sandbox.webhooksSent();
    expect((await sandbox.webhooks()).attempts.at(-1)).toMatchObject({ fault: 'forge', responseStatus: 401 });
    await sandbox.sendWebhook(sessionId, { status: 'Processing' });
    await untilStatus(trusting, id, 'PROCESSING');
    expect(await historyOf(trusting, id)).toEqual(['INITIATED GATEWAY', 'PROCESSING WEBHOOK']);
  });

  it.each(['verify', 'trust'] as const)(
    'that first arrives after an outage is accepted with webhooks=%s',
    async (variant) => {
      const gateway = variant === 'verify' ? verifying : trusting;
      await sendWebhooksTo(gateway, sandbox);
      const { id, sessionId } = await createPayment(gateway);
      const before = await metricOf(gateway, 'flinks_pay_webhook_timings_total{timing="late"}');
      await sandbox.addWebhookFault({ kind: 'stale' });
      await sandbox.moveTo(sessionId, 'Accepted');
      await untilStatus(gateway, id, 'ACCEPTED');
      expect((await sandbox.webhooks()).attempts.at(-1)).toMatchObject({ fault: 'stale', responseStatus: 200 });
      expect(await metricOf(gateway, 'flinks_pay_webhook_timings_total{timing="late"}')).toBe(before + 1);
    },
  );

  it.each([
    ['late', -360_000],
    ['early', 360_000],
  ])('that is %s only causes a lookup, even with webhooks=trust', async (time, ms) => {
    await sendWebhooksTo(trusting, sandbox);
    const { id, sessionId } = await createPayment(trusting);
    const lookupsBefore = await sandbox.calls('lookup');
    const timed = `flinks_pay_webhook_timings_total{timing="${time}"}`;
    const before = await metricOf(trusting, timed);
    const event = eventOf(sessionId, 'Settled', new Date(Date.now() + ms));
    expect(await deliver(trusting, event)).toEqual({ status: 200, body: '{}' });
    // The second lookup is made after the result of the first one was processed.
    await until(async () => (await sandbox.calls('lookup')) > lookupsBefore + 1);
    expect(await findPayment(trusting, id)).toMatchObject({ status: 'INITIATED' });
    expect(await metricOf(trusting, timed)).toBe(before + 1);
    await sandbox.moveTo(sessionId, 'Settled');
    await untilStatus(trusting, id, 'SETTLED');
    await inboxEmpty(trusting);
  });

  it('that is rejected gets no reason in the response', async () => {
    const body = eventOf(randomUUID(), 'Settled');
    const responses = await Promise.all([
      deliver(verifying, body, {}),
      deliver(verifying, body, { 'x-webhook-signature': signatureOf(body, 'another-secret-of-ours') }),
      deliver(verifying, body, { 'x-webhook-signature': '', 'content-type': 'json' }),
    ]);
    const bodies = responses.map(({ status, body: text }) => `${status} ${text.replace(/"requestId":"[^"]+"/, '')}`);
    expect(new Set(bodies).size).toBe(1);
    expect(bodies[0]).toMatch(/^401 .*UNAUTHENTICATED/);
    for (const reason of ['unsigned', 'bad_signature'])
      expect(await metricOf(verifying, `flinks_pay_webhooks_total{result="rejected_${reason}"}`)).toBeGreaterThan(0);
    await verifying.logged('"outcome":"rejected_bad_signature"');
  });

  it('with an unreadable body is stored and counted', async () => {
    const before = await metricOf(verifying, 'flinks_pay_webhook_inbox{state="UNREADABLE"}');
    for (const body of ['', '<event/>', '{"status":"Settled"}', Buffer.from([0, 255, 1])])
      expect(await deliver(verifying, body)).toEqual({ status: 200, body: '{}' });
    expect(await metricOf(verifying, 'flinks_pay_webhook_inbox{state="UNREADABLE"}')).toBe(before + 4);
    expect(await metricOf(verifying, 'flinks_pay_webhooks_total{result="unreadable"}')).toBe(before + 4);
  });

  it.each([
    undefined,
    'text/plain',
    'application/x-www-form-urlencoded',
    'application/json',
    'application/json,application/json',
    'application/json charset=utf-8',
    'application/json; charset=utf-16',
    'application/json;;',
    'multipart/form-data; boundary=',
    'json',
    'text',
    '',
    ' ',
    '*/*',
    ';',
    '/',
    'text/plain; x="',
  ])('is accepted with the content type %j', async (type) => {
    const body = Buffer.from(`{"sessionId":"${randomUUID()}" , "status":"é"}`);
    const headers = {
      'x-flinks-signature': signatureOf(body),
      ...(type === undefined ? {} : { 'content-type': type }),
    };
    const before = await metricOf(verifying, 'flinks_pay_webhooks_total{result="stored"}');
    expect(await deliver(verifying, body, headers)).toEqual({ status: 200, body: '{}' });
    expect(await metricOf(verifying, 'flinks_pay_webhooks_total{result="stored"}')).toBe(before + 1);
  });

  it('is accepted with gzip, and counts once with the same event in another encoding', async () => {
    const body = eventOf(randomUUID(), 'Accepted');
    const compressed = gzipSync(body);
    const before = await metricOf(verifying, 'flinks_pay_webhooks_total{result="duplicate"}');
    for (const signedBytes of [compressed, body]) {
      const headers = { 'content-encoding': 'gzip', 'x-webhook-signature': signatureOf(signedBytes) };
      expect((await deliver(verifying, compressed, headers)).status).toBe(200);
    }
    expect((await deliver(verifying, body)).status).toBe(200);
    expect(await metricOf(verifying, 'flinks_pay_webhooks_total{result="duplicate"}')).toBe(before + 2);
  });

  /** Sends a POST with the signature of `body` and with `rest` after the first headers; returns the raw response. */
  const sendRaw = (rest: string, body: string, path = '/webhooks/flinks') => {
    const socket = connectTo(verifying);
    const head = [`POST ${path} HTTP/1.1`, 'host: a', 'connection: close', `x-webhook-signature: ${signatureOf(body)}`];
    socket.write([...head, rest].join('\r\n'));
    return text(socket);
  };

  it('is accepted in chunks, after 100 Continue, and at a path with a query or a trailing slash', async () => {
    const event = () => eventOf(randomUUID(), 'Accepted');
    const whole = (body: string) => `content-length: ${body.length}\r\n\r\n${body}`;
    const chunked = (body: string) =>
      `transfer-encoding: chunked\r\n\r\n${body.length.toString(16)}\r\n${body}\r\n0\r\n\r\n`;
    for (const path of ['/webhooks/flinks', '/webhooks/flinks/', '/webhooks/flinks?source=pay', '/webhooks/flinks/?a'])
      for (const lines of [whole, chunked]) {
        const body = event();
        expect(await sendRaw(lines(body), body, path)).toMatch(/^HTTP\/1.1 200 /);
      }
    const awaited = event();
    expect(await sendRaw(`expect: 100-continue\r\n${whole(awaited)}`, awaited)).toMatch(
      /^HTTP\/1.1 100 Continue\r\n\r\nHTTP\/1.1 200 /,
    );
    expect(await sendRaw('\r\n', '')).toMatch(/^HTTP\/1.1 200 /);
  });

  it.each(['GET', 'HEAD', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] as const)(
    'by %s is rejected and counted',
    async (method) => {
      const before = await metricOf(verifying, 'flinks_pay_webhooks_total{result="rejected_method"}');
      const response = await fetch(webhookUrlOf(verifying), {
        method,
        ...(['GET', 'HEAD'].includes(method) ? {} : { body: eventOf(randomUUID(), 'Accepted') }),
      });
      expect([response.status, response.headers.get('allow')]).toEqual([405, 'POST']);
      expect(await metricOf(verifying, 'flinks_pay_webhooks_total{result="rejected_method"}')).toBe(before + 1);
    },
  );

  it('that cannot be received is counted, and logged once with the reason', async () => {
    const count = (reason: string) => metricOf(verifying, `flinks_pay_webhooks_total{result="rejected_${reason}"}`);
    const body = eventOf(randomUUID(), 'Accepted');
    const reasons = ['unknown_encoding', 'too_large', 'incomplete'];
    const before = await Promise.all(reasons.map(count));
    for (let time = 0; time < 2; time++) {
      const headers = { 'content-encoding': 'zstd', 'x-webhook-signature': signatureOf('else') };
      expect((await deliver(verifying, body, headers)).status).toBe(415);
      const bomb = gzipSync(Buffer.alloc(1_000_000));
      const compressed = { 'content-encoding': 'gzip', 'x-webhook-signature': signatureOf('else') };
      expect((await deliver(verifying, bomb, compressed)).status).toBe(413);
      const socket = connectTo(verifying);
      socket.write('POST /webhooks/flinks HTTP/1.1\r\nhost: a\r\ncontent-length: 99\r\n\r\n{', () => socket.destroy());
    }
    await until(async () => (await count('incomplete')) === (before[2] ?? 0) + 2);
    expect(await Promise.all(reasons.map(count))).toEqual(before.map((each) => each + 2));
    for (const reason of reasons) {
      await verifying.logged(`"outcome":"rejected_${reason}"`);
      const lines = verifying.output
        .split('\n')
        .filter((line) => line.includes(`"outcome":"rejected_${reason}","reason":"`));
      expect(lines).toHaveLength(1);
    }
  });

  it('is rejected above 64 KiB', async () => {
    const body = (bytes: number) => `{"sessionId":"${randomUUID()}"}`.padEnd(bytes);
    const before = await metricOf(verifying, 'flinks_pay_webhooks_total{result="rejected_too_large"}');
    expect((await deliver(verifying, body(65_536))).status).toBe(200);
    expect((await deliver(verifying, body(65_537))).status).toBe(413);
    expect(await metricOf(verifying, 'flinks_pay_webhooks_total{result="rejected_too_large"}')).toBe(before + 1);
  });
});

describe('the webhook secret', () => {
  it('can be replaced while both secrets are configured', async () => {
    const secrets = `the-next-secret-of-all, ${WEBHOOK_SECRET}`;
    const gateway = await start({ ...BY_WEBHOOK_ONLY, FLINKS_WEBHOOK_SECRETS: secrets });
    const body = eventOf(randomUUID(), 'Accepted');
    for (const [secret, status] of [
      ['the-next-secret-of-all', 200],
      [WEBHOOK_SECRET, 200],
      ['a-secret-before-these', 401],
    ] as const)
      expect((await deliver(gateway, body, { 'x-webhook-signature': signatureOf(body, secret) })).status).toBe(status);
    await gateway.kill();
  });

  it('is required for the webhook route to exist', async () => {
    const gateway = await start();
    expect((await deliver(gateway, eventOf(randomUUID(), 'Accepted'))).status).toBe(404);
    await gateway.kill();
  });
});

describe('the log of webhooks', () => {
  it('contains no name, e-mail address, session id or secret', async () => {
    expect(output()).toContain('"outcome":"stored"');
    expect(await secretsIn(output(), sandbox)).toEqual([]);
    expect(output()).not.toContain(WEBHOOK_SECRET);
    expect(output()).not.toContain('"level":"error"');
  });
});
