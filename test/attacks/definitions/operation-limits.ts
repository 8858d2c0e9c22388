import { newInput } from '../../support/payments.js';
import { sendEach } from '../attack.js';
import type { Attack } from '../attack.js';
import type { Attacker } from '../attacker.js';
import { emailMutation, indexes, repeatText } from '../requests.js';

const LIMITS = 'src/server/graphql/limits';
const TOKENS = { stage: 'parse', stoppedBy: `${LIMITS}/document-limits.ts (tokens)` } as const;
const DEPTH = { stage: 'operation limits', stoppedBy: `${LIMITS}/document-limits.ts (depth)` } as const;
const ALIASES = { stage: 'operation limits', stoppedBy: `${LIMITS}/document-limits.ts (aliases)` } as const;
const DIRECTIVES = { stage: 'operation limits', stoppedBy: `${LIMITS}/document-limits.ts (directives)` } as const;
const REPEATED_FIELDS = {
  stage: 'operation limits',
  stoppedBy: `${LIMITS}/document-limits.ts (repeated fields)`,
} as const;
const COST = { stage: 'operation limits', stoppedBy: `${LIMITS}/operation-cost.ts` } as const;

/** An operation that is too large. It is repeated to see whether memory grows. */
function tooLarge(
  name: string,
  details: string,
  limit: Pick<Attack, 'stage' | 'stoppedBy'>,
  query: (attacker: Attacker) => string,
): Attack {
  return {
    name,
    details,
    ...limit,
    response: '200 OPERATION_TOO_LARGE',
    repeats: 200,
    run: (attacker) => attacker.send({ query: query(attacker) }),
  };
}

/** A body that is too large. */
const LARGE_BODY = {
  stage: 'http',
  stoppedBy: 'src/server/request/transport-limits.ts (MAX_REQUEST_BYTES)',
  response: '413 BAD_REQUEST',
  repeats: 200,
} as const;

/** A fragment with all fields of a payment. */
const EVERYTHING = `fragment P on PaymentSession { id flinksSessionId flinksPaymentRequestId referenceId deliveryMethod customer { userId name email }
  amount { value currency } clientUrls createdAt paymentUrl status providerStatusDetails statusCheckedAt fundsGuaranteed
  failure { reason payerMessage merchantMessage } updatedAt events { status source recordedAt message applied actor } }`;

const nestedFragments = (levels: number): string =>
  `{ ${repeatText(levels, () => '... {')} __typename ${repeatText(levels, () => '}')} }`;
const doublingFragments = (levels: number): string =>
  `{ ...F0 } ${repeatText(levels, (index) => `fragment F${index} on Query { ...F${index + 1} ...F${index + 1} }`)} fragment F${levels} on Query { __typename }`;

