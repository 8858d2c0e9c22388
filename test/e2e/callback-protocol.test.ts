import type { ServerResponse } from 'node:http';
import { afterEach, describe, expect, it } from '@jest/globals';
import { withGateway } from '../support/fixture.js';
import { freePort } from '../support/free-port.js';
import { CREATION, findPayment, newInput, pay, paymentIn, requestOf as paymentRequest } from '../support/payments.js';
import type { Payment } from '../support/payments.js';
import { TestRouter, requestOf } from '../support/router.js';
import type { CallbackMessage } from '../support/router.js';
import { until } from '../support/until.js';

const UNKNOWN_ID = 'ps_01a202f2-fc99-76f3-81b5-1118e13d7638';

const router = new TestRouter();
const closedPort = await freePort();
const { sandbox, gateway, start } = withGateway({
  switches: { settleAfterMs: 0 },
  services: [router],
  environment: () => ({
    STATUS_STALE_AFTER: '1ms',
    SUBSCRIPTION_CALLBACK_HOSTS: `router.example, ${router.host}, 127.0.0.1:${closedPort}`,
  }),
});

afterEach(() => (router.respond = undefined));

const createPayment = async (): Promise<Payment> => paymentIn(await pay(gateway, CREATION, newInput()));

async function moveTo(payment: Payment, providerStatus: string): Promise<void> {
  await sandbox.moveTo(payment.flinksSessionId ?? '', providerStatus);
  await until(async () => (await findPayment(gateway, payment.id))?.status === providerStatus.toUpperCase());
}

const codesOf = (response: { errors?: readonly { extensions: Record<string, unknown> }[] }) =>
  response.errors?.map(({ extensions }) => extensions.code);

const respondWith =
  (status: number, headers: Record<string, string> = {}) =>
  (_message: CallbackMessage, response: ServerResponse): void => {
    response.writeHead(status, headers).end();
  };

