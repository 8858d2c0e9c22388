import { json } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { withGateway } from '../support/fixture.js';
import { CREATION, newInput, pay, paymentIn } from '../support/payments.js';
import { ExampleProgram, serve } from '../support/supergraph.js';

const SDL = `
  extend schema @link(url: "https://specs.apollo.dev/federation/v2.7", import: ["@key"])
  type Query { orders: [Order!]! }
  type Order { payment: PaymentSession }
  type PaymentSession @key(fields: "id", resolvable: false) { id: ID! }
`;

const { gateway: payments } = withGateway();
let paymentIds: unknown[];
let authorization: string | undefined;
let orders: Awaited<ReturnType<typeof serve>>;

/** Serves the orders subgraph of a team that validates nothing: it returns all of `paymentIds` as payment ids. */
beforeAll(async () => {
  orders = await serve((request, response) => {
    void json(request).then((body) => {
      authorization = request.headers.authorization;
      const result = paymentIds.map((id) => ({ payment: { __typename: 'PaymentSession', id } }));
      const isComposition = (body as { query: string }).query.includes('_service');
      const data = isComposition ? { _service: { sdl: SDL } } : { orders: result };
      response.setHeader('content-type', 'application/json').end(JSON.stringify({ data }));
    });
  });
  paymentIds = [];
});
afterAll(() => orders.close());

describe.each([
  ['Hive Gateway', 'hive-gateway.mjs'],
  ['@apollo/gateway', 'apollo-gateway.mjs'],
])('the supergraph behind %s', (_, file) => {
  let supergraph: ExampleProgram;

  beforeAll(async () => {
    supergraph = await ExampleProgram.start(file, { PAYMENTS_URL: `${payments.url}/graphql`, ORDERS_URL: orders.url });
  });
  afterAll(() => supergraph.stop());

  it('fails only the order whose payment reference is invalid', async () => {
    const [first, last] = [await pay(payments, CREATION, newInput()), await pay(payments, CREATION, newInput())];
    paymentIds = [paymentIn(first).id, 7, paymentIn(last).id];
    const { data, errors } = await supergraph.post({ query: '{ orders { payment { id status } } }' });
    const orderOf = (id: string) => ({ payment: { id, status: 'INITIATED' } });
    expect(data).toEqual({ orders: [orderOf(paymentIn(first).id), { payment: null }, orderOf(paymentIn(last).id)] });
    expect(errors).toHaveLength(1);
    expect(errors?.[0]).toMatchObject({ extensions: { code: 'BAD_REQUEST' } });
  });

  it('passes the Authorization header of the client on to its subgraphs', async () => {
    await supergraph.post({ query: '{ orders { __typename } }' }, { authorization: 'Bearer of-the-client' });
    expect(authorization).toBe('Bearer of-the-client');
  });
});
