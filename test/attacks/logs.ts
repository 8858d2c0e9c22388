import { each } from './attack.js';
import type { Attack } from './attack.js';
import { aSend } from './requests.js';
import type { World } from './world.js';

const MARK = 'forged-log-line';
const FORGED = `${MARK}","level":"fatal"}\n{"level":"fatal","msg":"${MARK}"}\u001b[2J\u001b[31m`;

/** What is answered, and whether the words of the attacker stand in the log by the time that another request does. */
async function unlogged(world: World, attack: () => Promise<string>): Promise<string> {
  const answer = await attack();
  const { headers } = await world.exchange({ query: '{ __typename }' });
  await world.gateway.logged(String(headers['x-request-id']));
  return `${answer}, ${world.gateway.output.includes(MARK) ? 'logged' : 'not logged'}`;
}

function log(name: string, tries: string, stoppedBy: string, answer: string, attack: Attack['attack']): Attack {
  return {
    name,
    tries,
    stage: 'log',
    stoppedBy,
    answer: `${answer}, not logged`,
    attack: (world) => unlogged(world, () => attack(world)),
  };
}

const encoded = encodeURIComponent(FORGED);

export const logAttacks: readonly Attack[] = [
  log(
    'forges log lines by its request id',
    'quotes, JSON, spaces and tabs in x-request-id',
    'src/server/request/request-id.ts',
    '200 data',
    (world) =>
      each(
        [
          `${MARK}","level":"fatal`,
          `${MARK} x`,
          `${MARK}\tx`,
          `{"${MARK}":1}`,
          `${MARK}${'x'.repeat(200)}`,
          `${MARK}\u00e9`,
        ],
        (id) => world.ask({ query: '{ __typename }' }, { headers: { 'x-request-id': id } }),
      ),
  ),
  log(
    'forges log lines by the names of clients',
    'user-agent, referer, x-forwarded-for, apollographql-client-name',
    'src/server/http/http-server.ts logs nothing that a client chooses',
    '200 data',
    (world) => {
      const value = `${MARK}","level":"fatal"} {"level":"fatal"}`;
      return world.ask(
        { query: '{ __typename }' },
        {
          headers: {
            'user-agent': value,
            referer: value,
            'x-forwarded-for': value,
            'apollographql-client-name': value,
            traceparent: value,
          },
        },
      );
    },
  ),
  log(
    'forges log lines by names of operations',
    'line breaks and ANSI in operationName and in the document',
    'src/server/graphql/errors.ts',
    '200 OPERATION_RESOLUTION_FAILURE | 200 GRAPHQL_PARSE_FAILED',
    (world) =>
      each(
        [
          { query: '{ __typename }', operationName: FORGED },
          { query: `query ${FORGED} { __typename }` },
          { query: `{ ${FORGED} }` },
        ],
        (body) => world.ask(body),
      ),
  ),
  log(
    'forges log lines by variables',
    'line breaks and ANSI in names and values of variables',
    'src/server/graphql/errors.ts',
    '200 BAD_USER_INPUT',
    (world) => world.ask({ ...aSend(), variables: { input: { [FORGED]: FORGED, idempotencyKey: FORGED } } }),
  ),
  log(
    'forges log lines by an address',
    'line breaks in path and query string',
    'src/server/http/http-server.ts logs the route',
    '404 NOT_FOUND',
    (world) =>
      world.ask(undefined, {
        method: 'GET',
        path: `/${encoded}?${MARK}=${encoded}`,
        headers: { 'content-type': undefined },
      }),
  ),
  log(
    'forges log lines by what it shows',
    'line breaks in tokens and verifiers',
    'src/server/http/authenticate.ts',
    '401 UNAUTHENTICATED',
    (world) =>
      each([`Bearer ${MARK}","level":"fatal`, `${MARK} x`], (authorization) =>
        world.ask(aSend(), { headers: { authorization } }),
      ),
  ),
];
