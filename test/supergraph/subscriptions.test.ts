import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { withGateway } from '../support/fixture.js';
import { freePort } from '../support/free-port.js';
import { CREATION, find, newInput, pay, paymentIn } from '../support/payments.js';
import { throughGraphqlSse, throughUrql } from '../support/subscribers.js';
import { ExampleProgram } from '../support/supergraph.js';
import { until } from '../support/until.js';

const SUPERGRAPH_PORT = await freePort();

const bySubscriptions = (subscriptions: object) => ({ '*.http': { options: { subscriptions } } });
const CALLBACKS = {
  kind: 'http-callback',
  options: { public_url: `http://127.0.0.1:${SUPERGRAPH_PORT}/callback`, path: '/callback', heartbeat_interval: 5_000 },
};

/** How Hive Gateway reaches its subgraphs, by which settings, and what is left of a NOT_FOUND: over WebSockets it loses the code. */
const TRANSPORTS = [
  ['server-sent events', {}, '"code":"NOT_FOUND"'],
  ['graphql-ws', { transportEntries: bySubscriptions({ kind: 'ws' }) }, '[{}]'],
  ['HTTP callbacks', { webhooks: true, transportEntries: bySubscriptions(CALLBACKS) }, '"code":"NOT_FOUND"'],
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

/** Has a payment move at Flinks, and our gateway find out. */
async function move(
  { id, flinksSessionId }: { id: string; flinksSessionId: string | null },
  word: string,
): Promise<void> {
  await sandbox.moveTo(flinksSessionId ?? '', word);
  await until(async () => (await find(payments, id))?.status === word.toUpperCase());
}

describe.each(TRANSPORTS)('Hive Gateway over %s', (_, changes, refusal) => {
  let hive: ExampleProgram;

  beforeAll(async () => {
    hive = await ExampleProgram.startHive(subgraphs, changes);
  });
  afterAll(() => hive.stop());

  it.each([
    ['graphql-sse', throughGraphqlSse],
    ['urql', throughUrql],
  ])('tells %s every status, and the end', async (_client, subscribe) => {
    const payment = paymentIn(await pay(payments, CREATION, newInput()));
    const told = subscribe(new URL(hive.url).origin, payment.id);
    await told.isToldOf('INITIATED');
    await move(payment, 'Accepted');
    await told.isToldOf('ACCEPTED');
    await move(payment, 'Settled');
    await told.isOver();
    expect(told).toMatchObject({ problems: [], statuses: ['INITIATED', 'ACCEPTED', 'SETTLED'], isComplete: true });
  });

  it('tells of a subscription that is refused', async () => {
    const told = throughGraphqlSse(new URL(hive.url).origin, 'ps_01a202f2-fc99-76f3-81b5-1118e13d7638');
    await told.isOver();
    expect(told).toMatchObject({ statuses: [], problems: [expect.stringContaining(refusal)] });
  });
});

it('HTTP callbacks did come by callbacks', async () => {
  await payments.logged('"outcome":"completed"');
});

describe('@apollo/gateway', () => {
  it('refuses a subscription', async () => {
    const gateway = await ExampleProgram.start('apollo-gateway.mjs', subgraphs);
    const { errors } = await gateway.post({ query: 'subscription { paymentSessionUpdated(id: "ps_1") { status } }' });
    expect(errors).toHaveLength(1);
    await gateway.stop();
  });
});
