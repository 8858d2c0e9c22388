import { newInput } from '../support/payments.js';
import { alike, each } from './attack.js';
import type { Attack, Stage } from './attack.js';
import { LIST, READ, WATCH, aSend, many, sends } from './requests.js';
import { init, subscribe, talk } from './sockets.js';
import type { World } from './world.js';

type Body = (world: World) => unknown;

/** One body and what it is answered. */
function operation(
  name: string,
  tries: string,
  by: readonly [Stage, string],
  answer: string,
  body: Body,
  change: Partial<Attack> = {},
): Attack {
  return {
    name,
    tries,
    stage: by[0],
    stoppedBy: by[1],
    answer,
    attack: async (world) => world.ask(await body(world)),
    ...change,
  };
}

const ONE_MUTATION = ['operation limits', 'src/server/graphql/reject-operations.ts: one mutation a request'] as const;
const LIMITS = 'src/server/graphql/limits';
const TOKENS = ['parse', `${LIMITS}/document-limits.ts: tokens`] as const;
const DEPTH = ['operation limits', `${LIMITS}/document-limits.ts: depth`] as const;
const ALIASES = ['operation limits', `${LIMITS}/document-limits.ts: aliases`] as const;
const DIRECTIVES = ['operation limits', `${LIMITS}/document-limits.ts: directives`] as const;
const REPEATS = ['operation limits', `${LIMITS}/document-limits.ts: the same field beside itself`] as const;
const COST = ['operation limits', `${LIMITS}/operation-cost.ts`] as const;
const RULES = ['validation', 'graphql-js: the rules of the specification, few errors at most'] as const;

const REFUSED_WHOLE = '400 BAD_REQUEST';

const manySends: readonly Attack[] = [
  operation('sends fifty e-mails by aliases', 'sendPaymentRequest under 50 aliases', ONE_MUTATION, REFUSED_WHOLE, () =>
    sends(50),
  ),
  operation('sends two e-mails by aliases', 'the least that is too much', ONE_MUTATION, REFUSED_WHOLE, () => sends(2)),
  operation('hides sends in a fragment', '50 sends in one fragment', ONE_MUTATION, REFUSED_WHOLE, () =>
    sends(50, (fields) => `{ ...F } fragment F on Mutation { ${fields.join(' ')} }`),
  ),
  operation(
    'hides sends in nested fragments',
    'a send in each of 5 fragments that spread the next',
    ONE_MUTATION,
    REFUSED_WHOLE,
    () =>
      sends(5, (fields) => {
        const fragments = fields.map((field, index) => `fragment F${index} on Mutation { ${field} ...F${index + 1} }`);
        return `{ ...F0 } ${fragments.join(' ')} fragment F5 on Mutation { __typename }`;
      }),
  ),
  operation(
    'hides sends in inline fragments',
    'a send in each of 10 inline fragments',
    ONE_MUTATION,
    REFUSED_WHOLE,
    () => sends(10, (fields) => `{ ${fields.map((field) => `... on Mutation { ... { ${field} } }`).join(' ')} }`),
  ),
  operation(
    'hides sends behind directives',
    'a send with @include(if: true) beside a send with @skip(if: false)',
    ONE_MUTATION,
    REFUSED_WHOLE,
    () =>
      sends(
        2,
        (fields) => `{ ... @include(if: true) { ${fields[0] ?? ''} } ... @skip(if: false) { ${fields[1] ?? ''} } }`,
      ),
  ),
  operation(
    'mixes mutations',
    'a send, a creation and a cancellation in one operation',
    ONE_MUTATION,
    REFUSED_WHOLE,
    ({ victim }) => ({
      query: `mutation ($a: SendPaymentRequestInput!, $b: CreatePaymentSessionInput!, $id: ID!) { sendPaymentRequest(input: $a) { __typename }
      createPaymentSession(input: $b) { __typename } cancelPaymentSession(input: { id: $id }) { __typename } }`,
      variables: { a: newInput(), b: newInput(), id: victim.id },
    }),
  ),
  operation(
    'sends two operations without a name',
    'two mutations in a document, none chosen',
    ['validation', 'graphql-js: operationName is needed'],
    '200 OPERATION_RESOLUTION_FAILURE',
    () => ({
      ...aSend(),
      query: `${aSend().query.replace('mutation', 'mutation A')} ${aSend().query.replace('mutation', 'mutation B')}`,
    }),
  ),
  {
    ...operation(
      'sends a list of operations',
      'batching: 10 sends in a JSON array',
      ['http', 'Apollo Server: allowBatchedHttpRequests is off'],
      REFUSED_WHOLE,
      () => [...Array(10).keys()].map(aSend),
    ),
  },
  {
    ...operation(
      'batches over a WebSocket',
      'a list of sends as the payload of subscribe, and as a message',
      ['connection', 'graphql-ws: messages and payloads are objects'],
      'closed 4400',
      () => null,
    ),
    attack: (world) => {
      const authorization = world.known('').authorization ?? '';
      return each([subscribe([aSend(), aSend()]), [subscribe(aSend()), subscribe(aSend(), '2')]], (message) =>
        talk(world, [init(authorization), message]),
      );
    },
  },
  {
    ...operation(
      'sends fifty e-mails by aliases over a WebSocket',
      'sendPaymentRequest under 50 aliases by graphql-ws',
      ONE_MUTATION,
      'BAD_REQUEST',
      () => null,
    ),
    attack: (world) => talk(world, [init(world.known('').authorization ?? ''), subscribe(sends(50))]),
  },
];