/** Operations and variables that would cost much memory or CPU time. */
export const operationLimitAttacks: readonly Attack[] = [
  tooLarge(
    'sends 300 aliases of one field',
    '__typename under 300 aliases.',
    ALIASES,
    () => `{ ${repeatText(300, (index) => `a${index}: __typename`)} }`,
  ),
  tooLarge(
    'reads a payment under 100 aliases',
    'paymentSession under 100 aliases.',
    TOKENS,
    ({ victim }) => `{ ${repeatText(100, (index) => `a${index}: paymentSession(id: "${victim.id}") { id }`)} }`,
  ),
  tooLarge(
    'repeats one field 9,000 times',
    '__typename 9,000 times.',
    TOKENS,
    () => `{ ${repeatText(9_000, () => '__typename')} }`,
  ),
  tooLarge(
    'sends a document with too many tokens',
    '45,000 field names of one letter, nearly as many as fit into a body.',
    TOKENS,
    () => `{ ${repeatText(45_000, () => 'a')} }`,
  ),
  tooLarge(
    'repeats a directive on a field',
    '@include(if: true) 80 times on one field.',
    DIRECTIVES,
    () => `{ __typename ${repeatText(80, () => '@include(if: true)')} }`,
  ),
  tooLarge(
    'sends unknown directives',
    '150 directives that do not exist, on one field.',
    DIRECTIVES,
    () => `{ __typename ${repeatText(150, (index) => `@a${index}`)} }`,
  ),
  tooLarge(
    'nests fields too deeply',
    'paymentSessions { edges { node { 30 times in one another.',
    DEPTH,
    () => `{ ${repeatText(30, () => 'paymentSessions { edges { node {')} id ${repeatText(90, () => '}')} }`,
  ),
  tooLarge('nests inline fragments too deeply', '200 inline fragments in one another.', DEPTH, () =>
    nestedFragments(200),
  ),
  tooLarge(
    'nests deeper than a call stack allows',
    '10,000 inline fragments in one another, to overflow the stack of the parser.',
    TOKENS,
    () => nestedFragments(10_000),
  ),
  tooLarge(
    'nests lists in an argument',
    '20,000 lists in one another as the id of a payment.',
    TOKENS,
    () => `{ paymentSession(id: ${'['.repeat(20_000)}${']'.repeat(20_000)}) { id } }`,
  ),
  tooLarge('doubles the document with each fragment', '30 fragments that each spread the next one twice.', DEPTH, () =>
    doublingFragments(30),
  ),
  tooLarge(
    'declares unused fragments',
    '800 fragments that are not spread.',
    TOKENS,
    () => `{ __typename } ${repeatText(800, (index) => `fragment F${index} on Query { __typename }`)}`,
  ),
  tooLarge(
    'declares unused variables',
    '2,500 variables that are not used.',
    TOKENS,
    () => `query (${repeatText(2_500, (index) => `$v${index}: ID`)}) { __typename }`,
  ),
  tooLarge(
    'selects overlapping fields',
    'paymentSession 25 times without an alias, with selections that have to be compared in pairs.',
    REPEATED_FIELDS,
    ({ victim }) =>
      `{ ${repeatText(25, () => `paymentSession(id: "${victim.id}") { ${repeatText(3, () => 'customer { userId userId }')} }`)} }`,
  ),
  tooLarge(
    'reads many large pages',
    '49 pages of 100 payments each, with all their events.',
    COST,
    () =>
      `{ ${repeatText(49, (index) => `a${index}: paymentSessions(first: 100) { edges { node { ...P } } }`)} } ${EVERYTHING}`,
  ),
  {
    name: 'nests lists in variables',
    details: '40,000 lists in one another as a variable.',
    stage: 'operation limits',
    stoppedBy: `${LIMITS}/limit-operations.ts`,
    response: '200 OPERATION_TOO_LARGE',
    repeats: 200,
    run: (attacker) =>
      attacker.send(
        `{"query":"query ($after: String) { paymentSessions(after: $after) { edges { cursor } } }","variables":{"after":${'['.repeat(40_000)}${']'.repeat(40_000)}}}`,
      ),
  },
  {
    name: 'sends commas and comments',
    details: '45,000 commas and a comment of 45,000 characters, which a parser skips.',
    stage: 'parse',
    stoppedBy: 'graphql-js reads them once and finds no selection',
    response: '200 GRAPHQL_PARSE_FAILED',
    repeats: 200,
    run: (attacker) =>
      attacker.send({ query: `{ ${repeatText(45_000, () => ',', '')}\n${repeatText(45_000, () => '#', '')}\n}` }),
  },
  {
    name: 'asks for too many entities',
    details: '10,001 representations in one _entities query.',
    ...LARGE_BODY,
    run: (attacker) =>
      attacker.send({
        query: 'query ($of: [_Any!]!) { _entities(representations: $of) { __typename } }',
        variables: { of: indexes(10_001).map((index) => ({ __typename: 'PaymentSession', id: String(index) })) },
      }),
  },
  {
    name: 'sends a list that is too long as a variable',
    details: '10,000 clientUrls in one mutation.',
    ...LARGE_BODY,
    run: (attacker) =>
      attacker.send({
        ...emailMutation(),
        variables: { input: { ...newInput(), clientUrls: Array(10_000).fill('https://shop.example/') } },
      }),
  },
  {
    name: 'sends a list of thousands of operations',
    details: 'A JSON array of 10,000 operations, and one of 3,000.',
    ...LARGE_BODY,
    stoppedBy: `${LARGE_BODY.stoppedBy} and Apollo Server (allowBatchedHttpRequests is off)`,
    response: '413 BAD_REQUEST | 400 BAD_REQUEST',
    run: (attacker) =>
      sendEach([10_000, 3_000], (count) => attacker.send(Array(count).fill({ query: '{ __typename }' }))),
  },
];
