import { sendEach } from '../attack.js';
import type { Attack } from '../attack.js';
import { creationWith } from '../requests.js';

/** Names by which JavaScript programs change the prototype of all objects. */
export const prototypePollutionAttacks: readonly Attack[] = [
  {
    name: 'pollutes prototypes by fields of the input',
    details: 'constructor, prototype, toString and __defineGetter__ as fields of the input.',
    stage: 'input',
    stoppedBy: 'graphql-js accepts only input fields of the schema',
    response: '200 BAD_USER_INPUT',
    run: (attacker) => {
      const json = JSON.stringify(creationWith({ xx: { allowDuplicate: true, isAdmin: true } }));
      return sendEach(['constructor', 'prototype', 'toString', '__defineGetter__'], (name) =>
        attacker.send(json.replace('"xx"', `"${name}"`)),
      );
    },
  },
  {
    name: 'pollutes prototypes by the JSON body',
    details: '__proto__ and constructor.prototype at the top of the body, in the extensions and in the variables.',
    stage: 'http',
    stoppedBy: 'Fastify (secure-json-parse)',
    response: '400 BAD_REQUEST',
    run: (attacker) => {
      const request = JSON.stringify(creationWith({}));
      const inVariables = JSON.stringify(creationWith({ xx: { polluted: true } })).replace('"xx"', '"__proto__"');
      return sendEach(
        [
          inVariables,
          request.replace('{', '{"__proto__":{"polluted":true},'),
          request.replace('{', '{"constructor":{"prototype":{"polluted":true}},'),
          request.replace('{', '{"extensions":{"__proto__":{"polluted":true}},'),
        ],
        (body) => attacker.send(body),
      );
    },
  },
  {
    name: 'pollutes prototypes by the URL',
    details: '__proto__ and constructor.prototype in the query parameters of a GET request.',
    stage: 'validation',
    stoppedBy: 'graphql-js ignores variables that are not declared, and rejects the unknown field',
    response: '200 GRAPHQL_VALIDATION_FAILED',
    run: (attacker) =>
      sendEach(
        [
          '__proto__[polluted]=1',
          'constructor[prototype][polluted]=1',
          'variables={"__proto__":{"polluted":1}}',
          'extensions={"__proto__":{"polluted":1}}',
        ],
        (parameters) =>
          attacker.getPath(`/graphql?query={polluted}&${encodeURI(parameters)}`, {
            'apollo-require-preflight': 'true',
          }),
      ),
  },
];
