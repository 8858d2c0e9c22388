import { describe, expect, it } from '@jest/globals';
import { Kind, parse, print } from 'graphql';
import { createClient } from 'graphql-ws';
import { WebSocket } from 'ws';
import { SCOPES } from '../../src/domain/api-client.js';
import { withGateway } from '../support/fixture.js';
import type { TestGateway } from '../support/gateway.js';
import { IdentityProvider } from '../support/identity-provider.js';
import { newInput } from '../support/payments.js';
import { TestRouter } from '../support/router.js';
import { schemaOver } from '../support/schema-over.js';

const NO_PAYMENT = 'ps_01a202f2-fc99-76f3-81b5-1118e13d7638';
/** Nothing that Flinks could be asked with. */
const REFUSED_INPUT = { ...newInput(), idempotencyKey: 'x', amount: { value: '0.00' } };

const SUBSCRIPTION = `subscription { paymentSessionUpdated(id: "${NO_PAYMENT}") { id } }`;
const ENTITIES = `{ _entities(representations: [{ __typename: "PaymentSession", id: "${NO_PAYMENT}" }]) { __typename } }`;

interface Case {
  readonly query: string;
  readonly variables?: object;
  /** Any of these will do. */
  readonly scopes: readonly string[];
}

/** Everything that needs a scope, and which. */
const CASES: Readonly<Record<string, Case>> = {
  'Query.paymentSession': {
    query: `{ paymentSession(id: "${NO_PAYMENT}") { id } }`,
    scopes: ['payments:read', 'backoffice:read'],
  },
  'Query.paymentSessions': {
    query: '{ paymentSessions { pageInfo { hasNextPage } } }',
    scopes: ['payments:read', 'backoffice:read'],
  },
  'Query.reconciliationReport': {
    query: '{ reconciliationReport(date: "2026-06-04") { date } }',
    scopes: ['reconciliation:read', 'backoffice:read'],
  },
  'Mutation.createPaymentSession': {
    query: 'mutation ($input: CreatePaymentSessionInput!) { createPaymentSession(input: $input) { __typename } }',
    variables: { input: REFUSED_INPUT },
    scopes: ['payments:create'],
  },
  'Mutation.sendPaymentRequest': {
    query: 'mutation ($input: SendPaymentRequestInput!) { sendPaymentRequest(input: $input) { __typename } }',
    variables: { input: REFUSED_INPUT },
    scopes: ['payments:send'],
  },
  'Mutation.cancelPaymentSession': {
    query: `mutation { cancelPaymentSession(input: { id: "${NO_PAYMENT}" }) { __typename } }`,
    scopes: ['payments:cancel'],
  },
  'Subscription.paymentSessionUpdated': { query: SUBSCRIPTION, scopes: ['payments:read', 'backoffice:read'] },
};

/** Of a day, beside the scope for the day itself. */
const OF_A_DAY: readonly (readonly [selection: string, scopes: readonly string[]])[] = [
  ...['rowCount', 'matchedCount', 'lateUpdateCount', 'exceptionCount', 'isBalanced'].map(
    (field) => [field, ['backoffice:read']] as const,
  ),
  ['settledInFile { count }', ['backoffice:read']],
  ['settledInGateway { count }', ['backoffice:read']],
  ['changesSincePreviousImport { rowsRemoved }', ['backoffice:read']],
  [
    'importedAt exceptions { edges { node { ... on AmountMismatchException { recordedValue row { referenceId } } } } }',
    [],
  ],
  ...['customerName', 'customerEmail'].map(
    (field) =>
      [
        `exceptions { edges { node { ... on MissingInGatewayException { row { ${field} } } } } }`,
        ['backoffice:read'],
      ] as const,
  ),
  ...['AmountMismatch', 'IdentityMismatch', 'MissingInFile', 'ConflictingStatus', 'UpdateMismatch'].map(
    (type) =>
      [
        `exceptions { edges { node { ... on ${type}Exception { paymentSession { id } } } } }`,
        ['payments:read', 'backoffice:read'],
      ] as const,
  ),
];

const identity = new IdentityProvider();
const router = new TestRouter();
const { sandbox, gateway } = withGateway({
  services: [identity, router],
  environment: () => ({ ...identity.environment(), SUBSCRIPTION_CALLBACK_HOSTS: router.host }),
});

const JSON_TYPE = 'application/json';
const GRAPHQL_TYPE = 'application/graphql-response+json';

/** Asks as a caller with these scopes. */
async function ask(body: object, scopes: readonly string[], accept = GRAPHQL_TYPE) {
  const answer = await fetch(`${gateway.url}/graphql`, {
    method: 'POST',
    headers: {
      accept,
      'content-type': 'application/json',
      authorization: await identity.bearer({ scope: scopes.join(' ') }),
    },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(20_000),
  });
  return { status: answer.status, type: answer.headers.get('content-type'), text: await answer.text() };
}

