import { sendEach } from '../attack.js';
import type { Attack } from '../attack.js';
import { emailMutation } from '../requests.js';

const HASHES = 'src/server/graphql/persisted-operations.ts';

/** Documents under wrong hashes, and documents that are not in the manifest. */
export const persistedOperationAttacks: readonly Attack[] = [
  {
    name: 'registers a document under the hash of another',
    details: 'A mutation with a hash that is not its own.',
    stage: 'persisted operations',
    stoppedBy: HASHES,
    response: '400 BAD_REQUEST',
    run: (attacker) =>
      attacker.send({
        ...emailMutation(),
        extensions: { persistedQuery: { version: 1, sha256Hash: 'a'.repeat(64) } },
      }),
  },
  {
    name: 'registers a document under an invalid hash',
    details:
      'Hashes in upper case, as an object, and called __proto__; another version; and extensions of other types.',
    stage: 'persisted operations',
    stoppedBy: HASHES,
    response: '400 BAD_REQUEST',
    run: (attacker) =>
      sendEach(
        [
          { version: 1, sha256Hash: 'A'.repeat(64) },
          { version: 1, sha256Hash: '__proto__' },
          { version: 1, sha256Hash: {} },
          { version: 2, sha256Hash: 'a'.repeat(64) },
          {},
          'x',
          [1],
        ],
        (persistedQuery) => attacker.send({ ...emailMutation(), extensions: { persistedQuery } }),
      ),
  },
  {
    name: 'asks for unknown persisted queries',
    details: 'A new random hash in each request.',
    stage: 'persisted operations',
    stoppedBy: 'Apollo Server',
    response: '200 PERSISTED_QUERY_NOT_FOUND',
    repeats: 200,
    run: (attacker) =>
      attacker.send({
        extensions: { persistedQuery: { version: 1, sha256Hash: `${Math.random()}`.slice(2).padEnd(64, '0') } },
      }),
  },
  {
    name: 'sends a document that is not in the manifest',
    details: 'A mutation and a query, where only operations of a manifest may run.',
    stage: 'persisted operations',
    stoppedBy: 'PERSISTED_OPERATIONS_ONLY',
    response: '403 QUERY_NOT_IN_SAFELIST',
    gateway: 'manifest',
    run: (attacker) => sendEach([emailMutation(), { query: '{ __typename }' }], (body) => attacker.send(body)),
  },
];
