import { sendAll, sendEach } from '../attack.js';
import type { Attack } from '../attack.js';
import { LIST_PAYMENTS, READ_PAYMENT, WATCH_PAYMENT, repeatText } from '../requests.js';

const RULES = 'graphql-js: the validation rules of the specification, with a limit of errors';
const NO_INTROSPECTION = 'Apollo Server (introspection is off)';
const INVALID = { stage: 'validation', response: '200 GRAPHQL_VALIDATION_FAILED' } as const;

const circularFragments = (count: number): string =>
  `{ ...F0 } ${repeatText(count, (index) => `fragment F${index} on Query { ...F${(index + 1) % count} }`)}`;

const randomName = (): string => `a${Math.random().toString(36).slice(2)}`;

/** Operations that do not fit the schema, and operations that explore it. */
export const invalidOperationAttacks: readonly Attack[] = [
  {
    name: 'spreads fragments in a circle',
    details: 'Three fragments that spread each other.',
    ...INVALID,
    stoppedBy: RULES,
    repeats: 200,
    run: (attacker) => attacker.send({ query: circularFragments(3) }),
  },
  {
    name: 'spreads many fragments in a circle',
    details: '300 fragments that spread each other.',
    stage: 'parse',
    stoppedBy: 'src/server/graphql/limits/document-limits.ts (tokens)',
    response: '200 OPERATION_TOO_LARGE',
    repeats: 200,
    run: (attacker) => attacker.send({ query: circularFragments(300) }),
  },
  {
    name: 'selects unknown fields',
    details: '400 fields that do not exist, to have an error returned for each.',
    ...INVALID,
    stoppedBy: RULES,
    repeats: 200,
    run: (attacker) => attacker.send({ query: `{ ${repeatText(400, (index) => `b${index}`)} }` }),
  },
  {
    name: 'fills the cache of documents',
    details: 'A new document with unknown fields in each request.',
    ...INVALID,
    stoppedBy: RULES,
    repeats: 1_000,
    run: (attacker) => attacker.send({ query: `{ ${randomName()} ${repeatText(30, randomName)} }` }),
  },
  {
    name: 'defers a part of a result',
    details: 'A query with @defer.',
    ...INVALID,
    stoppedBy: RULES,
    run: (attacker) =>
      attacker.send({
        query: READ_PAYMENT.replace('{ id', '{ ... @defer { customer { email } } id'),
        variables: { id: attacker.victim.id },
      }),
  },
  {
    name: 'watches two payments in one subscription',
    details: 'A subscription with two root fields, one of them in a fragment.',
    ...INVALID,
    stoppedBy: RULES,
    run: (attacker) => {
      const query = WATCH_PAYMENT.replace('{ payment', '{ ...F payment').concat(
        ' fragment F on Subscription { b: paymentSessionUpdated(id: $id) { id } }',
      );
      const headers = { accept: 'text/event-stream' };
      return attacker.send({ query, variables: { id: attacker.victim.id } }, { headers });
    },
  },
  {
    name: 'introspects the schema',
    details: 'Queries for __schema and __type.',
    ...INVALID,
    stoppedBy: NO_INTROSPECTION,
    run: (attacker) =>
      sendEach(
        [
          '{ __schema { types { name fields { name } } } }',
          '{ __type(name: "PaymentSession") { fields { name } } }',
          '{ a: __schema { queryType { name } } }',
        ],
        (query) => attacker.send({ query }),
      ),
  },
  {
    name: 'introspects the schema recursively',
    details: '__schema with the types of the fields of types, five times in one another.',
    ...INVALID,
    stoppedBy: NO_INTROSPECTION,
    repeats: 200,
    run: (attacker) =>
      attacker.send({
        query: `{ __schema { types { ${repeatText(5, () => 'fields { type {')} name ${repeatText(10, () => '}')} } } }`,
      }),
  },
  {
    name: 'collects suggestions for misspelled names',
    details: 'Names of fields, arguments and types with one letter wrong.',
    ...INVALID,
    stoppedBy: 'Apollo Server (hideSchemaDetailsFromClientErrors)',
    run: (attacker) =>
      sendEach(
        [
          '{ paymentSesion(id: "x") { id } }',
          '{ paymentSession(ids: "x") { id } }',
          '{ paymentSession(id: "x") { flinksSesionId } }',
          'query ($a: PaymentAmontInput) { __typename }',
        ],
        (query) => attacker.send({ query }),
      ),
  },
  {
    name: 'provokes stack traces',
    details: 'A syntax error, an unknown field, a variable of the wrong type, and a query that is a number.',
    stage: 'validation',
    stoppedBy: 'Apollo Server (includeStacktraceInErrorResponses is off)',
    response: '200 GRAPHQL_PARSE_FAILED | 200 GRAPHQL_VALIDATION_FAILED | 200 BAD_USER_INPUT | 400 BAD_REQUEST',
    run: (attacker) =>
      sendAll([
        () => attacker.send({ query: '{' }),
        () => attacker.send({ query: '{ nothing }' }),
        () => attacker.send({ query: LIST_PAYMENTS, variables: { after: 5 } }),
        () => attacker.send({ query: 5 }),
      ]),
  },
];