/** What is said to who lacks one of these, but for the request id. */
const forbidden = (...needed: string[]) => ({
  errors: [{ message: `Missing scope: ${needed.join(', and ')}.`, extensions: { code: 'FORBIDDEN' } }],
});

function withoutRequestId(text: string): unknown {
  return JSON.parse(text, (name, value: unknown) => (name === 'requestId' ? undefined : value));
}

const unused = () => Promise.reject(new Error('nothing is executed'));

const isForbidden = (text: string): boolean => text.includes('"FORBIDDEN"');

describe('the scopes', () => {
  it('of the SDL are those that are expected', async () => {
    const { typeDefs } = await schemaOver(unused, { showsAuthorization: true });
    // As routers read it.
    const sdl = parse(print(typeDefs));
    const declared: Record<string, string[]> = {};
    const elsewhere: string[] = [];
    for (const node of sdl.definitions) {
      if (node.kind !== Kind.OBJECT_TYPE_DEFINITION) elsewhere.push(...print(node).split('\n'));
      else
        for (const field of node.fields ?? []) {
          const directive = field.directives?.find(({ name }) => name.value === 'requiresScopes');
          if (directive === undefined) continue;
          const scopes = [...print(directive).matchAll(/"([^"]+)"/g)].map(([, scope]) => scope ?? '');
          declared[`${node.name.value}.${field.name.value}`] = scopes;
        }
    }
    expect(elsewhere.filter((line) => /@(requiresScopes|authenticated)(?!")/.test(line))).toEqual([]);
    const ofRoots = Object.entries(declared).filter(([field]) => /^(Query|Mutation|Subscription)\./.test(field));
    expect(Object.fromEntries(ofRoots)).toEqual(
      Object.fromEntries(Object.entries(CASES).map(([field, { scopes }]) => [field, scopes])),
    );
    expect(
      Object.keys(declared)
        .filter((field) => !(field in CASES))
        .sort(),
    ).toEqual([
      ...[
        'AmountMismatchException',
        'ConflictingStatusException',
        'DuplicateRowException',
        'IdentityMismatchException',
        'InvalidRowException',
        'MissingInFileException',
      ].map((type) => `${type}.paymentSession`),
      ...[
        'changesSincePreviousImport',
        'exceptionCount',
        'isBalanced',
        'lateUpdateCount',
        'matchedCount',
        'rowCount',
        'settledInFile',
        'settledInGateway',
      ].map((field) => `ReconciliationReport.${field}`),
      'ReconciliationRow.customerEmail',
      'ReconciliationRow.customerName',
      'StatusMismatchException.paymentSession',
      'UpdateMismatchException.paymentSession',
    ]);
  });

  const cases = { ...CASES, 'Query._entities': { query: ENTITIES, scopes: ['payments:read', 'backoffice:read'] } };
  const table = Object.entries(cases).flatMap(([field, each]: [string, Case]) =>
    SCOPES.map((scope) => [field, scope, each] as const),
  );

  it.each(table)('%s with %s alone', async (_field, scope, { query, variables, scopes }) => {
    const accept = query === SUBSCRIPTION ? `text/event-stream, ${JSON_TYPE}` : GRAPHQL_TYPE;
    const { status, text } = await ask({ query, variables }, [scope], accept);
    expect(isForbidden(text)).toBe(!scopes.includes(scope));
    if (scopes.includes(scope)) return;
    expect(status).toBe(403);
    expect(withoutRequestId(text)).toEqual(forbidden(scopes.join(' or ')));
  });

  it.each(OF_A_DAY)('of a day: %s', async (selection, scopes) => {
    const query = `{ reconciliationReport(date: "2026-06-04") { ${selection} } }`;
    const alone = await ask({ query }, ['reconciliation:read']);
    expect(isForbidden(alone.text)).toBe(scopes.length > 0);
    for (const scope of scopes)
      expect((await ask({ query }, ['reconciliation:read', scope])).text).toBe(
        '{"data":{"reconciliationReport":null}}\n',
      );
  });

  it('need nothing but a caller for validatePayment and for the names of types', async () => {
    const { customer, amount, referenceId } = newInput();
    const query =
      'query ($c: PaymentCustomerInput!, $a: PaymentAmountInput!, $r: ID!) { __typename validatePayment(input: {customer: $c, amount: $a, referenceId: $r}) { code } }';
    const { status, text } = await ask({ query, variables: { c: customer, a: amount, r: referenceId } }, []);
    expect([status, JSON.parse(text)]).toEqual([200, { data: { __typename: 'Query', validatePayment: [] } }]);
  });
});

describe('who lacks a scope', () => {
  const read = `paymentSession(id: "${NO_PAYMENT}") { id }`;
  const READ = forbidden('payments:read or backoffice:read');

  it.each([
    ['an alias', `{ harmless: ${read} }`],
    ['a fragment', `query { ...A } fragment A on Query { ...B } fragment B on Query { ${read} }`],
    ['an inline fragment', `{ ... on Query { ... { ${read} } } }`],
    ['a field that is skipped', `{ __typename ... @include(if: false) { ${read} } }`],
    [
      'a variable that skips it',
      `query ($no: Boolean = true) { a: __typename b: ${read.replace(' {', ' @skip(if: $no) {')} }`,
    ],
    ['company', `{ __typename ${read} }`],
  ])('is refused in spite of %s', async (_how, query) => {
    const { status, text } = await ask({ query }, ['payments:create']);
    expect([status, withoutRequestId(text)]).toEqual([403, READ]);
  });

  it('gets all missing scopes at once', async () => {
    const query = `{ ${read} reconciliationReport(date: "2026-06-04") { rowCount } }`;
    const { text } = await ask({ query }, []);
    expect(withoutRequestId(text)).toEqual(
      forbidden('backoffice:read', 'payments:read or backoffice:read', 'reconciliation:read or backoffice:read'),
    );
  });

  it('may run what is permitted of a document, by its name', async () => {
    const query = `query Mine { __typename } query Theirs { ${read} }`;
    expect((await ask({ query, operationName: 'Mine' }, [])).status).toBe(200);
    expect((await ask({ query, operationName: 'Theirs' }, [])).status).toBe(403);
  });

  const send = (name: string) => `${name}: sendPaymentRequest(input: $input) { __typename }`;
  const mutation = (fields: string) => `mutation ($input: SendPaymentRequestInput!) { ${fields} }`;

  it.each([
    ['good input', mutation(send('a')), { input: newInput() }],
    ['input that breaks rules', mutation(send('a')), { input: REFUSED_INPUT }],
    ['variables that do not fit', mutation(send('a')), { input: 7 }],
    ['two mutations', mutation(send('a') + send('b')), { input: newInput() }],
  ])('is told the same with %s, and nothing reaches Flinks', async (_what, query, variables) => {
    const calls = await sandbox.calls('sendrequest');
    const { status, text } = await ask({ query, variables }, ['payments:create', 'payments:read']);
    expect([status, withoutRequestId(text)]).toEqual([403, forbidden('payments:send')]);
    expect(await sandbox.calls('sendrequest')).toBe(calls);
  });

  it.each([JSON_TYPE, GRAPHQL_TYPE])('gets the status 403 in %s', async (accept) => {
    const { status, type, text } = await ask({ query: `{ ${read} }` }, [], accept);
    expect([status, withoutRequestId(text)]).toEqual([403, READ]);
    expect(type).toContain(accept);
  });

  it.each([
    ['server-sent events', 'text/event-stream', 'event: complete'],
    ['parts', 'multipart/mixed;subscriptionSpec=1.0', '--graphql--'],
  ])('is told in a stream of %s, which ends with it', async (_what, accept, end) => {
    for (const query of [SUBSCRIPTION, `{ ${read} }`]) {
      const { text } = await ask({ query }, ['payments:create'], accept);
      expect(text).toContain(READ.errors[0]?.message);
      expect(text).toContain('"code":"FORBIDDEN"');
      expect(text).toContain(end);
    }
  });

  it('is told over a WebSocket, which stays open', async () => {
    const authorization = await identity.bearer({ scope: 'payments:create' });
    const client = createClient({
      url: `${gateway.url.replace('http', 'ws')}/graphql`,
      webSocketImpl: WebSocket,
      connectionParams: { authorization },
      lazy: false,
      retryAttempts: 0,
    });
    const run = (query: string) =>
      new Promise<unknown>((resolve) => {
        client.subscribe({ query }, { next: resolve, error: resolve, complete: () => undefined });
      });
    for (const query of [SUBSCRIPTION, `{ ${read} }`])
      expect(await run(query)).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
    expect(await run('{ __typename }')).toEqual({ data: { __typename: 'Query' } });
    await client.dispose();
  });

  it('is told in the answer to a router, which is not called back', async () => {
    const authorization = await identity.bearer({ scope: 'payments:create' });
    const post: TestGateway['post'] = (body, headers) => gateway.post(body, { ...headers, authorization });
    const { subscription, answer } = await router.subscribe({ post }, NO_PAYMENT);
    expect([answer.status, answer.errors?.map(({ extensions }) => extensions.code)]).toEqual([403, ['FORBIDDEN']]);
    expect(subscription.messages).toEqual([]);
  });

  it('is logged without what was shown, and counted', async () => {
    await ask({ query: `{ ${read} }` }, []);
    await gateway.logged('"reason":"scope"');
    expect((await gateway.get('/metrics')).body).toMatch(/flinks_pay_requests_rejected_total\{reason="scope"\} [1-9]/);
    expect(gateway.output).not.toMatch(/eyJ|Bearer/);
  });
});
