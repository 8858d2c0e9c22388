import { MARK, validatePayment } from '../payment-calls.js';
import type { RawRequest } from '../payment-calls.js';

/** A request that the gateway rejects before it reads a payment. */
export interface BadRequest extends RawRequest {
  readonly description: string;
  /** Absent if any rejection is acceptable. */
  readonly status?: number;
  readonly code?: string;
}

const JSON_TYPE = { 'content-type': 'application/json' };
const NO_PREFLIGHT = { 'apollo-require-preflight': 'yes' };
const mutationText = `mutation { createPaymentSession(input: {customer: {name: "${MARK}"}}) { __typename } }`;
const marked = (request: object): string => JSON.stringify({ variables: { [MARK]: MARK }, ...request });

const rejectedDocuments: readonly BadRequest[] = [
  ...[
    MARK,
    `{"${MARK}`,
    `{ "${MARK}" }`,
    `{ validatePayment(input: {customer: {name: "${MARK}`,
    `{ validatePayment(input: {customer: {name: """${MARK}`,
    `{ validatePayment(input: {customer: {name: "${MARK}\n"}}) { path } }`,
    `{ validatePayment(input: {customer: {name: "${MARK}\\q"}}) { path } }`,
    `{ validatePayment(input: {customer: {name: "\\u{110000}${MARK}"}}) { path } }`,
    `{ validatePayment(input: {amount: {value: 0${MARK}}}) { path } }`,
    `{ validatePayment(input: {amount: {value: 007319513}}) { path } }`,
    `{ validatePayment(input: {amount: {value: 7319513.}}) { path } }`,
    `{ validatePayment(input: {amount: {value: .7319513}}) { path } }`,
    `mutation { createPaymentSession(input: $${MARK} }`,
    `query ${MARK}`,
    `{ __typename } \0${MARK}`,
    `\ufeff{ __typename } } ${MARK}`,
    `'${MARK}'`,
    `{ __typename @${MARK}( }`,
    '{'.repeat(20_000),
  ].map((query) => ({
    description: 'a syntax error',
    body: marked({ query }),
    status: 400,
    code: 'GRAPHQL_PARSE_FAILED',
  })),
  ...[
    `query ($name: Int = "${MARK}") { __typename }`,
    `{ __typename @include(if: "${MARK}") }`,
    `{ __typename @skip(if: 7319513773) }`,
    `{ noSuchField(name: "${MARK}") }`,
    `mutation { createPaymentSession(payment: "${MARK}") { __typename } }`,
    `mutation { createPaymentSession(input: $input) { __typename } }`,
    `{ validatePayment(input: {customer: {name: "${MARK}", name: "${MARK}"}, amount: {value: 1}}) { path } }`,
    `query ($customer: String!) { validatePayment(input: {customer: $customer, amount: {value: 1}}) { path } }`,
    `query ($customer: NoSuchInput = "${MARK}") { __typename }`,
    `{ __type(name: 7319513773) { name } }`,
    `{ __type(name: ["${MARK}"]) { name } }`,
  ].map((query) => ({
    description: 'a document that does not fit the schema',
    body: marked({ query }),
    status: 400,
    code: 'GRAPHQL_VALIDATION_FAILED',
  })),
];

const rejectedOperations: readonly BadRequest[] = [
  {
    description: 'an unknown operation name',
    body: marked({ query: validatePayment.query, operationName: MARK }),
    status: 400,
    code: 'OPERATION_RESOLUTION_FAILURE',
  },
  {
    description: 'several operations and no name',
    body: marked({ query: 'query a { __typename } query b { __typename }' }),
    status: 400,
    code: 'OPERATION_RESOLUTION_FAILURE',
  },
  {
    description: 'a subscription',
    body: marked({ query: `subscription { changed(id: "${MARK}") }` }),
  },
  {
    description: 'no value for the declared variable',
    body: marked({ query: validatePayment.query }),
    status: 400,
    code: 'BAD_USER_INPUT',
  },
  {
    description: 'a list with more type errors than the response lists',
    body: marked({
      query: validatePayment.query,
      variables: { input: { clientUrls: Array<number>(200).fill(7319513773) } },
    }),
    status: 400,
    code: 'BAD_USER_INPUT',
  },
];

