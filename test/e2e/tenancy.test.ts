import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { createPaymentId } from '../../src/domain/ids.js';
import { withSandbox } from '../support/fixture.js';
import type { TestGateway, GraphQLResponse } from '../support/gateway.js';
import { IdentityProvider } from '../support/identity-provider.js';
import { EACH_OPERATION, CREATION, SEND, newInput, requestOf } from '../support/payments.js';
import type { PaymentResult, Operation, Payment, PaymentInput } from '../support/payments.js';
import { TestPostgres } from '../support/postgres.js';

const identity = new IdentityProvider();
const postgres = new TestPostgres();
const { sandbox, addGateway } = withSandbox({ switches: { settleAfterMs: 0 }, services: [identity, postgres] });
const gateways: Record<string, TestGateway> = {
  SQLite: addGateway(() => identity.environment()),
  PostgreSQL: addGateway(() => ({ ...identity.environment(), DATABASE_URL: postgres.databaseUrl() })),
};

/** Sends a request as a client, by default with all scopes but that of the back office. */
async function as<T = Record<string, unknown>>(
  gateway: TestGateway | undefined,
  sub: string,
  body: object,
  scope = 'payments:create payments:send payments:read payments:cancel reconciliation:read',
): Promise<GraphQLResponse<T>> {
  if (gateway === undefined) throw new Error('there is no such gateway');
  return gateway.post<T>(body, { authorization: await identity.bearer({ sub, scope }) });
}

async function createPayment(gateway: TestGateway | undefined, sub: string, input = newInput(), operation = CREATION) {
  const { data } = await as<{ result: PaymentResult }>(gateway, sub, requestOf(operation, input));
  if (data?.result.paymentSession === undefined) throw new Error(JSON.stringify(data));
  return { ...data.result, paymentSession: data.result.paymentSession };
}

const FIELDS = 'id status referenceId flinksSessionId customer { userId name email } events { status actor }';

/** The operations that take the id of a payment. */
const BY_ID: readonly (readonly [string, (id: string) => object])[] = [
  [
    'paymentSession',
    (id) => ({ query: `query ($id: ID!) { paymentSession(id: $id) { ${FIELDS} } }`, variables: { id } }),
  ],
  [
    'an entity',
    (id) => ({
      query: `query ($of: [_Any!]!) { _entities(representations: $of) { ... on PaymentSession { ${FIELDS} } } }`,
      variables: { of: [{ __typename: 'PaymentSession', id }] },
    }),
  ],
  [
    'cancelPaymentSession',
    (id) => ({
      query: `mutation ($id: ID!) { cancelPaymentSession(input: { id: $id }) { __typename
        ... on PaymentError { code message retryAdvice }
        ... on PaymentNotCancellableError { paymentSession { ${FIELDS} } }
        ... on CancelPaymentSessionSuccess { paymentSession { ${FIELDS} } } } }`,
      variables: { id },
    }),
  ],
];

const SUBSCRIPTION = `subscription ($id: ID!) { paymentSessionUpdated(id: $id) { ${FIELDS} } }`;

async function subscribe(gateway: TestGateway | undefined, sub: string, id: string): Promise<string> {
  const response = await fetch(`${gateway?.url ?? ''}/graphql`, {
    method: 'POST',
    headers: {
      accept: 'text/event-stream',
      'content-type': 'application/json',
      authorization: await identity.bearer({ sub, scope: 'payments:read' }),
      'x-request-id': 'the-same',
    },
    body: JSON.stringify({ query: SUBSCRIPTION, variables: { id } }),
    signal: AbortSignal.timeout(20_000),
  });
  return response.text();
}

/** The response without the id and the request id. */
const comparable = ({ status, data, errors }: GraphQLResponse<unknown>, id: string): string =>
  JSON.stringify({ status, data, errors })
    .replaceAll(id, 'ID')
    .replaceAll(/"requestId":"[^"]*"/g, '');