/** Of a payment. */
const EVERYTHING = `fragment P on PaymentSession { id flinksSessionId flinksPaymentRequestId referenceId deliveryMethod customer { userId name email }
  amount { value currency } clientUrls createdAt paymentUrl status providerStatusDetails statusCheckedAt fundsGuaranteed
  failure { reason payerMessage merchantMessage } updatedAt events { status source recordedAt message applied actor } }`;

const deep = (levels: number): string => `{ ${many(levels, () => '... {')} __typename ${many(levels, () => '}')} }`;
const bomb = (levels: number): string =>
  `{ ...F0 } ${many(levels, (index) => `fragment F${index} on Query { ...F${index + 1} ...F${index + 1} }`)} fragment F${levels} on Query { __typename }`;
const chain = (count: number): string =>
  `{ ...F0 } ${many(count, (index) => `fragment F${index} on Query { ...F${(index + 1) % count} }`)}`;

const REFUSED_DOCUMENT = '200 GRAPHQL_VALIDATION_FAILED';
const TOO_LARGE = '200 OPERATION_TOO_LARGE';
const flood = { repeats: 200 } as const;

const floods: readonly Attack[] = [
  operation(
    'floods with aliases',
    '__typename under 300 aliases',
    ALIASES,
    TOO_LARGE,
    () => ({ query: `{ ${many(300, (index) => `a${index}: __typename`)} }` }),
    flood,
  ),
  operation(
    'floods with aliased reads',
    'paymentSession under 100 aliases',
    TOKENS,
    TOO_LARGE,
    ({ victim }) => ({
      query: `{ ${many(100, (index) => `a${index}: paymentSession(id: "${victim.id}") { id }`)} }`,
    }),
    flood,
  ),
  operation(
    'floods with the same field',
    '__typename 9,000 times',
    TOKENS,
    TOO_LARGE,
    () => ({ query: `{ ${many(9_000, () => '__typename')} }` }),
    flood,
  ),
  operation(
    'floods with tokens',
    'as many punctuators and names as a body takes',
    TOKENS,
    TOO_LARGE,
    () => ({ query: `{ ${many(45_000, () => 'a')} }` }),
    flood,
  ),
  operation(
    'floods with comments and commas',
    'what a parser ignores, as much as a body takes',
    ['parse', 'graphql-js reads it once; it has nothing in it'],
    '200 GRAPHQL_PARSE_FAILED',
    () => ({ query: `{ ${many(45_000, () => ',', '')}\n${many(45_000, () => '#', '')}\n}` }),
    flood,
  ),
  operation(
    'floods with directives',
    '@include 80 times on a field',
    DIRECTIVES,
    TOO_LARGE,
    () => ({ query: `{ __typename ${many(80, () => '@include(if: true)')} }` }),
    flood,
  ),
  operation(
    'floods with unknown directives',
    'names that no schema has, a hundred on a field',
    DIRECTIVES,
    TOO_LARGE,
    () => ({ query: `{ __typename ${many(150, (index) => `@a${index}`)} }` }),
    flood,
  ),
  operation(
    'goes deep by fields',
    '_service and fragments, deeper than any screen wants',
    DEPTH,
    TOO_LARGE,
    () => ({
      query: `{ ${many(30, () => 'paymentSessions { edges { node {')} id ${many(90, () => '}')} }`,
    }),
    flood,
  ),
  operation(
    'goes deep by inline fragments',
    '200 inline fragments in one another',
    DEPTH,
    TOO_LARGE,
    () => ({ query: deep(200) }),
    flood,
  ),
  operation(
    'goes deeper than the stack',
    '20,000 open braces',
    TOKENS,
    TOO_LARGE,
    () => ({ query: deep(10_000) }),
    flood,
  ),
  operation(
    'goes deep in a value',
    'a list in a list, 20,000 times',
    TOKENS,
    TOO_LARGE,
    () => ({ query: `{ paymentSession(id: ${'['.repeat(20_000)}${']'.repeat(20_000)}) { id } }` }),
    flood,
  ),
  operation(
    'explodes by fragments',
    'a bomb: each of 30 fragments spreads the next twice',
    DEPTH,
    TOO_LARGE,
    () => ({ query: bomb(30) }),
    flood,
  ),
  operation(
    'goes round in fragments',
    'fragments that spread each other in a circle',
    RULES,
    REFUSED_DOCUMENT,
    () => ({ query: chain(3) }),
    flood,
  ),
  operation(
    'goes round in many fragments',
    'a circle of 300 fragments',
    TOKENS,
    TOO_LARGE,
    () => ({ query: chain(300) }),
    flood,
  ),
  operation(
    'declares fragments that nobody uses',
    'hundreds of them',
    TOKENS,
    TOO_LARGE,
    () => ({ query: `{ __typename } ${many(800, (index) => `fragment F${index} on Query { __typename }`)}` }),
    flood,
  ),
  operation(
    'asks for fields that do not exist',
    'hundreds of unknown fields: an error for each would fill the response',
    RULES,
    REFUSED_DOCUMENT,
    () => ({ query: `{ ${many(400, (index) => `b${index}`)} }` }),
    flood,
  ),
  operation(
    'makes fields overlap',
    'pairs of selections that have to be compared',
    REPEATS,
    TOO_LARGE,
    ({ victim }) => ({
      query: `{ ${many(25, () => `paymentSession(id: "${victim.id}") { ${many(3, () => 'customer { userId userId }')} }`)} }`,
    }),
    flood,
  ),
  operation(
    'asks for large lists in large lists',
    'pages of 100 payments with all events, many times',
    COST,
    TOO_LARGE,
    () => ({
      query: `{ ${many(49, (index) => `a${index}: paymentSessions(first: 100) { edges { node { ...P } } }`)} } ${EVERYTHING}`,
    }),
    flood,
  ),
  operation(
    'asks for more entities than allowed',
    'ten thousand and one representations',
    ['http', 'the size of a body'],
    '413 BAD_REQUEST',
    () => ({
      query: 'query ($of: [_Any!]!) { _entities(representations: $of) { __typename } }',
      variables: {
        of: [...Array(10_001).keys()].map((index) => ({ __typename: 'PaymentSession', id: String(index) })),
      },
    }),
    flood,
  ),
  operation(
    'declares thousands of variables',
    'variables that nothing uses',
    TOKENS,
    TOO_LARGE,
    () => ({ query: `query (${many(2_500, (index) => `$v${index}: ID`)}) { __typename }` }),
    flood,
  ),
  operation(
    'sends huge variables',
    'a list of 10,000 clientUrls',
    ['http', 'the size of a body'],
    '413 BAD_REQUEST',
    () => ({
      ...aSend(),
      variables: { input: { ...newInput(), clientUrls: Array(10_000).fill('https://shop.example/') } },
    }),
    flood,
  ),
  operation(
    'sends deep JSON',
    '40,000 lists in one another as a variable',
    ['operation limits', `${LIMITS}/limit-operations.ts`],
    TOO_LARGE,
    () =>
      `{"query":"query ($after: String) { paymentSessions(after: $after) { edges { cursor } } }","variables":{"after":${'['.repeat(40_000)}${']'.repeat(40_000)}}}`,
    flood,
  ),
  operation(
    'sends a list of 10,000 operations',
    'batching: { __typename } ten thousand times',
    ['http', 'the size of a body, and allowBatchedHttpRequests is off'],
    '413 BAD_REQUEST | 400 BAD_REQUEST',
    () => null,
    {
      ...flood,
      attack: (world) => each([10_000, 3_000], (count) => world.ask(Array(count).fill({ query: '{ __typename }' }))),
    },
  ),
  operation(
    'floods with documents of which none is like another',
    'what is kept of each has to have an end',
    RULES,
    REFUSED_DOCUMENT,
    () => ({
      query: `{ a${Math.random().toString(36).slice(2)} ${many(30, () => `a${Math.random().toString(36).slice(2)}`)} }`,
    }),
    { repeats: 1_000 },
  ),
];

