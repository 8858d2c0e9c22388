import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readExample } from '../../scripts/examples.mjs';
import { withGateway } from '../support/fixture.js';
import { CREATION, newInput, pay, paymentIn, requestOf } from '../support/payments.js';
import { TestPostgres } from '../support/postgres.js';
import { ExampleProgram } from '../support/supergraph.js';

interface Order {
  readonly item: string;
  readonly payment: {
    readonly id: string;
    readonly status: string;
    readonly amount: { readonly value: string };
  } | null;
}

const ORDERS = '{ orders { item payment { id status amount { value } } } }';
const REDACTED = 'Subgraph errors redacted';

const postgres = new TestPostgres({ shared_preload_libraries: 'pg_stat_statements' });
const { sandbox, gateway: payments } = withGateway({
  services: [postgres],
  environment: () => ({ DATABASE_URL: postgres.databaseUrl() }),
});

beforeAll(() => postgres.query('create extension pg_stat_statements'));

describe.each([
  ['Hive Gateway', 'hive-gateway.mjs'],
  ['@apollo/gateway', 'apollo-gateway.mjs'],
])('the supergraph behind %s', (_, file) => {
  let orders: ExampleProgram;
  let supergraph: ExampleProgram;

  beforeAll(async () => {
    orders = await ExampleProgram.start('orders.mjs');
    const subgraphs = { PAYMENTS_URL: `${payments.url}/graphql`, ORDERS_URL: orders.url };
    supergraph = await ExampleProgram.start(file, subgraphs);
  });
  afterAll(() => Promise.all([supergraph.stop(), orders.stop()]));

  async function place(item: string, paymentId: string): Promise<void> {
    const query = 'mutation ($item: String!, $id: ID!) { placeOrder(item: $item, paymentId: $id) { id } }';
    expect(await supergraph.post({ query, variables: { item, id: paymentId } })).not.toHaveProperty('errors');
  }

  /** The payment of an order that was placed under this name. */
  async function paymentOf(item: string): Promise<Order['payment'] | undefined> {
    const { data } = await supergraph.post<{ orders: Order[] }>({ query: ORDERS });
    return data?.orders.find((order) => order.item === item)?.payment;
  }

  it('makes one payment for one key, and returns it in its order', async () => {
    const input = newInput();
    const [first, repeat] = [await pay(supergraph, CREATION, input), await pay(supergraph, CREATION, input)];
    expect(first).toMatchObject({ __typename: 'CreatePaymentSessionSuccess', replayed: false });
    expect(repeat).toEqual({ ...first, replayed: true });
    expect(await sandbox.sessionsOf(input.customer)).toHaveLength(1);
    const { id } = paymentIn(first);
    await place('a sofa', id);
    expect(await paymentOf('a sofa')).toEqual({ id, status: 'INITIATED', amount: { value: '250.10' } });
  });

  it('returns a failure in full, although it redacts errors', async () => {
    const { query } = readExample('create-payment-session');
    const input = { ...newInput(), amount: { value: '-1.00' }, referenceId: '' };
    const requestId = randomUUID();
    const { data, errors } = await supergraph.post({ query, variables: { input } }, { 'x-request-id': requestId });
    expect(errors).toBeUndefined();
    expect(data?.createPaymentSession).toMatchObject({
      __typename: 'InvalidPaymentInputError',
      code: 'INVALID_INPUT',
      retryAdvice: 'NEVER',
      requestId,
      issues: [
        { path: ['input', 'amount', 'value'], code: 'INVALID_DECIMAL' },
        { path: ['input', 'referenceId'], code: 'TOO_SHORT' },
      ],
    });
    await payments.logged(`"requestId":"${requestId}"`);
  });

  it('passes through the code, request id and issues of an error, and nothing else', async () => {
    const requestId = randomUUID();
    const request = { query: '{ paymentSessions(first: 0) { edges { cursor } } }' };
    const { errors } = await supergraph.post(request, { 'x-request-id': requestId });
    expect(errors).toHaveLength(1);
    expect(errors?.[0]).toMatchObject({ message: REDACTED });
    expect(errors?.[0]?.extensions).toEqual({
      code: 'BAD_USER_INPUT',
      requestId,
      inputPath: ['first'],
      issues: [{ path: ['first'], code: 'TOO_SMALL', message: 'Request at least 1.' }],
    });
  });

  it('returns null for an unknown payment', async () => {
    await place('a lamp', 'ps_01a202f2-fc99-76f3-81b5-1118e13d7638');
    await place('a chair', 'no id of a payment');
    expect(await paymentOf('a lamp')).toBeNull();
    expect(await paymentOf('a chair')).toBeNull();
  });

  it('causes one database query for the payments of 50 orders', async () => {
    const results = await Promise.all(Array.from({ length: 50 }, () => pay(supergraph, CREATION, newInput())));
    const ids = results.map((result) => paymentIn(result).id);
    const places = ids.map((id, index) => `place${index}: placeOrder(item: "a book", paymentId: "${id}") { id }`);
    await supergraph.post({ query: `mutation { ${places.join(' ')} }` });
    await postgres.query('select pg_stat_statements_reset()');
    const { data } = await supergraph.post<{ orders: Order[] }>({ query: ORDERS });
    const books = data?.orders.filter(({ item }) => item === 'a book') ?? [];
    expect(books.map(({ payment }) => payment?.id)).toEqual(ids);
    const reads = await postgres.query(
      `select calls::int from pg_stat_statements where query like 'select * from "payment_sessions" where "id" in%'`,
    );
    expect(reads).toEqual([{ calls: 1 }]);
  });

  it('returns orders without their payments while the database is down', async () => {
    await place('a bed', paymentIn(await pay(supergraph, CREATION, newInput())).id);
    await postgres.kill();
    try {
      const { data, errors } = await supergraph.post<{ orders: Order[] }>({ query: ORDERS });
      expect(data?.orders.at(-1)).toEqual({ item: 'a bed', payment: null });
      expect(errors?.at(-1)).toMatchObject({ message: REDACTED, extensions: { code: 'SERVICE_UNAVAILABLE' } });
      const { data: unavailable } = await supergraph.post(requestOf(CREATION, newInput()));
      expect(unavailable?.result).toMatchObject({
        __typename: 'PaymentServiceUnavailableError',
        retryAdvice: 'SAME_KEY',
      });
    } finally {
      await postgres.restart();
    }
  });
});
