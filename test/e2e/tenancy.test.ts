import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { createPaymentId } from '../../src/domain/ids.js';
import { withSandbox } from '../support/fixture.js';
import type { TestGateway, GraphQLAnswer } from '../support/gateway.js';
import { IdentityProvider } from '../support/identity-provider.js';
import { BOTH, CREATION, SEND, newInput, requestOf } from '../support/payments.js';
import type { Answer, Operation, Payment, PaymentInput } from '../support/payments.js';
import { TestPostgres } from '../support/postgres.js';

const identity = new IdentityProvider();
const postgres = new TestPostgres();
const { sandbox, addGateway } = withSandbox({ switches: { settleAfterMs: 0 }, services: [identity, postgres] });
const gateways: Record<string, TestGateway> = {
  SQLite: addGateway(() => identity.environment()),
  PostgreSQL: addGateway(() => ({ ...identity.environment(), DATABASE_URL: postgres.databaseUrl() })),
};

/** Asks as a caller, with all scopes of ordinary ones unless others are given. */
async function as<T = Record<string, unknown>>(
  gateway: TestGateway | undefined,
  sub: string,
  body: object,
  scope = 'payments:create payments:send payments:read payments:cancel reconciliation:read',
): Promise<GraphQLAnswer<T>> {
  if (gateway === undefined) throw new Error('there is no such gateway');
  return gateway.post<T>(body, { authorization: await identity.bearer({ sub, scope }) });
}

async function make(gateway: TestGateway | undefined, sub: string, input = newInput(), operation = CREATION) {
  const { data } = await as<{ answer: Answer }>(gateway, sub, requestOf(operation, input));
  if (data?.answer.paymentSession === undefined) throw new Error(JSON.stringify(data));
  return { ...data.answer, paymentSession: data.answer.paymentSession };
}

const FIELDS = 'id status referenceId flinksSessionId customer { userId name email } events { status actor }';

