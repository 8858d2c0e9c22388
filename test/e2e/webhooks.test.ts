import { randomUUID } from 'node:crypto';
import { text } from 'node:stream/consumers';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { withSandbox } from '../support/fixture.js';
import type { TestGateway } from '../support/gateway.js';
import { CREATION, SEND, find, newInput, pay, paymentIn } from '../support/payments.js';
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
const hinted = addGateway(BY_WEBHOOK_ONLY);
const believing = addGateway({ ...BY_WEBHOOK_ONLY, FLINKS_API_VARIANT: 'webhooks=trust' });

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
    const asked = await sandbox.calls('lookup');
    await sandbox.moveTo(sessionId, 'Accepted');
    await becomes(hinted, id, 'ACCEPTED');
    expect(await historyOf(hinted, id)).toEqual(['INITIATED GATEWAY', 'ACCEPTED WEBHOOK']);
    expect(await sandbox.calls('lookup')).toBe(asked + 1);
  });

  it('is not believed when Flinks says something else', async () => {
    const { id, sessionId } = await started(hinted);
    const asked = await sandbox.calls('lookup');
    await sandbox.sendWebhook(sessionId, { status: 'Settled' });
    await until(async () => (await sandbox.calls('lookup')) > asked + 1);
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
    expect(await metricOf(hinted, 'flinks_pay_webhook_inbox{state="WAITING"}')).toBe(2);
    const { id, status } = paymentIn(await creation);
    expect(status).toBe('INITIATED');
    await becomes(hinted, id, 'ACCEPTED');
    await inboxEmpty(hinted);
  });

  it('waits while Flinks does not answer', async () => {
    const { id, sessionId } = await started(hinted);
    await sandbox.addFault({ endpoint: 'lookup', kind: 'status', status: 500, count: 2 });
    await sandbox.moveTo(sessionId, 'Processing');
    await becomes(hinted, id, 'PROCESSING');
    expect(await historyOf(hinted, id)).toEqual(['INITIATED GATEWAY', 'PROCESSING WEBHOOK']);
  });

  it('counts for an e-mailed payment that cannot be looked up', async () => {
    await sandbox.setSwitches({ webhookNamesRequest: false });
    const { id, sessionId } = await started(hinted, SEND);
    const asked = await sandbox.calls('lookup');
    await sandbox.moveTo(sessionId, 'Accepted');
    await becomes(hinted, id, 'ACCEPTED');
    expect(await sandbox.calls('lookup')).toBe(asked);
  });

  it('tells by which id an e-mailed payment can be looked up', async () => {
    const { id, sessionId } = await started(hinted, SEND);
    const asked = await sandbox.calls('lookup');
    await sandbox.setSwitches({ webhookNamesRequest: false });
    await sandbox.sendWebhook(sessionId, { status: 'Settled' });
    await until(async () => (await sandbox.calls('lookup')) > asked);
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
    expect((await find(hinted, unknown.id))?.status).toBe('OUTCOME_UNKNOWN');
  });

  it('resolves a send whose answer was lost', async () => {
    await sandbox.addFault({ endpoint: 'sendrequest', kind: 'cut', when: 'after-work' });
    const input = { ...newInput(), referenceId: randomUUID() };
    const lost = await pay(hinted, SEND, input);
    expect(lost).toMatchObject({ code: 'OUTCOME_UNKNOWN' });
    const { id } = paymentIn(lost);
    await becomes(hinted, id, 'INITIATED');
    expect(await historyOf(hinted, id)).toEqual(['OUTCOME_UNKNOWN GATEWAY', 'INITIATED WEBHOOK']);
    expect(await pay(hinted, SEND, input)).toMatchObject({ __typename: SEND.success, replayed: true });
    expect(await sandbox.mailsTo(input.customer)).toBe(1);
  });
});