describe('a router that subscribes', () => {
  it('gets a check before the response, and messages in the format of the protocol', async () => {
    const before = router.headers.length;
    const { subscription, response } = await router.subscribe(gateway, (await createPayment()).id);
    expect(response).toMatchObject({ status: 200, data: null });
    expect(response.errors).toBeUndefined();
    await subscription.received('INITIATED');
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

  it('may use the field names of the preview version', async () => {
    const subscription = router.open();
    const { callbackUrl: callback_url, id: subscription_id } = subscription;
    const { status } = await gateway.post(
      requestOf(subscription, (await createPayment()).id, {
        callbackUrl: undefined,
        subscriptionId: undefined,
        heartbeatIntervalMs: undefined,
        callback_url,
        subscription_id,
        heartbeat_interval_ms: 0,
      }),
    );
    expect(status).toBe(200);
    await subscription.received('INITIATED');
  });

  it.each([400, 404, 200, 500])('gets 400 if it responds to the check with %i', async (status) => {
    router.respond = respondWith(status);
    const { response } = await router.subscribe(gateway, (await createPayment()).id);
    expect(response.status).toBe(400);
    expect(codesOf(response)).toEqual(['CALLBACK_REFUSED']);
  });

  it('gets 400 if its callback URL accepts no connections', async () => {
    const callbackUrl = `http://127.0.0.1:${closedPort}/`;
    const { response } = await router.subscribe(gateway, (await createPayment()).id, { callbackUrl });
    expect(response.status).toBe(400);
    expect(codesOf(response)).toEqual(['CALLBACK_UNREACHABLE']);
  });

  it('is rejected if it redirects the check, and the redirect is not followed', async () => {
    const { subscription: elsewhere } = await router.subscribe(gateway, (await createPayment()).id);
    await elsewhere.received('INITIATED');
    router.respond = respondWith(307, { location: elsewhere.callbackUrl });
    const before = router.headers.length;
    const { response } = await router.subscribe(gateway, (await createPayment()).id);
    expect(codesOf(response)).toEqual(['CALLBACK_REFUSED']);
    expect(router.headers.length).toBe(before + 1);
  });

  it.each<[string, (host: string) => string]>([
    ['has another port', () => 'http://127.0.0.1:1/callback'],
    ['has another host', (host) => `http://${host.replace('127.0.0.1', 'localhost')}/callback`],
    ['has a host that starts with an allowed one', (host) => `http://${host}.example/callback`],
    ['has a port other than the default', () => 'https://router.example:4000/callback'],
    ['has credentials', (host) => `http://router@${host}/callback`],
    ['has credentials that look like an allowed host', (host) => `http://${host}@127.0.0.1:1/`],
    ['has another scheme', (host) => `ftp://${host}/callback`],
    ['is a file URL', () => 'file:///etc/passwd'],
    ['is relative', () => '/callback'],
  ])('is rejected if its callback URL %s, and the URL is not called', async (_, urlAt) => {
    const before = router.headers.length;
    const { response } = await router.subscribe(gateway, (await createPayment()).id, {
      callbackUrl: urlAt(router.host),
    });
    expect(response.status).toBe(400);
    expect(codesOf(response)).toEqual(['CALLBACK_NOT_ALLOWED']);
    expect(router.headers.length).toBe(before);
  });

  it.each<[string, Record<string, unknown>]>([
    ['no callback URL', { callbackUrl: undefined }],
    ['a subscription id that is not a text', { subscriptionId: 7 }],
    ['no verifier', { verifier: '' }],
    ['a heartbeat every millisecond', { heartbeatIntervalMs: 1 }],
    ['a negative heartbeat interval', { heartbeatIntervalMs: -5_000 }],
    ['a heartbeat interval that is not a number', { heartbeatIntervalMs: 'often' }],
    ['a heartbeat interval of years', { heartbeatIntervalMs: 1e12 }],
  ])('is rejected if it subscribes with %s', async (_, change) => {
    const before = router.headers.length;
    const { response } = await router.subscribe(gateway, (await createPayment()).id, change);
    expect(response.status).toBe(400);
    expect(codesOf(response)).toEqual(['BAD_REQUEST']);
    expect(router.headers.length).toBe(before);
  });

  it('gets an error if the payment does not exist or the document is invalid', async () => {
    const before = router.headers.length;
    const { subscription, response } = await router.subscribe(gateway, UNKNOWN_ID);
    expect(response.status).toBe(400);
    expect(codesOf(response)).toEqual(['NOT_FOUND']);
    const request = { ...requestOf(subscription, UNKNOWN_ID), query: 'subscription { nothing }' };
    const invalid = await gateway.post(request);
    expect(invalid.status).toBe(400);
    expect(codesOf(invalid)).toEqual(['GRAPHQL_VALIDATION_FAILED']);
    expect(router.headers.length).toBe(before);
  });

  it('is rejected if no callback host is allowed', async () => {
    const closed = await start();
    const { response } = await router.subscribe(closed, UNKNOWN_ID);
    expect(response.status).toBe(400);
    expect(codesOf(response)).toEqual(['CALLBACK_DISABLED']);
    await closed.stop();
  });
});

describe('a query or mutation with the subscription extension', () => {
  it('gets the same result as without the extension', async () => {
    const before = router.headers.length;
    const { extensions } = requestOf(router.open(), UNKNOWN_ID) as { extensions: object };
    const query = await gateway.post({ query: '{ __typename }', extensions });
    expect(query).toMatchObject({ status: 200, data: { __typename: 'Query' } });
    const mutation = await gateway.post({ ...paymentRequest(CREATION, newInput()), extensions });
    expect(mutation).toMatchObject({ status: 200, data: { result: { __typename: 'CreatePaymentSessionSuccess' } } });
    const broken = await gateway.post({ query: 'subscription {', extensions });
    expect(codesOf(broken)).toEqual(['GRAPHQL_PARSE_FAILED']);
    expect(router.headers.length).toBe(before);
  });
});

describe('a subscribed router', () => {
  it('gets heartbeats on time, one message at a time, and none after the end', async () => {
    const payment = await createPayment();
    const { subscription } = await router.subscribe(gateway, payment.id, { heartbeatIntervalMs: 1_000 });
    // The first check precedes the response.
    expect(subscription.messagesOf('check').length).toBeGreaterThan(0);
    const startedMs = performance.now();
    await until(() => subscription.messagesOf('check').length === 4);
    // The default interval would take five times as long.
    expect(performance.now() - startedMs).toBeLessThan(10_000);
    await moveTo(payment, 'Settled');
    await subscription.ended();
    const messages = subscription.messages.length;
    await router.subscribe(gateway, (await createPayment()).id, { heartbeatIntervalMs: 1_000 }).then(async (other) => {
      await until(() => other.subscription.messagesOf('check').length === 3);
    });
    expect(subscription.messages).toHaveLength(messages);
    expect(subscription.maxInFlight).toBe(1);
  });

  it('gets every status in order and once, however slowly it responds', async () => {
    const payment = await createPayment();
    router.respond = () => new Promise((resolve) => setTimeout(resolve, 300));
    const { subscription } = await router.subscribe(gateway, payment.id, { heartbeatIntervalMs: 1_000 });
    for (const status of ['Processing', 'Accepted', 'Processed', 'Settled']) await moveTo(payment, status);
    await subscription.ended();
    expect(subscription.statuses).toEqual(['INITIATED', 'PROCESSING', 'ACCEPTED', 'PROCESSED', 'SETTLED']);
    expect(subscription.maxInFlight).toBe(1);
  });

  it.each<[string, (message: CallbackMessage, response: ServerResponse) => void]>([
    ['responded with 503', respondWith(503)],
    ['closed connections', (_message, response) => void response.destroy()],
  ])('that %s for a while gets every status afterwards', async (_, respond) => {
    const payment = await createPayment();
    const { subscription } = await router.subscribe(gateway, payment.id);
    await subscription.received('INITIATED');
    router.respond = respond;
    const before = router.headers.length;
    await moveTo(payment, 'Accepted');
    await moveTo(payment, 'Settled');
    await until(() => router.headers.length > before + 2);
    router.respond = undefined;
    await subscription.ended();
    expect(subscription.statuses).toEqual(['INITIATED', 'ACCEPTED', 'SETTLED']);
  });

  it.each([404, 400, 401])('that responds with %i gets no more messages', async (status) => {
    const payment = await createPayment();
    const { subscription } = await router.subscribe(gateway, payment.id);
    await subscription.received('INITIATED');
    router.respond = (message, response) => {
      if (message.id === subscription.id) response.writeHead(status).end();
    };
    const before = (await gateway.get('/metrics')).body;
    await moveTo(payment, 'Accepted');
    const subscriptionsIn = (metrics: string) =>
      Number(/^flinks_pay_callback_subscriptions (\d+)$/m.exec(metrics)?.[1]);
    await until(async () => subscriptionsIn((await gateway.get('/metrics')).body) === subscriptionsIn(before) - 1);
    router.respond = undefined;
    await moveTo(payment, 'Settled');
    expect(subscription.statuses).toEqual(['INITIATED']);
    expect(subscription.messagesOf('complete')).toEqual([]);
  });
});