/** Everything that takes the id of a payment. */
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
  const answer = await fetch(`${gateway?.url ?? ''}/graphql`, {
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
  return answer.text();
}

/** What is said, without what differs each time. */
const saying = ({ status, data, errors }: GraphQLAnswer<unknown>, id: string): string =>
  JSON.stringify({ status, data, errors })
    .replaceAll(id, 'ID')
    .replaceAll(/"requestId":"[^"]*"/g, '');

describe.each(['SQLite', 'PostgreSQL'])('a payment of another caller, on %s', (store) => {
  let theirs: Payment;
  let input: PaymentInput;

  beforeAll(async () => {
    input = { ...newInput(), referenceId: `LOAN-${randomUUID()}` };
    ({ paymentSession: theirs } = await make(gateways[store], 'owner', input));
  });

  it.each(BY_ID)('does not exist for %s', async (_what, request) => {
    const none = createPaymentId();
    const calls = await sandbox.calls('cancel');
    const foreign = await as(gateways[store], 'stranger', request(theirs.id));
    expect(saying(foreign, theirs.id)).toBe(saying(await as(gateways[store], 'stranger', request(none)), none));
    expect(await sandbox.calls('cancel')).toBe(calls);
  });

  it('is answered by a subscription as one that does not exist', async () => {
    const none = createPaymentId();
    const foreign = await subscribe(gateways[store], 'stranger', theirs.id);
    expect(foreign).toContain('NOT_FOUND');
    expect(foreign).toBe(await subscribe(gateways[store], 'stranger', none));
  });

  it.each([[], ['userId'], ['referenceId'], ['userId', 'referenceId']])(
    'is in no list with a filter of %s %s',
    async (...names) => {
      const query = `query ($filter: PaymentSessionFilter) {
        paymentSessions(filter: $filter) { edges { node { id } } pageInfo { hasNextPage } } }`;
      const all: Record<string, string> = { userId: theirs.customer.userId, referenceId: theirs.referenceId };
      const filter = Object.fromEntries(names.map((name) => [name, all[name]]));
      const { data } = await as(gateways[store], 'stranger', { query, variables: { filter } });
      expect(data).toEqual({ paymentSessions: { edges: [], pageInfo: { hasNextPage: false } } });
    },
  );

  it('is not disclosed by a cursor of its owner', async () => {
    const list = 'query ($after: String) { paymentSessions(after: $after) { edges { cursor node { id } } } }';
    interface List {
      readonly paymentSessions: { readonly edges: readonly { readonly cursor: string }[] };
    }
    await make(gateways[store], 'owner');
    const { data } = await as<List>(gateways[store], 'owner', { query: list });
    const after = data?.paymentSessions.edges[0]?.cursor;
    expect(data?.paymentSessions.edges.length).toBeGreaterThan(1);
    const foreign = await as<List>(gateways[store], 'stranger', { query: list, variables: { after } });
    expect(foreign.data?.paymentSessions.edges).toEqual([]);
  });

  it.each(BOTH)('is not found by its idempotency key: %s', async (_name, operation: Operation) => {
    const same = { ...newInput(), referenceId: `LOAN-${randomUUID()}` };
    const [mine, other] = await Promise.all(
      ['first', 'second'].map((sub) => make(gateways[store], sub, same, operation)),
    );
    expect([mine?.replayed, other?.replayed]).toEqual([false, false]);
    expect(mine?.paymentSession.id).not.toBe(other?.paymentSession.id);
    // Another input is another intention of each, which the key of the other says nothing of.
    const third = await make(gateways[store], 'third', { ...same, amount: { value: '9.99' } }, operation);
    expect(third.replayed).toBe(false);
    expect((await make(gateways[store], 'first', same, operation)).paymentSession.id).toBe(mine?.paymentSession.id);
  });

  it('is read by the back office, which cannot cancel it', async () => {
    for (const [name, request] of BY_ID.slice(0, 2)) {
      const { data } = await as(gateways[store], 'office', request(theirs.id), 'backoffice:read');
      expect([name, JSON.stringify(data)]).toEqual([name, expect.stringContaining(theirs.referenceId)]);
    }
    const [, cancel] = BY_ID[2] ?? [];
    const none = createPaymentId();
    const ask = (id: string) => as(gateways[store], 'office', cancel?.(id) ?? {}, 'backoffice:read payments:cancel');
    expect(saying(await ask(theirs.id), theirs.id)).toBe(saying(await ask(none), none));
  });

  it('is in every list of the back office that it fits', async () => {
    const query = `query ($user: ID!, $reference: ID!) {
      a: paymentSessions { edges { node { id } } }
      b: paymentSessions(filter: { userId: $user }) { edges { node { id } } }
      c: paymentSessions(filter: { referenceId: $reference, deliveryMethod: LINK }) { edges { node { id } } }
      d: paymentSessions(filter: { userId: $user, referenceId: $reference }) { edges { node { id } } } }`;
    const variables = { user: theirs.customer.userId, reference: theirs.referenceId };
    const { data } = await as(gateways[store], 'office', { query, variables }, 'backoffice:read');
    for (const list of Object.values(data ?? {})) expect(JSON.stringify(list)).toContain(theirs.id);
  });

  it('has events that name who asked for it and who cancelled it', async () => {
    const { paymentSession: mine } = await make(gateways[store], 'owner');
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

describe('a subscription', () => {
  it('over server-sent events ends when its token does, and says so', async () => {
    const gateway = gateways.SQLite;
    const { paymentSession } = await make(gateway, 'owner');
    const answer = await fetch(`${gateway?.url ?? ''}/graphql`, {
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
    const events = (await answer.text()).split('\n').filter((line) => line.startsWith('data: {'));
    expect(events).toEqual([
      expect.stringContaining('"status":"INITIATED"'),
      expect.stringMatching(/Your credentials have expired\. Subscribe again\..*"code":"UNAUTHENTICATED"/),
    ]);
  });
});

it('sends with the key of another caller send for themselves', async () => {
  const input = newInput();
  const ids = await Promise.all(
    ['a', 'b', 'c'].map(async (sub) => (await make(gateways.PostgreSQL, sub, input, SEND)).paymentSession.id),
  );
  expect(new Set(ids).size).toBe(3);
  expect(await sandbox.mailsTo(input.customer)).toBe(3);
});
