import { sendEach } from '../attack.js';
import type { Attack } from '../attack.js';
import type { Attacker } from '../attacker.js';
import { emailMutation } from '../requests.js';

const MARK = 'forged-log-line';
const FORGED = `${MARK}","level":"fatal"}\n{"level":"fatal","msg":"${MARK}"}\u001b[2J\u001b[31m`;
const QUERY = { query: '{ __typename }' };

/** Adds to the response whether the attacker's text is in the log. Waits until the log contains a later request. */
async function watchLog(attacker: Attacker, attack: () => Promise<string>): Promise<string> {
  const response = await attack();
  const { headers } = await attacker.request(QUERY);
  await attacker.gateway.logged(String(headers['x-request-id']));
  return `${response}, ${attacker.gateway.output.includes(MARK) ? 'logged' : 'not logged'}`;
}

function forging(name: string, details: string, stoppedBy: string, response: string, run: Attack['run']): Attack {
  return {
    name: `forges log lines ${name}`,
    details,
    stage: 'log',
    stoppedBy,
    response: `${response}, not logged`,
    run: (attacker) => watchLog(attacker, () => run(attacker)),
  };
}

/** Texts that would look like further lines if the gateway logged them unescaped. */
export const logForgingAttacks: readonly Attack[] = [
  forging(
    'by a request id',
    'JSON, spaces, tabs, other characters and long text in x-request-id.',
    'src/server/request/request-id.ts',
    '200 data',
    (attacker) =>
      sendEach(
        [
          `${MARK}","level":"fatal`,
          `${MARK} x`,
          `${MARK}\tx`,
          `{"${MARK}":1}`,
          `${MARK}${'x'.repeat(200)}`,
          `${MARK}\u00e9`,
        ],
        (id) => attacker.send(QUERY, { headers: { 'x-request-id': id } }),
      ),
  ),
  forging(
    'by headers that describe the client',
    'JSON in user-agent, referer, x-forwarded-for, apollographql-client-name and traceparent.',
    'src/server/http/http-server.ts does not log these headers',
    '200 data',
    (attacker) => {
      const names = ['user-agent', 'referer', 'x-forwarded-for', 'apollographql-client-name', 'traceparent'];
      const value = `${MARK}","level":"fatal"} {"level":"fatal"}`;
      return attacker.send(QUERY, { headers: Object.fromEntries(names.map((name) => [name, value])) });
    },
  ),
  forging(
    'by the name of an operation',
    'Line breaks and ANSI escape sequences in operationName and in the document.',
    'src/server/graphql/errors.ts',
    '200 OPERATION_RESOLUTION_FAILURE | 200 GRAPHQL_PARSE_FAILED',
    (attacker) =>
      sendEach(
        [
          { query: '{ __typename }', operationName: FORGED },
          { query: `query ${FORGED} { __typename }` },
          { query: `{ ${FORGED} }` },
        ],
        (body) => attacker.send(body),
      ),
  ),
  forging(
    'by variables',
    'Line breaks and ANSI escape sequences in the names and values of variables.',
    'src/server/graphql/errors.ts',
    '200 BAD_USER_INPUT',
    (attacker) =>
      attacker.send({ ...emailMutation(), variables: { input: { [FORGED]: FORGED, idempotencyKey: FORGED } } }),
  ),
  forging(
    'by a URL',
    'Encoded line breaks and ANSI escape sequences in the path and the query string.',
    'src/server/http/http-server.ts logs the route and not the URL',
    '404 NOT_FOUND',
    (attacker) => {
      const encoded = encodeURIComponent(FORGED);
      return attacker.getPath(`/${encoded}?${MARK}=${encoded}`);
    },
  ),
  forging(
    'by a token',
    'JSON and spaces in the header authorization.',
    'src/server/http/authenticate.ts',
    '401 UNAUTHENTICATED',
    (attacker) =>
      sendEach([`Bearer ${MARK}","level":"fatal`, `${MARK} x`], (authorization) =>
        attacker.send(emailMutation(), { headers: { authorization } }),
      ),
  ),
];
