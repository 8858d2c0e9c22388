import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { withSandbox } from '../support/fixture.js';
import type { TestGateway } from '../support/gateway.js';
import { EACH_OPERATION, CREATION, newInput, pay, requestOf } from '../support/payments.js';
import { ExampleProgram } from '../support/supergraph.js';
import { TcpProxy } from '../support/tcp-proxy.js';

const SECRET = 'a secret of the router alone';

const { sandbox, addGateway } = withSandbox();
const payments = addGateway({ ROUTER_SIGNATURE_SECRETS: `the next secret of the router,${SECRET}` });
// Composition sends unsigned requests, so the schema comes from a gateway that requires no signature.
const composed = addGateway();
let orders: ExampleProgram;
let proxy: TcpProxy;
let hive: ExampleProgram;

const portOf = ({ url }: TestGateway): number => Number(new URL(url).port);

beforeAll(async () => {
  orders = await ExampleProgram.start('orders.mjs');
  const target = { host: '127.0.0.1', port: portOf(composed) };
  proxy = await TcpProxy.start(target);
  const subgraphs = { PAYMENTS_URL: `http://127.0.0.1:${proxy.port}/graphql`, ORDERS_URL: orders.url };
  hive = await ExampleProgram.startHive(subgraphs, { hmacSignature: { secret: SECRET } });
  target.port = portOf(payments);
  proxy.cutAll();
});
afterAll(async () => {
  await hive.stop();
  await orders.stop();
  await proxy.close();
});

describe('a subgraph with ROUTER_SIGNATURE_SECRETS', () => {
  it.each(EACH_OPERATION)('accepts %s signed by Hive Gateway', async (_, operation) => {
    expect(await pay(hive, operation, newInput())).toMatchObject({ __typename: operation.success });
  });

  it('rejects operations that are not sent through the router', async () => {
    const input = newInput();
    const { status, errors } = await payments.post(requestOf(CREATION, input));
    expect(status).toBe(403);
    expect(errors).toMatchObject([
      { message: 'Requests must be sent through the router.', extensions: { code: 'FORBIDDEN' } },
    ]);
    expect(await sandbox.sessionsOf(input.customer)).toEqual([]);
  });
});
