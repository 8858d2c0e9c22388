import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { withGateway } from '../support/fixture.js';
import { freePort } from '../support/free-port.js';
import { CREATION, findPayment, newInput, pay, paymentIn } from '../support/payments.js';
import { throughGraphqlSse, throughUrql } from '../support/subscribers.js';
import { ExampleProgram } from '../support/supergraph.js';
import { until } from '../support/until.js';

const SUPERGRAPH_PORT = await freePort();

const transportOf = (subscriptions: object) => ({ '*.http': { options: { subscriptions } } });
const CALLBACKS = {
  kind: 'http-callback',
  options: { public_url: `http://127.0.0.1:${SUPERGRAPH_PORT}/callback`, path: '/callback', heartbeat_interval: 5_000 },
};

/** The transports of Hive Gateway, their settings, and what a client gets of NOT_FOUND: over WebSockets no code. */
const TRANSPORTS = [
  ['server-sent events', {}, '"code":"NOT_FOUND"'],
  ['graphql-ws', { transportEntries: transportOf({ kind: 'ws' }) }, '[{}]'],
  ['HTTP callbacks', { webhooks: true, transportEntries: transportOf(CALLBACKS) }, '"code":"NOT_FOUND"'],
] as const;

const { sandbox, gateway: payments } = withGateway({
  switches: { settleAfterMs: 0 },
  environment: { STATUS_STALE_AFTER: '1ms', SUBSCRIPTION_CALLBACK_HOSTS: `127.0.0.1:${SUPERGRAPH_PORT}` },
});
let orders: ExampleProgram;
let subgraphs: Record<string, string>;

beforeAll(async () => {
  orders = await ExampleProgram.start('orders.mjs');
  subgraphs = { PAYMENTS_URL: `${payments.url}/graphql`, ORDERS_URL: orders.url, PORT: String(SUPERGRAPH_PORT) };
});
afterAll(() => orders.stop());

/** Changes the status of a payment at Flinks, and has the gateway look it up. */
async function changeStatus(
  { id, flinksSessionId }: { id: string; flinksSessionId: string | null },
  providerStatus: string,
): Promise<void> {
  await sandbox.moveTo(flinksSessionId ?? '', providerStatus);
  await until(async () => (await findPayment(payments, id))?.status === providerStatus.toUpperCase());
}

describe.each(TRANSPORTS)('Hive Gateway over %s', (_, changes, problem) => {
  let hive: ExampleProgram;

  beforeAll(async () => {
    hive = await ExampleProgram.startHive(subgraphs, changes);
  });
  afterAll(() => hive.stop());

  it.each([
    ['graphql-sse', throughGraphqlSse],
    ['urql', throughUrql],
  ])('sends %s every status and the completion', async (_client, subscribe) => {
    const payment = paymentIn(await pay(payments, CREATION, newInput()));
    const subscriber = subscribe(new URL(hive.url).origin, payment.id);
    await subscriber.received('INITIATED');
    await changeStatus(payment, 'Accepted');
    await subscriber.received('ACCEPTED');
    await changeStatus(payment, 'Settled');
    await subscriber.ended();
    expect(subscriber).toMatchObject({
      problems: [],
      statuses: ['INITIATED', 'ACCEPTED', 'SETTLED'],
      isComplete: true,
    });
  });

  it('sends the error of a rejected subscription', async () => {
    const subscriber = throughGraphqlSse(new URL(hive.url).origin, 'ps_01a202f2-fc99-76f3-81b5-1118e13d7638');
    await subscriber.ended();
    expect(subscriber).toMatchObject({ statuses: [], problems: [expect.stringContaining(problem)] });
  });
});

it('Hive Gateway used callbacks for the subscriptions over HTTP callbacks', async () => {
  await payments.logged('"outcome":"completed"');
});

describe('@apollo/gateway', () => {
  it('rejects a subscription', async () => {
    const gateway = await ExampleProgram.start('apollo-gateway.mjs', subgraphs);
    const { errors } = await gateway.post({ query: 'subscription { paymentSessionUpdated(id: "ps_1") { status } }' });
    expect(errors).toHaveLength(1);
    await gateway.stop();
  });
});