const curious: readonly Attack[] = [
  operation(
    'introspects',
    '__schema and __type',
    ['validation', 'Apollo Server: introspection is off'],
    '200 GRAPHQL_VALIDATION_FAILED',
    () => null,
    {
      attack: (world) =>
        each(
          [
            '{ __schema { types { name fields { name } } } }',
            '{ __type(name: "PaymentSession") { fields { name } } }',
            '{ a: __schema { queryType { name } } }',
          ],
          (query) => world.ask({ query }),
        ),
    },
  ),
  operation(
    'introspects in a circle',
    '__schema with types of fields of types',
    ['validation', 'Apollo Server: introspection is off'],
    '200 GRAPHQL_VALIDATION_FAILED',
    () => null,
    {
      ...flood,
      attack: (world) =>
        world.ask({
          query: `{ __schema { types { ${many(5, () => 'fields { type {')} name ${many(10, () => '}')} } } }`,
        }),
    },
  ),
  operation(
    'guesses names by suggestions',
    'fields and types that are nearly right',
    ['validation', 'Apollo Server: hideSchemaDetailsFromClientErrors'],
    REFUSED_DOCUMENT,
    () => null,
    {
      attack: (world) =>
        each(
          [
            '{ paymentSesion(id: "x") { id } }',
            '{ paymentSession(ids: "x") { id } }',
            '{ paymentSession(id: "x") { flinksSesionId } }',
            'query ($a: PaymentAmontInput) { __typename }',
          ],
          (query) => world.ask({ query }),
        ),
    },
  ),
  operation(
    'asks for stack traces',
    'errors of every kind',
    ['validation', 'Apollo Server: includeStacktraceInErrorResponses is off'],
    '200 GRAPHQL_PARSE_FAILED | 200 GRAPHQL_VALIDATION_FAILED | 200 BAD_USER_INPUT | 400 BAD_REQUEST',
    () => null,
    {
      attack: (world) =>
        alike([
          () => world.ask({ query: '{' }),
          () => world.ask({ query: '{ nothing }' }),
          () => world.ask({ query: LIST, variables: { after: 5 } }),
          () => world.ask({ query: 5 }),
        ]),
    },
  ),
  operation(
    'poisons persisted queries',
    'a document under the hash of another',
    ['persisted operations', 'src/server/graphql/persisted-operations.ts'],
    '400 BAD_REQUEST',
    () => ({
      ...aSend(),
      extensions: { persistedQuery: { version: 1, sha256Hash: 'a'.repeat(64) } },
    }),
  ),
  operation(
    'poisons persisted queries with odd hashes',
    'hashes in capitals, of objects, of prototypes, of another version',
    ['persisted operations', 'src/server/graphql/persisted-operations.ts'],
    '400 BAD_REQUEST',
    () => null,
    {
      attack: (world) =>
        each(
          [
            { version: 1, sha256Hash: 'A'.repeat(64) },
            { version: 1, sha256Hash: '__proto__' },
            { version: 1, sha256Hash: {} },
            { version: 2, sha256Hash: 'a'.repeat(64) },
            {},
            'x',
            [1],
          ],
          (persistedQuery) => world.ask({ ...aSend(), extensions: { persistedQuery } }),
        ),
    },
  ),
  operation(
    'asks for a persisted query that is not there',
    'hashes by the thousand',
    ['persisted operations', 'Apollo Server'],
    '200 PERSISTED_QUERY_NOT_FOUND',
    () => ({
      extensions: { persistedQuery: { version: 1, sha256Hash: `${Math.random()}`.slice(2).padEnd(64, '0') } },
    }),
    flood,
  ),
  operation(
    'brings a document where a manifest says what may run',
    'a document of its own, and a listed one with a space more',
    ['persisted operations', 'PERSISTED_OPERATIONS_ONLY'],
    '403 QUERY_NOT_IN_SAFELIST',
    () => null,
    {
      on: 'manifest',
      attack: (world) => each([aSend(), { query: '{ __typename }' }], (body) => world.ask(body)),
    },
  ),
  operation('defers and streams', '@defer and @stream', RULES, REFUSED_DOCUMENT, ({ victim }) => ({
    query: READ.replace('{ id', '{ ... @defer { customer { email } } id'),
    variables: { id: victim.id },
  })),
  operation(
    'watches two payments in an operation',
    'two root fields of a subscription, one of them in a fragment',
    RULES,
    '200 GRAPHQL_VALIDATION_FAILED',
    () => null,
    {
      attack: (world) =>
        world.ask(
          {
            query: WATCH.replace('{ payment', '{ ...F payment').concat(
              ' fragment F on Subscription { b: paymentSessionUpdated(id: $id) { id } }',
            ),
            variables: { id: world.victim.id },
          },
          { headers: { accept: 'text/event-stream' } },
        ),
    },
  ),
];

export const operationAttacks: readonly Attack[] = [...manySends, ...floods, ...curious];
