import { newInput } from '../../support/payments.js';
import type { Attack } from '../attack.js';
import type { Attacker } from '../attacker.js';
import { emailMutation, emailMutations, indexes } from '../requests.js';
import { connectionInit, sendMessages, subscribe } from '../web-sockets.js';

const ONE_MUTATION = 'src/server/graphql/reject-operations.ts allows one mutation per request';

/** A request with several mutations. */
function mutations(name: string, details: string, body: (attacker: Attacker) => object): Attack {
  return {
    name,
    details,
    stage: 'operation limits',
    stoppedBy: ONE_MUTATION,
    response: '400 BAD_REQUEST',
    run: (attacker) => attacker.send(body(attacker)),
  };
}

/** Requests that would e-mail several payers at once. */
export const multipleMutationAttacks: readonly Attack[] = [
  mutations('sends 50 e-mails in one operation', 'sendPaymentRequest under 50 aliases.', () => emailMutations(50)),
  mutations('sends two e-mails in one operation', 'sendPaymentRequest under two aliases.', () => emailMutations(2)),
  mutations('hides mutations in a fragment', 'sendPaymentRequest 50 times in one fragment.', () =>
    emailMutations(50, (fields) => `{ ...F } fragment F on Mutation { ${fields.join(' ')} }`),
  ),
  mutations(
    'hides mutations in nested fragments',
    'Five fragments that each contain sendPaymentRequest and spread the next fragment.',
    () =>
      emailMutations(5, (fields) => {
        const fragments = fields.map((field, index) => `fragment F${index} on Mutation { ${field} ...F${index + 1} }`);
        return `{ ...F0 } ${fragments.join(' ')} fragment F5 on Mutation { __typename }`;
      }),
  ),
  mutations('hides mutations in inline fragments', 'sendPaymentRequest in each of 10 inline fragments.', () =>
    emailMutations(10, (fields) => `{ ${fields.map((field) => `... on Mutation { ... { ${field} } }`).join(' ')} }`),
  ),
  mutations(
    'hides mutations behind directives',
    'sendPaymentRequest in a fragment with @include(if: true), and in one with @skip(if: false).',
    () =>
      emailMutations(
        2,
        (fields) => `{ ... @include(if: true) { ${fields[0] ?? ''} } ... @skip(if: false) { ${fields[1] ?? ''} } }`,
      ),
  ),
  mutations(
    'combines different mutations',
    'sendPaymentRequest, createPaymentSession and cancelPaymentSession in one operation.',
    ({ victim }) => ({
      query: `mutation ($a: SendPaymentRequestInput!, $b: CreatePaymentSessionInput!, $id: ID!) { sendPaymentRequest(input: $a) { __typename }
      createPaymentSession(input: $b) { __typename } cancelPaymentSession(input: { id: $id }) { __typename } }`,
      variables: { a: newInput(), b: newInput(), id: victim.id },
    }),
  ),
  {
    name: 'sends 50 e-mails in one operation over a WebSocket',
    details: 'sendPaymentRequest under 50 aliases, by the protocol graphql-transport-ws.',
    stage: 'operation limits',
    stoppedBy: ONE_MUTATION,
    response: 'BAD_REQUEST',
    run: (attacker) =>
      sendMessages(attacker, [connectionInit(attacker.credentials.authorization ?? ''), subscribe(emailMutations(50))]),
  },
  {
    name: 'sends a document with two mutations and chooses neither',
    details: 'Two named mutations without an operationName.',
    stage: 'validation',
    stoppedBy: 'graphql-js requires an operationName',
    response: '200 OPERATION_RESOLUTION_FAILURE',
    run: (attacker) => {
      const { query, variables } = emailMutation();
      const documents = ['A', 'B'].map((name) => query.replace('mutation', `mutation ${name}`));
      return attacker.send({ query: documents.join(' '), variables });
    },
  },
  {
    name: 'sends a list of mutations',
    details: 'A JSON array of 10 mutations.',
    stage: 'http',
    stoppedBy: 'Apollo Server (allowBatchedHttpRequests is off)',
    response: '400 BAD_REQUEST',
    run: (attacker) => attacker.send(indexes(10).map(emailMutation)),
  },
];
