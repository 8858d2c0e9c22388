import { sendEach } from '../attack.js';
import type { Attack } from '../attack.js';
import type { Attacker } from '../attacker.js';
import { claims, forge, publicJwk, signedByOwnKey } from '../forged-tokens.js';
import { emailMutation } from '../requests.js';
import type { GraphqlRequest } from '../requests.js';
import { connectionInit, sendMessages } from '../web-sockets.js';

const AUTHENTICATE = 'src/server/http/authenticate.ts';
const ONLY_HEADER = `${AUTHENTICATE} reads only the header authorization`;
const CONNECTION = 'src/server/subscriptions/websocket/websocket-connection.ts';

const validToken = ({ fixtures }: Attacker): Promise<string> => fixtures.identityProvider.token({ sub: 'mallory' });

/** Sends a mutation without the header authorization. */
const sendWithoutHeader = (
  attacker: Attacker,
  body: GraphqlRequest = emailMutation(),
  headers: Record<string, string> = {},
  path = '/graphql',
): Promise<string> => attacker.send(body, { headers: { authorization: undefined, ...headers }, path });

/** Requests without credentials, and credentials in places where the gateway must not look. */
export const misplacedCredentialAttacks: readonly Attack[] = [
  {
    name: 'sends no credentials',
    details: 'A mutation without the header authorization.',
    stage: 'identity',
    stoppedBy: AUTHENTICATE,
    response: '401 UNAUTHENTICATED',
    run: (attacker) => sendWithoutHeader(attacker),
  },
  {
    name: 'uses another authentication scheme',
    details: 'Basic with a password or a valid token, other schemes, no scheme, and Bearer without a token.',
    stage: 'identity',
    stoppedBy: AUTHENTICATE,
    response: '401 UNAUTHENTICATED',
    run: async (attacker) => {
      const token = await validToken(attacker);
      const values = [
        'Basic c2hvcDpzaG9w',
        `Basic ${token}`,
        `Token ${token}`,
        token,
        `Bearer${token}`,
        'Bearer',
        'Bearer ',
      ];
      return sendEach(values, (authorization) => attacker.send(emailMutation(), { headers: { authorization } }));
    },
  },
  {
    name: 'sends its token in the URL',
    details: 'A valid token, but only as the query parameter access_token, token or authorization.',
    stage: 'identity',
    stoppedBy: ONLY_HEADER,
    response: '401 UNAUTHENTICATED',
    run: async (attacker) => {
      const token = await validToken(attacker);
      return sendEach(['access_token', 'token', 'authorization', 'Authorization'], (name) =>
        sendWithoutHeader(attacker, emailMutation(), {}, `/graphql?${name}=${token}`),
      );
    },
  },
  {
    name: 'sends its token in a cookie and in the body',
    details:
      'A valid token, but only in cookies, which browsers send by themselves, and in the extensions of the request.',
    stage: 'identity',
    stoppedBy: ONLY_HEADER,
    response: '401 UNAUTHENTICATED',
    run: async (attacker) => {
      const token = await validToken(attacker);
      const cookie = `authorization=Bearer ${token}; access_token=${token}`;
      const body = { ...emailMutation(), extensions: { authorization: `Bearer ${token}` } };
      return sendWithoutHeader(attacker, body, { cookie });
    },
  },
  {
    name: 'identifies itself by headers of proxies',
    details: 'x-user-id, x-forwarded-user, x-client-id and similar headers.',
    stage: 'identity',
    stoppedBy: ONLY_HEADER,
    response: '401 UNAUTHENTICATED',
    run: (attacker) => {
      const names = [
        'x-user-id',
        'x-forwarded-user',
        'x-client-id',
        'x-authenticated-user',
        'x-remote-user',
        'x-original-authorization',
      ];
      const headers = Object.fromEntries(names.map((name) => [name, 'shop']));
      return sendWithoutHeader(attacker, emailMutation(), headers);
    },
  },
  {
    name: 'opens a WebSocket without a token',
    details: 'A connection_init message without a token.',
    stage: 'identity',
    stoppedBy: CONNECTION,
    response: 'closed with 4403',
    run: (attacker) => sendMessages(attacker, [connectionInit()]),
  },
  {
    name: 'opens a WebSocket with a forged token',
    details: 'A token signed with a key of the attacker, in connection_init and in the header of the upgrade.',
    stage: 'identity',
    stoppedBy: CONNECTION,
    response: 'closed with 4403',
    run: (attacker) => {
      const forged = `Bearer ${forge({ alg: 'RS256', kid: publicJwk(attacker).kid }, claims(), signedByOwnKey())}`;
      return sendEach([{}, { headers: { authorization: forged } }], (options) =>
        sendMessages(attacker, [connectionInit(forged)], options),
      );
    },
  },
];
