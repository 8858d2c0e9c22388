import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { withGateway } from '../support/fixture.js';
import { EACH_OPERATION, CREATION, newInput, pay, requestOf } from '../support/payments.js';
import { ExampleProgram } from '../support/supergraph.js';
import { TcpProxy } from '../support/tcp-proxy.js';

/** Selects the requests whose response is lost: mutations, which the gateway executes. */
const isMutation = (bytes: Buffer): boolean => bytes.includes('mutation');

const { sandbox, gateway: payments } = withGateway();
let proxy: TcpProxy;
let orders: ExampleProgram;
let subgraphs: Record<string, string>;

beforeAll(async () => {
  proxy = await TcpProxy.start({ host: '127.0.0.1', port: Number(new URL(payments.url).port) });
  orders = await ExampleProgram.start('orders.mjs');
  subgraphs = { PAYMENTS_URL: `http://127.0.0.1:${proxy.port}/graphql`, ORDERS_URL: orders.url };
});
afterAll(async () => {
  await orders.stop();
  await proxy.close();
});

it.each(EACH_OPERATION)('a federation gateway that repeats %s makes one payment', async (_, operation) => {
  const hive = await ExampleProgram.startHive(subgraphs, { upstreamRetry: { maxRetries: 2, retryDelay: 1 } });
  const input = newInput();
  const lost = proxy.loseResponse(isMutation);
  const result = await pay(hive, operation, input);
  await lost;
  expect(result).toMatchObject({ __typename: operation.success, replayed: true });
  expect(await sandbox.sessionsOf(input.customer)).toHaveLength(1);
  expect(await sandbox.mailsTo(input.customer)).toBe(operation === CREATION ? 0 : 1);
  await hive.stop();
});

it('the federation gateway of the example leaves repeats to the client, and logs no request', async () => {
  const hive = await ExampleProgram.start('hive-gateway.mjs', subgraphs);
  const input = newInput();
  const lost = proxy.loseResponse(isMutation);
  const { data, errors } = await hive.post(requestOf(CREATION, input));
  await lost;
  expect(data).toBeNull();
  expect(errors).toMatchObject([{ message: 'Subgraph errors redacted' }]);
  expect(await pay(hive, CREATION, input)).toMatchObject({ __typename: CREATION.success, replayed: true });
  expect(await sandbox.sessionsOf(input.customer)).toHaveLength(1);
  await hive.stop();
  expect(hive.output).toContain('SUBREQUEST_HTTP_ERROR');
  expect(hive.output).not.toContain(input.customer.email);
});
