import type { ServerResponse } from 'node:http';
import { afterEach, describe, expect, it } from '@jest/globals';
import { withGateway } from '../support/fixture.js';
import { freePort } from '../support/free-port.js';
import { CREATION, find, newInput, pay, paymentIn, requestOf as paymentRequest } from '../support/payments.js';
import type { Payment } from '../support/payments.js';
import { TestRouter, requestOf } from '../support/router.js';
import type { CallbackMessage } from '../support/router.js';
import { until } from '../support/until.js';

const UNKNOWN_ID = 'ps_01a202f2-fc99-76f3-81b5-1118e13d7638';

const router = new TestRouter();
const deafPort = await freePort();
const { sandbox, gateway, start } = withGateway({
  switches: { settleAfterMs: 0 },
  services: [router],
  environment: () => ({
    STATUS_STALE_AFTER: '1ms',
    SUBSCRIPTION_CALLBACK_HOSTS: `router.example, ${router.host}, 127.0.0.1:${deafPort}`,
  }),
});

afterEach(() => (router.answer = undefined));

const make = async (): Promise<Payment> => paymentIn(await pay(gateway, CREATION, newInput()));

async function move(payment: Payment, word: string): Promise<void> {
  await sandbox.moveTo(payment.flinksSessionId ?? '', word);
  await until(async () => (await find(gateway, payment.id))?.status === word.toUpperCase());
}

const codesOf = (answer: { errors?: readonly { extensions: Record<string, unknown> }[] }) =>
  answer.errors?.map(({ extensions }) => extensions.code);

const answering =
  (status: number, headers: Record<string, string> = {}) =>
  (_message: CallbackMessage, response: ServerResponse): void => {
    response.writeHead(status, headers).end();
  };

describe('a router that subscribes', () => {
  it('is checked before it is answered, by messages of the protocol', async () => {
    const before = router.headers.length;
    const { subscription, answer } = await router.subscribe(gateway, (await make()).id);
    expect(answer).toMatchObject({ status: 200, data: null });
    expect(answer.errors).toBeUndefined();
    await subscription.isToldOf('INITIATED');
    const { id, verifier } = subscription;
    const kind = 'subscription';
    expect(subscription.messages).toEqual([
      { kind, action: 'check', id, verifier },
      { kind, action: 'next', id, verifier, payload: { data: { paymentSessionUpdated: expect.anything() } } },
    ]);
    for (const headers of router.headers.slice(before))
      expect(headers).toMatchObject({
        'subscription-protocol': 'callback/1.0',
        'content-type': 'application/json',
      });
  });

  it('may use the names of the preview', async () => {
    const subscription = router.open();
    const { callbackUrl: callback_url, id: subscription_id } = subscription;
    const { status } = await gateway.post(
      requestOf(subscription, (await make()).id, {
        callbackUrl: undefined,
        subscriptionId: undefined,
        heartbeatIntervalMs: undefined,
        callback_url,
        subscription_id,
        heartbeat_interval_ms: 0,
      }),
    );
    expect(status).toBe(200);
    await subscription.isToldOf('INITIATED');
  });

  it.each([400, 404, 200, 500])('is answered 400 when it answers its check %i', async (status) => {
    router.answer = answering(status);
    const { answer } = await router.subscribe(gateway, (await make()).id);
    expect(answer.status).toBe(400);
    expect(codesOf(answer)).toEqual(['CALLBACK_REFUSED']);
  });

  it('is answered 400 when its callback URL does not answer', async () => {
    const callbackUrl = `http://127.0.0.1:${deafPort}/`;
    const { answer } = await router.subscribe(gateway, (await make()).id, { callbackUrl });
    expect(answer.status).toBe(400);
    expect(codesOf(answer)).toEqual(['CALLBACK_UNREACHABLE']);
  });

  it('is not followed to where it redirects', async () => {
    const { subscription: elsewhere } = await router.subscribe(gateway, (await make()).id);
    await elsewhere.isToldOf('INITIATED');
    router.answer = answering(307, { location: elsewhere.callbackUrl });
    const before = router.headers.length;
    const { answer } = await router.subscribe(gateway, (await make()).id);
    expect(codesOf(answer)).toEqual(['CALLBACK_REFUSED']);
    expect(router.headers.length).toBe(before + 1);
  });

  it.each<[string, (host: string) => string]>([
    ['of another port', () => 'http://127.0.0.1:1/callback'],
    ['of another host', (host) => `http://${host.replace('127.0.0.1', 'localhost')}/callback`],
    ['of a host that begins alike', (host) => `http://${host}.example/callback`],
    ['of another port than the usual one', () => 'https://router.example:4000/callback'],
    ['with credentials', (host) => `http://router@${host}/callback`],
    ['with credentials that look like a host', (host) => `http://${host}@127.0.0.1:1/`],
    ['of another scheme', (host) => `ftp://${host}/callback`],
    ['of a file', () => 'file:///etc/passwd'],
    ['that is none', () => '/callback'],
  ])('is refused with a URL %s, and nothing is called', async (_, urlAt) => {
    const before = router.headers.length;
    const { answer } = await router.subscribe(gateway, (await make()).id, { callbackUrl: urlAt(router.host) });
    expect(answer.status).toBe(400);
    expect(codesOf(answer)).toEqual(['CALLBACK_NOT_ALLOWED']);
    expect(router.headers.length).toBe(before);
  });

  it.each<[string, Record<string, unknown>]>([
    ['no callback URL', { callbackUrl: undefined }],
    ['a subscription id that is no text', { subscriptionId: 7 }],
    ['no verifier', { verifier: '' }],
    ['heartbeats by the millisecond', { heartbeatIntervalMs: 1 }],
    ['a negative heartbeat', { heartbeatIntervalMs: -5_000 }],
    ['a heartbeat that is no number', { heartbeatIntervalMs: 'often' }],
    ['a heartbeat of months', { heartbeatIntervalMs: 1e12 }],
  ])('is refused with %s', async (_, change) => {
    const before = router.headers.length;
    const { answer } = await router.subscribe(gateway, (await make()).id, change);
    expect(answer.status).toBe(400);
    expect(codesOf(answer)).toEqual(['BAD_REQUEST']);
    expect(router.headers.length).toBe(before);
  });

  it('is told that there is no such payment, or that the document is not valid', async () => {
    const before = router.headers.length;
    const { subscription, answer } = await router.subscribe(gateway, UNKNOWN_ID);
    expect(answer.status).toBe(400);
    expect(codesOf(answer)).toEqual(['NOT_FOUND']);
    const request = { ...requestOf(subscription, UNKNOWN_ID), query: 'subscription { nothing }' };
    const invalid = await gateway.post(request);
    expect(invalid.status).toBe(400);
    expect(codesOf(invalid)).toEqual(['GRAPHQL_VALIDATION_FAILED']);
    expect(router.headers.length).toBe(before);
  });

  it('is refused where no host is allowed', async () => {
    const closed = await start();
    const { answer } = await router.subscribe(closed, UNKNOWN_ID);
    expect(answer.status).toBe(400);
    expect(codesOf(answer)).toEqual(['CALLBACK_DISABLED']);
    await closed.stop();
  });
});