describe.each(['SQLite', 'PostgreSQL'])('a payment of one client on %s', (store) => {
  let owned: Payment;
  let input: PaymentInput;

  beforeAll(async () => {
    input = { ...newInput(), referenceId: `LOAN-${randomUUID()}` };
    ({ paymentSession: owned } = await createPayment(gateways[store], 'owner', input));
  });

  it.each(BY_ID)('does not exist for another client that uses %s', async (_what, request) => {
    const unknownId = createPaymentId();
    const calls = await sandbox.calls('cancel');
    const response = await as(gateways[store], 'stranger', request(owned.id));
    expect(comparable(response, owned.id)).toBe(
      comparable(await as(gateways[store], 'stranger', request(unknownId)), unknownId),
    );
    expect(await sandbox.calls('cancel')).toBe(calls);
  });

  it('does not exist for another client that subscribes to it', async () => {
    const unknownId = createPaymentId();
    const response = await subscribe(gateways[store], 'stranger', owned.id);
    expect(response).toContain('NOT_FOUND');
    expect(response).toBe(await subscribe(gateways[store], 'stranger', unknownId));
  });

  it.each([[], ['userId'], ['referenceId'], ['userId', 'referenceId']])(
    'is in no list of another client filtered by %s %s',
    async (...names) => {
      const query = `query ($filter: PaymentSessionFilter) {
        paymentSessions(filter: $filter) { edges { node { id } } pageInfo { hasNextPage } } }`;
      const all: Record<string, string> = { userId: owned.customer.userId, referenceId: owned.referenceId };
      const filter = Object.fromEntries(names.map((name) => [name, all[name]]));
      const { data } = await as(gateways[store], 'stranger', { query, variables: { filter } });
      expect(data).toEqual({ paymentSessions: { edges: [], pageInfo: { hasNextPage: false } } });
    },
  );

  it('is not listed for another client with a cursor of its owner', async () => {
    const list = 'query ($after: String) { paymentSessions(after: $after) { edges { cursor node { id } } } }';
    interface List {
      readonly paymentSessions: { readonly edges: readonly { readonly cursor: string }[] };
    }
    await createPayment(gateways[store], 'owner');
    const { data } = await as<List>(gateways[store], 'owner', { query: list });
    const after = data?.paymentSessions.edges[0]?.cursor;
    expect(data?.paymentSessions.edges.length).toBeGreaterThan(1);
    const response = await as<List>(gateways[store], 'stranger', { query: list, variables: { after } });
    expect(response.data?.paymentSessions.edges).toEqual([]);
  });

  it.each(EACH_OPERATION)(
    'is not found by another client that calls %s with the same key',
    async (_name, operation: Operation) => {
      const same = { ...newInput(), referenceId: `LOAN-${randomUUID()}` };
      const [mine, other] = await Promise.all(
        ['first', 'second'].map((sub) => createPayment(gateways[store], sub, same, operation)),
      );
      expect([mine?.replayed, other?.replayed]).toEqual([false, false]);
      expect(mine?.paymentSession.id).not.toBe(other?.paymentSession.id);
      // The key is new for a third client, so it can use it with a different input.
      const third = await createPayment(gateways[store], 'third', { ...same, amount: { value: '9.99' } }, operation);
      expect(third.replayed).toBe(false);
      expect((await createPayment(gateways[store], 'first', same, operation)).paymentSession.id).toBe(
        mine?.paymentSession.id,
      );
    },
  );

  it('can be read but not cancelled by the back office', async () => {
    for (const [name, request] of BY_ID.slice(0, 2)) {
      const { data } = await as(gateways[store], 'office', request(owned.id), 'backoffice:read');
      expect([name, JSON.stringify(data)]).toEqual([name, expect.stringContaining(owned.referenceId)]);
    }
    const [, cancel] = BY_ID[2] ?? [];
    const unknownId = createPaymentId();
    const cancelAsOffice = (id: string) =>
      as(gateways[store], 'office', cancel?.(id) ?? {}, 'backoffice:read payments:cancel');
    expect(comparable(await cancelAsOffice(owned.id), owned.id)).toBe(
      comparable(await cancelAsOffice(unknownId), unknownId),
    );
  });

  it('is in every list of the back office whose filter it matches', async () => {
    const query = `query ($user: ID!, $reference: ID!) {
      a: paymentSessions { edges { node { id } } }
      b: paymentSessions(filter: { userId: $user }) { edges { node { id } } }
      c: paymentSessions(filter: { referenceId: $reference, deliveryMethod: LINK }) { edges { node { id } } }
      d: paymentSessions(filter: { userId: $user, referenceId: $reference }) { edges { node { id } } } }`;
    const variables = { user: owned.customer.userId, reference: owned.referenceId };
    const { data } = await as(gateways[store], 'office', { query, variables }, 'backoffice:read');
    for (const list of Object.values(data ?? {})) expect(JSON.stringify(list)).toContain(owned.id);
  });

  it('has events that name the clients that requested and cancelled it', async () => {
    const { paymentSession: mine } = await createPayment(gateways[store], 'owner');
    const [[, read], , [, cancel]] = BY_ID as [(typeof BY_ID)[0], (typeof BY_ID)[0], (typeof BY_ID)[0]];
    await as(gateways[store], 'owner', cancel(mine.id));
    const { data } = await as(gateways[store], 'owner', read(mine.id));
    expect(data?.paymentSession).toMatchObject({
      events: [
        { status: 'CREATING', actor: 'owner' },
        { status: 'INITIATED', actor: null },
        { status: 'CANCELLED', actor: 'owner' },
      ],
    });
  });
});

describe('a subscription over server-sent events', () => {
  it('ends with an error when its token expires', async () => {
    const gateway = gateways.SQLite;
    const { paymentSession } = await createPayment(gateway, 'owner');
    const response = await fetch(`${gateway?.url ?? ''}/graphql`, {
      method: 'POST',
      headers: {
        accept: 'text/event-stream',
        'content-type': 'application/json',
        // The gateway grants a tolerance of some seconds on top.
        authorization: await identity.bearer({ sub: 'owner' }, { expiresIn: -3 }),
      },
      body: JSON.stringify({ query: SUBSCRIPTION, variables: { id: paymentSession.id } }),
      signal: AbortSignal.timeout(20_000),
    });
    const events = (await response.text()).split('\n').filter((line) => line.startsWith('data: {'));
    expect(events).toEqual([
      expect.stringContaining('"status":"INITIATED"'),
      expect.stringMatching(/Your credentials have expired\. Subscribe again\..*"code":"UNAUTHENTICATED"/),
    ]);
  });
});

it('sendPaymentRequest sends one e-mail for each client that uses the same key', async () => {
  const input = newInput();
  const ids = await Promise.all(
    ['a', 'b', 'c'].map(async (sub) => (await createPayment(gateways.PostgreSQL, sub, input, SEND)).paymentSession.id),
  );
  expect(new Set(ids).size).toBe(3);
  expect(await sandbox.mailsTo(input.customer)).toBe(3);
});
