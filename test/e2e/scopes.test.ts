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
import { createStubbedSchema } from '../support/stubbed-schema.js';

const NO_PAYMENT = 'ps_01a202f2-fc99-76f3-81b5-1118e13d7638';
/** Invalid, so that the gateway never calls Flinks. */
const REFUSED_INPUT = { ...newInput(), idempotencyKey: 'x', amount: { value: '0.00' } };

const SUBSCRIPTION = `subscription { paymentSessionUpdated(id: "${NO_PAYMENT}") { id } }`;
const ENTITIES = `{ _entities(representations: [{ __typename: "PaymentSession", id: "${NO_PAYMENT}" }]) { __typename } }`;

interface ScopeCase {
  readonly query: string;
  readonly variables?: object;
  /** Any one of these is enough. */
  readonly scopes: readonly string[];
}

/** The root fields and the scopes that they require. */
const CASES: Readonly<Record<string, ScopeCase>> = {
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

/** Fields of a report, with the scopes that they require besides the scope of the report. */
const REPORT_FIELDS: readonly (readonly [selection: string, scopes: readonly string[]])[] = [
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

/** Sends a request as a client with these scopes. */
async function sendRequest(body: object, scopes: readonly string[], accept = GRAPHQL_TYPE) {
  const response = await fetch(`${gateway.url}/graphql`, {
    method: 'POST',
    headers: {
      accept,
      'content-type': 'application/json',
      authorization: await identity.bearer({ scope: scopes.join(' ') }),
    },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(20_000),
  });
  return { status: response.status, type: response.headers.get('content-type'), text: await response.text() };
}

/** The response to a client that lacks one of these scopes, without the request id. */
const forbidden = (...needed: string[]) => ({
  errors: [{ message: `Missing scope: ${needed.join(', and ')}.`, extensions: { code: 'FORBIDDEN' } }],
});

function withoutRequestId(text: string): unknown {
  return JSON.parse(text, (name, value: unknown) => (name === 'requestId' ? undefined : value));
}

const unused = () => Promise.reject(new Error('nothing is executed'));

const isForbidden = (text: string): boolean => text.includes('"FORBIDDEN"');

describe('the required scopes', () => {
  it('are declared in the SDL on exactly the expected fields', async () => {
    const { typeDefs } = await createStubbedSchema(unused, { showsAuthorization: true });
    // Printed and parsed, as routers read it.
    const sdl = parse(print(typeDefs));
    const declared: Record<string, string[]> = {};
    const otherLines: string[] = [];
    for (const node of sdl.definitions) {
      if (node.kind !== Kind.OBJECT_TYPE_DEFINITION) otherLines.push(...print(node).split('\n'));
      else
        for (const field of node.fields ?? []) {
          const directive = field.directives?.find(({ name }) => name.value === 'requiresScopes');
          if (directive === undefined) continue;
          const scopes = [...print(directive).matchAll(/"([^"]+)"/g)].map(([, scope]) => scope ?? '');
          declared[`${node.name.value}.${field.name.value}`] = scopes;
        }
    }
    expect(otherLines.filter((line) => /@(requiresScopes|authenticated)(?!")/.test(line))).toEqual([]);
    const rootFields = Object.entries(declared).filter(([field]) => /^(Query|Mutation|Subscription)\./.test(field));
    expect(Object.fromEntries(rootFields)).toEqual(
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
  const table = Object.entries(cases).flatMap(([field, each]: [string, ScopeCase]) =>
    SCOPES.map((scope) => [field, scope, each] as const),
  );

  it.each(table)('are checked for %s with the scope %s alone', async (_field, scope, { query, variables, scopes }) => {
    const accept = query === SUBSCRIPTION ? `text/event-stream, ${JSON_TYPE}` : GRAPHQL_TYPE;
    const { status, text } = await sendRequest({ query, variables }, [scope], accept);
    expect(isForbidden(text)).toBe(!scopes.includes(scope));
    if (scopes.includes(scope)) return;
    expect(status).toBe(403);
    expect(withoutRequestId(text)).toEqual(forbidden(scopes.join(' or ')));
  });

  it.each(REPORT_FIELDS)('are checked for these fields of reconciliationReport: %s', async (selection, scopes) => {
    const query = `{ reconciliationReport(date: "2026-06-04") { ${selection} } }`;
    const alone = await sendRequest({ query }, ['reconciliation:read']);
    expect(isForbidden(alone.text)).toBe(scopes.length > 0);
    for (const scope of scopes)
      expect((await sendRequest({ query }, ['reconciliation:read', scope])).text).toBe(
        '{"data":{"reconciliationReport":null}}\n',
      );
  });

  it('are none for validatePayment and __typename', async () => {
    const { customer, amount, referenceId } = newInput();
    const query =
      'query ($c: PaymentCustomerInput!, $a: PaymentAmountInput!, $r: ID!) { __typename validatePayment(input: {customer: $c, amount: $a, referenceId: $r}) { code } }';
    const { status, text } = await sendRequest({ query, variables: { c: customer, a: amount, r: referenceId } }, []);
    expect([status, JSON.parse(text)]).toEqual([200, { data: { __typename: 'Query', validatePayment: [] } }]);
  });
});

describe('a client that lacks a scope', () => {
  const read = `paymentSession(id: "${NO_PAYMENT}") { id }`;
  const READ = forbidden('payments:read or backoffice:read');

  it.each([
    ['an alias', `{ harmless: ${read} }`],
    ['a fragment', `query { ...A } fragment A on Query { ...B } fragment B on Query { ${read} }`],
    ['an inline fragment', `{ ... on Query { ... { ${read} } } }`],
    ['a skipped fragment', `{ __typename ... @include(if: false) { ${read} } }`],
    [
      'a variable that skips the field',
      `query ($no: Boolean = true) { a: __typename b: ${read.replace(' {', ' @skip(if: $no) {')} }`,
    ],
    ['an unprotected field', `{ __typename ${read} }`],
  ])('is rejected despite %s', async (_how, query) => {
    const { status, text } = await sendRequest({ query }, ['payments:create']);
    expect([status, withoutRequestId(text)]).toEqual([403, READ]);
  });

  it('gets all missing scopes in one error', async () => {
    const query = `{ ${read} reconciliationReport(date: "2026-06-04") { rowCount } }`;
    const { text } = await sendRequest({ query }, []);
    expect(withoutRequestId(text)).toEqual(
      forbidden('backoffice:read', 'payments:read or backoffice:read', 'reconciliation:read or backoffice:read'),
    );
  });

  it('may run the permitted operations of a document by name', async () => {
    const query = `query Mine { __typename } query Theirs { ${read} }`;
    expect((await sendRequest({ query, operationName: 'Mine' }, [])).status).toBe(200);
    expect((await sendRequest({ query, operationName: 'Theirs' }, [])).status).toBe(403);
  });

  const send = (name: string) => `${name}: sendPaymentRequest(input: $input) { __typename }`;
  const mutation = (fields: string) => `mutation ($input: SendPaymentRequestInput!) { ${fields} }`;

  it.each([
    ['valid input', mutation(send('a')), { input: newInput() }],
    ['input that violates rules', mutation(send('a')), { input: REFUSED_INPUT }],
    ['variables of the wrong type', mutation(send('a')), { input: 7 }],
    ['two mutations', mutation(send('a') + send('b')), { input: newInput() }],
  ])('gets the same error with %s, and nothing reaches Flinks', async (_what, query, variables) => {
    const calls = await sandbox.calls('sendrequest');
    const { status, text } = await sendRequest({ query, variables }, ['payments:create', 'payments:read']);
    expect([status, withoutRequestId(text)]).toEqual([403, forbidden('payments:send')]);
    expect(await sandbox.calls('sendrequest')).toBe(calls);
  });

  it.each([JSON_TYPE, GRAPHQL_TYPE])('gets the status 403 in %s', async (accept) => {
    const { status, type, text } = await sendRequest({ query: `{ ${read} }` }, [], accept);
    expect([status, withoutRequestId(text)]).toEqual([403, READ]);
    expect(type).toContain(accept);
  });

  it.each([
    ['server-sent events', 'text/event-stream', 'event: complete'],
    ['multipart responses', 'multipart/mixed;subscriptionSpec=1.0', '--graphql--'],
  ])('gets the error in a stream of %s, which then ends', async (_what, accept, end) => {
    for (const query of [SUBSCRIPTION, `{ ${read} }`]) {
      const { text } = await sendRequest({ query }, ['payments:create'], accept);
      expect(text).toContain(READ.errors[0]?.message);
      expect(text).toContain('"code":"FORBIDDEN"');
      expect(text).toContain(end);
    }
  });

  it('gets the error over a WebSocket, which stays open', async () => {
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

  it('gets the error in the response to a callback subscription, without a callback', async () => {
    const authorization = await identity.bearer({ scope: 'payments:create' });
    const post: TestGateway['post'] = (body, headers) => gateway.post(body, { ...headers, authorization });
    const { subscription, response } = await router.subscribe({ post }, NO_PAYMENT);
    expect([response.status, response.errors?.map(({ extensions }) => extensions.code)]).toEqual([403, ['FORBIDDEN']]);
    expect(subscription.messages).toEqual([]);
  });

  it('is counted, and logged without its credentials', async () => {
    await sendRequest({ query: `{ ${read} }` }, []);
    await gateway.logged('"reason":"scope"');
    expect((await gateway.get('/metrics')).body).toMatch(/flinks_pay_requests_rejected_total\{reason="scope"\} [1-9]/);
    expect(gateway.output).not.toMatch(/eyJ|Bearer/);
  });
});