const rejectedBodies: readonly BadRequest[] = [
  ...[
    '',
    MARK,
    `"${MARK}`,
    `{"${MARK}`,
    `{"query": ${MARK}}`,
    `{'query': '${MARK}'}`,
    `{"query": "${MARK}",}`,
    `{"query": "${MARK}"} ${MARK}`,
    `{"query": "${MARK}\n"}`,
    `{"query": "{ __typename }", "variables": {"${MARK}": NaN}}`,
    `{"query": "{ __typename }", "variables": {"${MARK}": 007}}`,
    `{"query": "{ __typename }", "variables": {"__proto__": {"${MARK}": 1}}}`,
    `{"query": "{ __typename }", "variables": {"constructor": {"prototype": "${MARK}"}}}`,
    `query=${MARK}`,
    `<query>${MARK}</query>`,
  ].map((body) => ({ description: 'a body that is not valid JSON or is unsafe', body })),
  ...[`"${MARK}"`, '7319513773', 'null', 'true', '{}', '[]'].map((body) => ({
    description: 'a body that is not an object',
    body,
  })),
  { description: 'a batch', body: `[${marked({ query: '{ __typename }' })}]` },
  ...[7319513773, null, '', [MARK], { [MARK]: MARK }].map((query) => ({
    description: 'a query that is not a text',
    body: marked({ query }),
  })),
  ...[7319513773, MARK, [MARK], true, JSON.stringify({ customer: MARK })].map((variables) => ({
    description: 'variables that are not an object',
    body: JSON.stringify({ query: '{ __typename }', variables }),
  })),
  ...[7319513773, [MARK], { [MARK]: MARK }].map((operationName) => ({
    description: 'an operationName that is not a text',
    body: marked({ query: '{ __typename }', operationName }),
  })),
  ...[MARK, [MARK], 7319513773].map((extensions) => ({
    description: 'extensions that are not an object',
    body: marked({ query: '{ __typename }', extensions }),
  })),
].map((request) => ({ ...request, headers: JSON_TYPE, status: 400, code: 'BAD_REQUEST' }));

const rejectedPersistedQueries: readonly BadRequest[] = [
  MARK,
  [MARK],
  { version: 2, sha256Hash: MARK },
  { version: 1, sha256Hash: MARK },
  { version: 1, sha256Hash: { [MARK]: MARK } },
].map((persistedQuery) => ({
  description: 'a persisted query',
  body: marked({ query: '{ __typename }', extensions: { persistedQuery } }),
}));

const rejectedByHttp: readonly BadRequest[] = [
  ...[
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'application/xml',
    'application/graphql',
    MARK,
  ].map((type) => ({
    description: `the content type ${type}`,
    headers: { 'content-type': type },
    body: marked({ query: mutationText }),
    status: 415,
    code: 'BAD_REQUEST',
  })),
  {
    description: 'plain text, as a form on another site can send it',
    headers: { 'content-type': 'text/plain' },
    body: marked({ query: mutationText }),
    status: 400,
    code: 'BAD_REQUEST',
  },
  {
    description: 'a body of more than 100 kB',
    body: marked({ query: validatePayment.query, variables: { input: MARK.repeat(20_001) } }),
    status: 413,
    code: 'BAD_REQUEST',
  },
  {
    description: 'a mutation by GET',
    method: 'GET',
    path: `/graphql?query=${encodeURIComponent(`mutation { sendPaymentRequest(input: {idempotencyKey: "${MARK}", customer: {userId: "${MARK}", name: "${MARK} Tremblay", email: "${MARK}@example.com"}, amount: {value: 1}}) { __typename } }`)}`,
    headers: NO_PREFLIGHT,
    status: 405,
    code: 'BAD_REQUEST',
  },
  {
    description: 'a query by GET from another site',
    method: 'GET',
    path: `/graphql?query=${encodeURIComponent('{ __typename }')}&variables=${encodeURIComponent(`{"a":"${MARK}"}`)}`,
    headers: {},
    status: 400,
    code: 'BAD_REQUEST',
  },
  {
    description: 'variables that are not JSON, by GET',
    method: 'GET',
    path: `/graphql?query=${encodeURIComponent('{ __typename }')}&variables=${MARK}`,
    headers: NO_PREFLIGHT,
    status: 400,
    code: 'BAD_REQUEST',
  },
  {
    description: 'a repeated parameter, by GET',
    method: 'GET',
    path: `/graphql?query=${encodeURIComponent('{ __typename }')}&query=${MARK}`,
    headers: NO_PREFLIGHT,
    status: 400,
    code: 'BAD_REQUEST',
  },
  { description: 'an unknown path', path: `/${MARK}`, body: marked({}), status: 404, code: 'NOT_FOUND' },
  { description: 'an unsupported method', method: 'PUT', body: marked({}), status: 404, code: 'NOT_FOUND' },
  {
    description: 'a path that cannot be decoded',
    path: `/graphql%${MARK}?name=${MARK}`,
    body: marked({}),
    status: 400,
    code: 'BAD_REQUEST',
  },
];

/** Every request that the gateway rejects before it reads a payment. */
export const badRequests: readonly BadRequest[] = [
  ...rejectedDocuments,
  ...rejectedOperations,
  ...rejectedBodies,
  ...rejectedPersistedQueries,
  ...rejectedByHttp,
];
