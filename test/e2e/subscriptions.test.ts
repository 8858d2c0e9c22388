import { afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { withSandbox } from '../support/fixture.js';
import { freePort } from '../support/free-port.js';
import type { TestGateway } from '../support/gateway.js';
import { CREATION, find, newInput, pay, paymentIn } from '../support/payments.js';
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
import type { Told } from '../support/subscribers.js';
import { until } from '../support/until.js';
import { WEBHOOK_SECRET, sendWebhooksTo } from '../support/webhooks.js';

/** To this replica every status is old, so that it asks Flinks whenever it is asked. */
const EAGER = { STATUS_STALE_AFTER: '1ms' };
/** These do not ask by themselves. */
const LAZY = { STATUS_STALE_AFTER: '10m' };

const postgres = new ProxiedPostgres();
const router = new TestRouter();
const { sandbox, start } = withSandbox({ switches: { settleAfterMs: 0 }, services: [postgres, router] });
const watching: Told[] = [];

afterEach(() => {
  for (const told of watching.splice(0)) told.stop();
});

/** Every transport there is. */
const EVERYBODY: typeof SUBSCRIBERS = [
  ...SUBSCRIBERS,
  ['a router over HTTP callbacks', (url, id) => throughRouter(router, url, id)],
];

async function make(gateway: TestGateway): Promise<Payment> {
  return paymentIn(await pay(gateway, CREATION, newInput()));
}

function watch(subscribe: (url: string, id: string) => Told, gateway: TestGateway, { id }: Pick<Payment, 'id'>): Told {
  const told = subscribe(gateway.url, id);
  watching.push(told);
  return told;
}

/** Has a payment move at Flinks, and this replica find out. */
async function move(payment: Payment, word: string, gateway: TestGateway): Promise<void> {
  await sandbox.moveTo(payment.flinksSessionId ?? '', word);
  await until(async () => (await find(gateway, payment.id))?.status === word.toUpperCase());
}

/** Presses the button of the hosted page. */
async function acceptAsPayer({ flinksSessionId: sessionId }: Payment): Promise<void> {
  const body = new URLSearchParams({ sessionId: sessionId ?? '' });
  const page = await fetch(`${sandbox.url}/app/accept`, { method: 'POST', body });
  expect(await page.text()).toContain('You accepted this request.');
}

describe('over two replicas', () => {
  let watched: TestGateway;
  let moving: TestGateway;

  beforeAll(async () => {
    const environment = { DATABASE_URL: postgres.server.databaseUrl() };
    // One after the other: the first makes the schema.
    const callbacks = { SUBSCRIPTION_CALLBACK_HOSTS: router.host };
    watched = await start({ ...environment, ...LAZY, ...callbacks });
    const webhooks = { FLINKS_WEBHOOK_SECRETS: WEBHOOK_SECRET };
    moving = await start({ ...environment, ...EAGER, ...webhooks });
    await Promise.all([watched, moving].map((gateway) => gateway.logged('change notifications active')));
  });

  it.each(EVERYBODY)('%s is told how a payment is, how it goes on elsewhere, and of the end', async (_, subscribe) => {
    const payment = await make(watched);
    const told = watch(subscribe, watched, payment);
    await told.isToldOf('INITIATED');
    await move(payment, 'Accepted', moving);
    await told.isToldOf('ACCEPTED');
    await move(payment, 'Settled', moving);
    await told.isOver();
    expect(told).toMatchObject({ problems: [], statuses: ['INITIATED', 'ACCEPTED', 'SETTLED'], isComplete: true });
  });

  it.each(EVERYBODY)('%s is told of a payment that is over, and of the end', async (_, subscribe) => {
    const payment = await make(watched);
    await move(payment, 'Declined', moving);
    const told = watch(subscribe, watched, payment);
    await told.isOver();
    expect(told).toMatchObject({ problems: [], statuses: ['DECLINED'], isComplete: true });
  });

  it.each(EVERYBODY)('%s is told that there is no such payment', async (_, subscribe) => {
    const told = watch(subscribe, watched, { id: 'ps_01a202f2-fc99-76f3-81b5-1118e13d7638' });
    await told.isOver();
    expect(told.statuses).toEqual([]);
    expect(told.problems.join()).toContain('You have no payment with this id.');
  });

  it('the payer accepts, webhooks tell the other replica, and both who watch see the payment settle', async () => {
    await sandbox.setSwitches({ settleAfterMs: 6_000 });
    await sendWebhooksTo(moving, sandbox);
    const payment = await make(watched);
    const tellings = [throughApolloOverWebSocket, throughCurlByPost].map((each) => watch(each, watched, payment));
    await Promise.all(tellings.map((told) => told.isToldOf('INITIATED')));
    await acceptAsPayer(payment);
    await Promise.all(tellings.map((told) => told.isOver()));
    for (const told of tellings)
      expect(told).toMatchObject({
        problems: [],
        statuses: ['INITIATED', 'ACCEPTED', 'PROCESSED', 'SETTLED'],
        isComplete: true,
      });
    await sandbox.setSwitches({ settleAfterMs: 0, webhookUrl: '' });
  });

  it('a change is told within a moment', async () => {
    const payment = await make(watched);
    const told = watch(throughApolloOverWebSocket, watched, payment);
    await told.isToldOf('INITIATED');
    await sandbox.moveTo(payment.flinksSessionId ?? '', 'Accepted');
    await find(moving, payment.id);
    const startedMs = performance.now();
    await told.isToldOf('ACCEPTED');
    // Comparisons with the store are seconds apart.
    expect(performance.now() - startedMs).toBeLessThan(4_000);
  });

  it('one connection watches many payments and runs other operations', async () => {
    const client = webSocketClient(watched.url);
    const payments = await Promise.all(Array.from({ length: 20 }, () => make(watched)));
    const statuses = payments.map(() => [] as unknown[]);
    const over = payments.map(({ id }, index) => {
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
    for (const payment of payments) await move(payment, 'Failed', moving);
    await Promise.all(over);
    expect(statuses).toEqual(payments.map(() => ['INITIATED', 'FAILED']));
    await client.dispose();
  });
});

describe('when the database is cut off from the replica', () => {
  it('what happened meanwhile is told once it is back', async () => {
    const watched = await start({ DATABASE_URL: postgres.url, ...LAZY });
    const moving = await start({ DATABASE_URL: postgres.server.databaseUrl(), ...EAGER });
    await watched.logged('change notifications active');
    const payment = await make(watched);
    const told = watch(throughGraphqlSse, watched, payment);
    await told.isToldOf('INITIATED');
    postgres.cutOff();
    await watched.logged('change notifications degraded');
    await move(payment, 'Accepted', moving);
    await move(payment, 'Processed', moving);
    const late = watch(throughGraphqlSse, watched, payment);
    await late.isOver();
    expect(late.problems.join()).toContain('SERVICE_UNAVAILABLE');
    expect(told).toMatchObject({ statuses: ['INITIATED'], problems: [] });
    postgres.reconnect();
    await told.isToldOf('PROCESSED');
    await move(payment, 'Settled', moving);
    await told.isOver();
    expect(told).toMatchObject({ statuses: ['INITIATED', 'ACCEPTED', 'PROCESSED', 'SETTLED'], problems: [] });
  });
});

describe('a gateway that stops', () => {
  it.each([
    ['graphql-ws', throughApolloOverWebSocket],
    ['graphql-sse', throughGraphqlSse],
  ])('is found again by clients of %s, which go on by themselves', async (_, subscribe) => {
    const environment = { ...EAGER, DATABASE_URL: postgres.server.databaseUrl(), PORT: String(await freePort()) };
    const first = await start(environment);
    const payment = await make(first);
    const told = watch((url, id) => subscribe(url, id, 20), first, payment);
    await told.isToldOf('INITIATED');
    await first.stop();
    const second = await start(environment);
    await move(payment, 'Declined', second);
    await told.isOver();
    expect(told).toMatchObject({ problems: [], isComplete: true });
    expect(told.statuses.at(-1)).toBe('DECLINED');
  });

  it.each([
    ['Apollo Client over graphql-ws', throughApolloOverWebSocket],
    ['Apollo Client over multipart HTTP', throughApolloOverMultipart],
    ['graphql-sse', throughGraphqlSse],
    ['curl by GET', throughCurlByGet],
  ])('sends %s elsewhere, and waits for nobody', async (_, subscribe) => {
    const gateway = await start(LAZY);
    const payment = await make(gateway);
    const told = watch(subscribe, gateway, payment);
    await told.isToldOf('INITIATED');
    const startedMs = performance.now();
    gateway.signal('SIGTERM');
    await told.isOver();
    expect(await gateway.ended()).toBe(0);
    // Mutations under way would be waited for longer.
    expect(performance.now() - startedMs).toBeLessThan(10_000);
    // To be told of nothing but an end would be to be told that the payment is over.
    expect(told).toMatchObject({ statuses: ['INITIATED'], problems: [expect.any(String)] });
    expect(gateway.output).not.toContain('"level":"error"');
  });
});
