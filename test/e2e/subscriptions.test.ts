import { afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { withSandbox } from '../support/fixture.js';
import { freePort } from '../support/free-port.js';
import type { TestGateway } from '../support/gateway.js';
import { CREATION, findPayment, newInput, pay, paymentIn } from '../support/payments.js';
import type { Payment } from '../support/payments.js';
import { ProxiedPostgres } from '../support/proxied-postgres.js';
import { TestRouter } from '../support/router.js';
import {
  SUBSCRIBERS,
  throughApolloOverMultipart,
  throughApolloOverWebSocket,
  throughCurlByGet,
  throughCurlByPost,
  throughGraphqlSse,
  throughRouter,
  webSocketClient,
} from '../support/subscribers.js';
import type { TestSubscriber } from '../support/subscribers.js';
import { until } from '../support/until.js';
import { WEBHOOK_SECRET, sendWebhooksTo } from '../support/webhooks.js';

/** Every status is stale, so that each read of a payment is a lookup at Flinks. */
const ALWAYS_STALE = { STATUS_STALE_AFTER: '1ms' };
/** No lookups during a test. */
const NO_LOOKUPS = { STATUS_STALE_AFTER: '10m' };

const postgres = new ProxiedPostgres();
const router = new TestRouter();
const { sandbox, start } = withSandbox({ switches: { settleAfterMs: 0 }, services: [postgres, router] });
const subscribers: TestSubscriber[] = [];

afterEach(() => {
  for (const subscriber of subscribers.splice(0)) subscriber.stop();
});

/** Every transport. */
const ALL_SUBSCRIBERS: typeof SUBSCRIBERS = [
  ...SUBSCRIBERS,
  ['a router over HTTP callbacks', (url, id) => throughRouter(router, url, id)],
];

async function createPayment(gateway: TestGateway): Promise<Payment> {
  return paymentIn(await pay(gateway, CREATION, newInput()));
}

function track(
  subscribe: (url: string, id: string) => TestSubscriber,
  gateway: TestGateway,
  { id }: Pick<Payment, 'id'>,
): TestSubscriber {
  const subscriber = subscribe(gateway.url, id);
  subscribers.push(subscriber);
  return subscriber;
}

/** Changes the status of a payment at Flinks, and has this replica look it up. */
async function changeStatus(payment: Payment, providerStatus: string, gateway: TestGateway): Promise<void> {
  await sandbox.moveTo(payment.flinksSessionId ?? '', providerStatus);
  await until(async () => (await findPayment(gateway, payment.id))?.status === providerStatus.toUpperCase());
}

/** Presses the button of the payment page. */
async function acceptAsPayer({ flinksSessionId: sessionId }: Payment): Promise<void> {
  const body = new URLSearchParams({ sessionId: sessionId ?? '' });
  const page = await fetch(`${sandbox.url}/app/accept`, { method: 'POST', body });
  expect(await page.text()).toContain('You accepted this request.');
}

describe('a subscription with two replicas', () => {
  let watching: TestGateway;
  let updating: TestGateway;

  beforeAll(async () => {
    const environment = { DATABASE_URL: postgres.server.databaseUrl() };
    // One after the other: the first creates the database schema.
    const callbacks = { SUBSCRIPTION_CALLBACK_HOSTS: router.host };
    watching = await start({ ...environment, ...NO_LOOKUPS, ...callbacks });
    const webhooks = { FLINKS_WEBHOOK_SECRETS: WEBHOOK_SECRET };
    updating = await start({ ...environment, ...ALWAYS_STALE, ...webhooks });
    await Promise.all([watching, updating].map((gateway) => gateway.logged('change notifications active')));
  });

  it.each(ALL_SUBSCRIBERS)(
    'sends %s the current status, each change that the other replica makes, and the completion',
    async (_, subscribe) => {
      const payment = await createPayment(watching);
      const subscriber = track(subscribe, watching, payment);
      await subscriber.received('INITIATED');
      await changeStatus(payment, 'Accepted', updating);
      await subscriber.received('ACCEPTED');
      await changeStatus(payment, 'Settled', updating);
      await subscriber.ended();
      expect(subscriber).toMatchObject({
        problems: [],
        statuses: ['INITIATED', 'ACCEPTED', 'SETTLED'],
        isComplete: true,
      });
    },
  );

  it.each(ALL_SUBSCRIBERS)('sends %s a final status and the completion', async (_, subscribe) => {
    const payment = await createPayment(watching);
    await changeStatus(payment, 'Declined', updating);
    const subscriber = track(subscribe, watching, payment);
    await subscriber.ended();
    expect(subscriber).toMatchObject({ problems: [], statuses: ['DECLINED'], isComplete: true });
  });

  it.each(ALL_SUBSCRIBERS)('sends %s an error for an unknown payment', async (_, subscribe) => {
    const subscriber = track(subscribe, watching, { id: 'ps_01a202f2-fc99-76f3-81b5-1118e13d7638' });
    await subscriber.ended();
    expect(subscriber.statuses).toEqual([]);
    expect(subscriber.problems.join()).toContain('You have no payment with this id.');
  });

  it('sends two subscribers each status until SETTLED when webhooks reach the other replica', async () => {
    await sandbox.setSwitches({ settleAfterMs: 6_000 });
    await sendWebhooksTo(updating, sandbox);
    const payment = await createPayment(watching);
    const both = [throughApolloOverWebSocket, throughCurlByPost].map((each) => track(each, watching, payment));
    await Promise.all(both.map((subscriber) => subscriber.received('INITIATED')));
    await acceptAsPayer(payment);
    await Promise.all(both.map((subscriber) => subscriber.ended()));
    for (const subscriber of both)
      expect(subscriber).toMatchObject({
        problems: [],
        statuses: ['INITIATED', 'ACCEPTED', 'PROCESSED', 'SETTLED'],
        isComplete: true,
      });
    await sandbox.setSwitches({ settleAfterMs: 0, webhookUrl: '' });
  });

  it('sends a change of the other replica within seconds', async () => {
    const payment = await createPayment(watching);
    const subscriber = track(throughApolloOverWebSocket, watching, payment);
    await subscriber.received('INITIATED');
    await sandbox.moveTo(payment.flinksSessionId ?? '', 'Accepted');
    await findPayment(updating, payment.id);
    const startedMs = performance.now();
    await subscriber.received('ACCEPTED');
    // A comparison with the store alone would take longer: one runs about every 10 s.
    expect(performance.now() - startedMs).toBeLessThan(4_000);
  });

  it('shares one WebSocket with many others and with queries', async () => {
    const client = webSocketClient(watching.url);
    const payments = await Promise.all(Array.from({ length: 20 }, () => createPayment(watching)));
    const statuses = payments.map(() => [] as unknown[]);
    const completions = payments.map(({ id }, index) => {
      const query = `subscription { paymentSessionUpdated(id: "${id}") { status } }`;
      return new Promise<void>((resolve, reject) => {
        client.subscribe<{ paymentSessionUpdated: { status: string } }>(
          { query },
          {
            next: ({ data }) => statuses[index]?.push(data?.paymentSessionUpdated.status),
            error: reject,
            complete: resolve,
          },
        );
      });
    });
    await until(() => statuses.every(({ length }) => length === 1));
    const query = `{ paymentSession(id: "${payments[0]?.id ?? ''}") { status } }`;
    expect((await client.iterate({ query }).next()).value).toEqual({
      data: { paymentSession: { status: 'INITIATED' } },
    });
    for (const payment of payments) await changeStatus(payment, 'Failed', updating);
    await Promise.all(completions);
    expect(statuses).toEqual(payments.map(() => ['INITIATED', 'FAILED']));
    await client.dispose();
  });
});

describe('a subscription whose replica loses the database', () => {
  it('sends the missed changes after the replica reconnects', async () => {
    const watching = await start({ DATABASE_URL: postgres.url, ...NO_LOOKUPS });
    const updating = await start({ DATABASE_URL: postgres.server.databaseUrl(), ...ALWAYS_STALE });
    await watching.logged('change notifications active');
    const payment = await createPayment(watching);
    const subscriber = track(throughGraphqlSse, watching, payment);
    await subscriber.received('INITIATED');
    postgres.cutOff();
    await watching.logged('change notifications degraded');
    await changeStatus(payment, 'Accepted', updating);
    await changeStatus(payment, 'Processed', updating);
    const late = track(throughGraphqlSse, watching, payment);
    await late.ended();
    expect(late.problems.join()).toContain('SERVICE_UNAVAILABLE');
    expect(subscriber).toMatchObject({ statuses: ['INITIATED'], problems: [] });
    postgres.reconnect();
    await subscriber.received('PROCESSED');
    await changeStatus(payment, 'Settled', updating);
    await subscriber.ended();
    expect(subscriber).toMatchObject({ statuses: ['INITIATED', 'ACCEPTED', 'PROCESSED', 'SETTLED'], problems: [] });
  });
});

describe('a gateway that shuts down', () => {
  it.each([
    ['graphql-ws', throughApolloOverWebSocket],
    ['graphql-sse', throughGraphqlSse],
  ])('is reconnected to by clients of %s, which continue their subscriptions', async (_, subscribe) => {
    const environment = {
      ...ALWAYS_STALE,
      DATABASE_URL: postgres.server.databaseUrl(),
      PORT: String(await freePort()),
    };
    const first = await start(environment);
    const payment = await createPayment(first);
    const subscriber = track((url, id) => subscribe(url, id, 20), first, payment);
    await subscriber.received('INITIATED');
    await first.stop();
    const second = await start(environment);
    await changeStatus(payment, 'Declined', second);
    await subscriber.ended();
    expect(subscriber).toMatchObject({ problems: [], isComplete: true });
    expect(subscriber.statuses.at(-1)).toBe('DECLINED');
  });

  it.each([
    ['Apollo Client over graphql-ws', throughApolloOverWebSocket],
    ['Apollo Client over multipart HTTP', throughApolloOverMultipart],
    ['graphql-sse', throughGraphqlSse],
    ['curl by GET', throughCurlByGet],
  ])('ends the subscriptions of %s with an error, without waiting for their payments', async (_, subscribe) => {
    const gateway = await start(NO_LOOKUPS);
    const payment = await createPayment(gateway);
    const subscriber = track(subscribe, gateway, payment);
    await subscriber.received('INITIATED');
    const startedMs = performance.now();
    gateway.signal('SIGTERM');
    await subscriber.ended();
    expect(await gateway.ended()).toBe(0);
    // The gateway waits longer for mutations in progress.
    expect(performance.now() - startedMs).toBeLessThan(10_000);
    // A completion without an error would mean that the status is final.
    expect(subscriber).toMatchObject({ statuses: ['INITIATED'], problems: [expect.any(String)] });
    expect(gateway.output).not.toContain('"level":"error"');
  });
});