describe('a query or mutation with the extension of a subscription', () => {
  it('is answered as without it', async () => {
    const before = router.headers.length;
    const { extensions } = requestOf(router.open(), UNKNOWN_ID) as { extensions: object };
    const query = await gateway.post({ query: '{ __typename }', extensions });
    expect(query).toMatchObject({ status: 200, data: { __typename: 'Query' } });
    const mutation = await gateway.post({ ...paymentRequest(CREATION, newInput()), extensions });
    expect(mutation).toMatchObject({ status: 200, data: { answer: { __typename: 'CreatePaymentSessionSuccess' } } });
    const broken = await gateway.post({ query: 'subscription {', extensions });
    expect(codesOf(broken)).toEqual(['GRAPHQL_PARSE_FAILED']);
    expect(router.headers.length).toBe(before);
  });
});

describe('a router that is subscribed', () => {
  it('gets heartbeats in time, one message at a time, and none after the end', async () => {
    const payment = await make();
    const { subscription } = await router.subscribe(gateway, payment.id, { heartbeatIntervalMs: 1_000 });
    // The first was sent before it was answered.
    expect(subscription.of('check').length).toBeGreaterThan(0);
    const startedMs = performance.now();
    await until(() => subscription.of('check').length === 4);
    // At the usual interval it would be five times as long.
    expect(performance.now() - startedMs).toBeLessThan(10_000);
    await move(payment, 'Settled');
    await subscription.isOver();
    const messages = subscription.messages.length;
    await router.subscribe(gateway, (await make()).id, { heartbeatIntervalMs: 1_000 }).then(async (other) => {
      await until(() => other.subscription.of('check').length === 3);
    });
    expect(subscription.messages).toHaveLength(messages);
    expect(subscription.mostUnderWay).toBe(1);
  });

  it('is told everything in order, each once, however slow it is', async () => {
    const payment = await make();
    router.answer = () => new Promise((resolve) => setTimeout(resolve, 300));
    const { subscription } = await router.subscribe(gateway, payment.id, { heartbeatIntervalMs: 1_000 });
    for (const word of ['Processing', 'Accepted', 'Processed', 'Settled']) await move(payment, word);
    await subscription.isOver();
    expect(subscription.statuses).toEqual(['INITIATED', 'PROCESSING', 'ACCEPTED', 'PROCESSED', 'SETTLED']);
    expect(subscription.mostUnderWay).toBe(1);
  });

  it.each<[string, (message: CallbackMessage, response: ServerResponse) => void]>([
    ['answers 503', answering(503)],
    ['breaks connections', (_message, response) => void response.destroy()],
  ])('that %s for a while is told everything afterwards', async (_, answer) => {
    const payment = await make();
    const { subscription } = await router.subscribe(gateway, payment.id);
    await subscription.isToldOf('INITIATED');
    router.answer = answer;
    const before = router.headers.length;
    await move(payment, 'Accepted');
    await move(payment, 'Settled');
    await until(() => router.headers.length > before + 2);
    router.answer = undefined;
    await subscription.isOver();
    expect(subscription.statuses).toEqual(['INITIATED', 'ACCEPTED', 'SETTLED']);
  });

  it.each([404, 400, 401])('and answers %i is left alone from then on', async (status) => {
    const payment = await make();
    const { subscription } = await router.subscribe(gateway, payment.id);
    await subscription.isToldOf('INITIATED');
    router.answer = (message, response) => {
      if (message.id === subscription.id) response.writeHead(status).end();
    };
    const told = (await gateway.get('/metrics')).body;
    await move(payment, 'Accepted');
    const held = (metrics: string) => Number(/^flinks_pay_callback_subscriptions (\d+)$/m.exec(metrics)?.[1]);
    await until(async () => held((await gateway.get('/metrics')).body) === held(told) - 1);
    router.answer = undefined;
    await move(payment, 'Settled');
    expect(subscription.statuses).toEqual(['INITIATED']);
    expect(subscription.of('complete')).toEqual([]);
  });
});