describe('a webhook that is believed', () => {
  it('counts without a lookup', async () => {
    await sendWebhooksTo(believing, sandbox);
    const { id, sessionId } = await started(believing);
    const asked = await sandbox.calls('lookup');
    await sandbox.sendWebhook(sessionId, { status: 'Failed', statusDetails: 'EFT0403' });
    await becomes(believing, id, 'FAILED');
    const query = 'query ($id: ID!) { paymentSession(id: $id) { failure { reason } } }';
    const { data } = await believing.post({ query, variables: { id } });
    expect(data).toEqual({ paymentSession: { failure: { reason: 'NAME_MISMATCH' } } });
    expect(await sandbox.calls('lookup')).toBe(asked);
  });

  it('is a hint when it has no time', async () => {
    await sendWebhooksTo(believing, sandbox);
    const { id, sessionId } = await started(believing);
    const asked = await sandbox.calls('lookup');
    expect((await deliver(believing, JSON.stringify({ sessionId, status: 'Settled' }))).status).toBe(200);
    await until(async () => (await sandbox.calls('lookup')) > asked);
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
    const before = await metricOf(hinted, 'flinks_pay_webhooks_total{result="duplicate"}');
    await sandbox.addWebhookFault({ kind: 'double' });
    await sandbox.moveTo(sessionId, 'Processing');
    await becomes(hinted, id, 'PROCESSING');
    await sandbox.addWebhookFault({ kind: 'replay' });
    await sandbox.moveTo(sessionId, 'Accepted');
    await becomes(hinted, id, 'ACCEPTED');
    await sandbox.replayWebhooks();
    await sandbox.webhooksSent();
    expect(await metricOf(hinted, 'flinks_pay_webhooks_total{result="duplicate"}')).toBe(before + 2);
    expect(await historyOf(hinted, id)).toEqual(['INITIATED GATEWAY', 'PROCESSING WEBHOOK', 'ACCEPTED WEBHOOK']);
  });

  it.each(['verify', 'trust'] as const)('that comes late moves nothing back: %s', async (worth) => {
    const gateway = worth === 'verify' ? hinted : believing;
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
    expect((await sandbox.webhooks()).attempts.slice(-3).map(({ responseStatus }) => responseStatus)).toEqual([
      200, 200, 200,
    ]);
    expect(await historyOf(gateway, id)).toEqual(['INITIATED GATEWAY', 'SETTLED WEBHOOK']);
  });

  it('that is forged is refused, and leaves no trace', async () => {
    await sendWebhooksTo(believing, sandbox);
    const { id, sessionId } = await started(believing);
    await sandbox.addWebhookFault({ kind: 'forge' });
    await sandbox.moveTo(sessionId, 'Settled');
    await sandbox.webhooksSent();
    expect((await sandbox.webhooks()).attempts.at(-1)).toMatchObject({ fault: 'forge', responseStatus: 401 });
    await sandbox.sendWebhook(sessionId, { status: 'Processing' });
    await becomes(believing, id, 'PROCESSING');
    expect(await historyOf(believing, id)).toEqual(['INITIATED GATEWAY', 'PROCESSING WEBHOOK']);
  });

  it.each(['verify', 'trust'] as const)('that comes for the first time after an outage is taken: %s', async (worth) => {
    const gateway = worth === 'verify' ? hinted : believing;
    await sendWebhooksTo(gateway, sandbox);
    const { id, sessionId } = await started(gateway);
    const before = await metricOf(gateway, 'flinks_pay_webhook_timings_total{timing="late"}');
    await sandbox.addWebhookFault({ kind: 'stale' });
    await sandbox.moveTo(sessionId, 'Accepted');
    await becomes(gateway, id, 'ACCEPTED');
    expect((await sandbox.webhooks()).attempts.at(-1)).toMatchObject({ fault: 'stale', responseStatus: 200 });
    expect(await metricOf(gateway, 'flinks_pay_webhook_timings_total{timing="late"}')).toBe(before + 1);
  });

  it.each([
    ['late', -360_000],
    ['early', 360_000],
  ])('that is %s changes nothing by itself, with either API variant', async (time, ms) => {
    await sendWebhooksTo(believing, sandbox);
    const { id, sessionId } = await started(believing);
    const asked = await sandbox.calls('lookup');
    const timed = `flinks_pay_webhook_timings_total{timing="${time}"}`;
    const before = await metricOf(believing, timed);
    const event = eventOf(sessionId, 'Settled', new Date(Date.now() + ms));
    expect(await deliver(believing, event)).toEqual({ status: 200, body: '{}' });
    // The second one is made after the first answer was judged.
    await until(async () => (await sandbox.calls('lookup')) > asked + 1);
    expect(await find(believing, id)).toMatchObject({ status: 'INITIATED' });
    expect(await metricOf(believing, timed)).toBe(before + 1);
    await sandbox.moveTo(sessionId, 'Settled');
    await becomes(believing, id, 'SETTLED');
    await inboxEmpty(believing);
  });

  it('that is refused is not told why', async () => {
    const body = eventOf(randomUUID(), 'Settled');
    const answers = await Promise.all([
      deliver(hinted, body, {}),
      deliver(hinted, body, { 'x-webhook-signature': signatureOf(body, 'another-secret-of-ours') }),
      deliver(hinted, body, { 'x-webhook-signature': '', 'content-type': 'json' }),
    ]);
    const told = answers.map(({ status, body: text }) => `${status} ${text.replace(/"requestId":"[^"]+"/, '')}`);
    expect(new Set(told).size).toBe(1);
    expect(told[0]).toMatch(/^401 .*UNAUTHENTICATED/);
    for (const reason of ['unsigned', 'bad_signature'])
      expect(await metricOf(hinted, `flinks_pay_webhooks_total{result="rejected_${reason}"}`)).toBeGreaterThan(0);
    await hinted.logged('"outcome":"rejected_bad_signature"');
  });

  it('that cannot be read is kept and counted', async () => {
    const before = await metricOf(hinted, 'flinks_pay_webhook_inbox{state="UNREADABLE"}');
    for (const body of ['', '<event/>', '{"status":"Settled"}', Buffer.from([0, 255, 1])])
      expect(await deliver(hinted, body)).toEqual({ status: 200, body: '{}' });
    expect(await metricOf(hinted, 'flinks_pay_webhook_inbox{state="UNREADABLE"}')).toBe(before + 4);
    expect(await metricOf(hinted, 'flinks_pay_webhooks_total{result="unreadable"}')).toBe(before + 4);
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
  ])('may be of type %j', async (type) => {
    const body = Buffer.from(`{"sessionId":"${randomUUID()}" , "status":"é"}`);
    const headers = {
      'x-flinks-signature': signatureOf(body),
      ...(type === undefined ? {} : { 'content-type': type }),
    };
    const before = await metricOf(hinted, 'flinks_pay_webhooks_total{result="stored"}');
    expect(await deliver(hinted, body, headers)).toEqual({ status: 200, body: '{}' });
    expect(await metricOf(hinted, 'flinks_pay_webhooks_total{result="stored"}')).toBe(before + 1);
  });

  it('may be packed, and is one with the same event in another packing', async () => {
    const body = eventOf(randomUUID(), 'Accepted');
    const packed = gzipSync(body);
    const before = await metricOf(hinted, 'flinks_pay_webhooks_total{result="duplicate"}');
    for (const signed of [packed, body]) {
      const headers = { 'content-encoding': 'gzip', 'x-webhook-signature': signatureOf(signed) };
      expect((await deliver(hinted, packed, headers)).status).toBe(200);
    }
    expect((await deliver(hinted, body)).status).toBe(200);
    expect(await metricOf(hinted, 'flinks_pay_webhooks_total{result="duplicate"}')).toBe(before + 2);
  });

  /** Writes a POST signed as of `body`, whose head goes on with `rest`, and gives the bytes of the answer. */
  const raw = (rest: string, body: string, path = '/webhooks/flinks') => {
    const socket = connectTo(hinted);
    const head = [`POST ${path} HTTP/1.1`, 'host: a', 'connection: close', `x-webhook-signature: ${signatureOf(body)}`];
    socket.write([...head, rest].join('\r\n'));
    return text(socket);
  };

  it('may come in chunks, after a wait for the word to go on, and to a path with a query or a slash', async () => {
    const event = () => eventOf(randomUUID(), 'Accepted');
    const whole = (body: string) => `content-length: ${body.length}\r\n\r\n${body}`;
    const chunked = (body: string) =>
      `transfer-encoding: chunked\r\n\r\n${body.length.toString(16)}\r\n${body}\r\n0\r\n\r\n`;
    for (const path of ['/webhooks/flinks', '/webhooks/flinks/', '/webhooks/flinks?source=pay', '/webhooks/flinks/?a'])
      for (const lines of [whole, chunked]) {
        const body = event();
        expect(await raw(lines(body), body, path)).toMatch(/^HTTP\/1.1 200 /);
      }
    const awaited = event();
    expect(await raw(`expect: 100-continue\r\n${whole(awaited)}`, awaited)).toMatch(
      /^HTTP\/1.1 100 Continue\r\n\r\nHTTP\/1.1 200 /,
    );
    expect(await raw('\r\n', '')).toMatch(/^HTTP\/1.1 200 /);
  });

  it.each(['GET', 'HEAD', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] as const)(
    'by %s is refused and counted',
    async (method) => {
      const before = await metricOf(hinted, 'flinks_pay_webhooks_total{result="rejected_method"}');
      const answer = await fetch(webhookUrlOf(hinted), {
        method,
        ...(['GET', 'HEAD'].includes(method) ? {} : { body: eventOf(randomUUID(), 'Accepted') }),
      });
      expect([answer.status, answer.headers.get('allow')]).toEqual([405, 'POST']);
      expect(await metricOf(hinted, 'flinks_pay_webhooks_total{result="rejected_method"}')).toBe(before + 1);
    },
  );

  it('that cannot be read is counted, and logged once with the reason', async () => {
    const count = (reason: string) => metricOf(hinted, `flinks_pay_webhooks_total{result="rejected_${reason}"}`);
    const body = eventOf(randomUUID(), 'Accepted');
    const reasons = ['unknown_encoding', 'too_large', 'incomplete'];
    const before = await Promise.all(reasons.map(count));
    for (let time = 0; time < 2; time++) {
      const headers = { 'content-encoding': 'zstd', 'x-webhook-signature': signatureOf('else') };
      expect((await deliver(hinted, body, headers)).status).toBe(415);
      const bomb = gzipSync(Buffer.alloc(1_000_000));
      const packed = { 'content-encoding': 'gzip', 'x-webhook-signature': signatureOf('else') };
      expect((await deliver(hinted, bomb, packed)).status).toBe(413);
      const socket = connectTo(hinted);
      socket.write('POST /webhooks/flinks HTTP/1.1\r\nhost: a\r\ncontent-length: 99\r\n\r\n{', () => socket.destroy());
    }
    await until(async () => (await count('incomplete')) === (before[2] ?? 0) + 2);
    expect(await Promise.all(reasons.map(count))).toEqual(before.map((each) => each + 2));
    for (const reason of reasons) {
      await hinted.logged(`"outcome":"rejected_${reason}"`);
      const lines = hinted.output
        .split('\n')
        .filter((line) => line.includes(`"outcome":"rejected_${reason}","reason":"`));
      expect(lines).toHaveLength(1);
    }
  });

  it('may not be larger than an event is', async () => {
    const body = (bytes: number) => `{"sessionId":"${randomUUID()}"}`.padEnd(bytes);
    const before = await metricOf(hinted, 'flinks_pay_webhooks_total{result="rejected_too_large"}');
    expect((await deliver(hinted, body(65_536))).status).toBe(200);
    expect((await deliver(hinted, body(65_537))).status).toBe(413);
    expect(await metricOf(hinted, 'flinks_pay_webhooks_total{result="rejected_too_large"}')).toBe(before + 1);
  });
});

describe('the secret', () => {
  it('may be changed while both are known', async () => {
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

  it('is needed for the route to be there', async () => {
    const gateway = await start();
    expect((await deliver(gateway, eventOf(randomUUID(), 'Accepted'))).status).toBe(404);
    await gateway.kill();
  });
});

describe('the log of all that', () => {
  it('holds no name, e-mail, session id or secret', async () => {
    expect(output()).toContain('"outcome":"stored"');
    expect(await secretsIn(output(), sandbox)).toEqual([]);
    expect(output()).not.toContain(WEBHOOK_SECRET);
    expect(output()).not.toContain('"level":"error"');
  });
});
