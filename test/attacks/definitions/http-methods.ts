import { sendEach } from '../attack.js';
import type { Attack } from '../attack.js';
import { rawRequest, sendBytes } from '../raw-requests.js';
import { emailMutation } from '../requests.js';

const ROUTES = 'src/server/http/http-server.ts has no such route';
const POST_ONLY = 'Apollo Server executes mutations only by POST';
const NO_PREFLIGHT = { 'apollo-require-preflight': 'true' };

/** The mutation as query parameters. */
function queryParameters(): Record<string, string> {
  const { query, variables } = emailMutation();
  return { query, variables: JSON.stringify(variables) };
}

/** Mutations by other methods than POST, and requests for other paths. */
export const httpMethodAttacks: readonly Attack[] = [
  {
    name: 'sends a mutation by GET',
    details: 'A GET request whose URL contains a mutation that would e-mail a payer.',
    stage: 'http',
    stoppedBy: POST_ONLY,
    response: '405 BAD_REQUEST',
    run: (attacker) => attacker.get(queryParameters(), NO_PREFLIGHT),
  },
  {
    name: 'sends a mutation by GET and asks for a stream',
    details: 'A GET request with a mutation and accept: text/event-stream.',
    stage: 'operation limits',
    stoppedBy: 'src/server/graphql/reject-operations.ts rejects mutations sent by GET',
    response: '200 BAD_REQUEST',
    run: (attacker) => attacker.get(queryParameters(), { accept: 'text/event-stream', ...NO_PREFLIGHT }),
  },
  {
    name: 'sends a mutation by PUT, PATCH or DELETE',
    details: 'A mutation as JSON, by each of these methods.',
    stage: 'http',
    stoppedBy: ROUTES,
    response: '404 NOT_FOUND',
    run: (attacker) => sendEach(['PUT', 'PATCH', 'DELETE'], (method) => attacker.send(emailMutation(), { method })),
  },
  {
    name: 'sends a TRACE request',
    details: 'A TRACE request with a secret header, which a server that supports TRACE would send back.',
    stage: 'http',
    stoppedBy: ROUTES,
    response: '404 NOT_FOUND, connection closed',
    run: (attacker) =>
      sendBytes(attacker, rawRequest(attacker, 'TRACE /graphql HTTP/1.1', ['connection: close', 'x-secret: repeated'])),
  },
  {
    name: 'asks for a proxy tunnel',
    details: 'A CONNECT request for the address of a cloud metadata service.',
    stage: 'connection',
    stoppedBy: 'Node closes the connection, because the gateway does not handle CONNECT',
    response: 'connection closed',
    run: (attacker) => sendBytes(attacker, rawRequest(attacker, 'CONNECT 169.254.169.254:80 HTTP/1.1', [])),
  },
  {
    name: 'overrides the method with a header',
    details: 'A mutation by GET with x-http-method-override: POST and x-method-override: POST.',
    stage: 'http',
    stoppedBy: `${POST_ONLY}, and nothing reads these headers`,
    response: '405 BAD_REQUEST',
    run: (attacker) =>
      attacker.get(queryParameters(), {
        ...NO_PREFLIGHT,
        'x-http-method-override': 'POST',
        'x-method-override': 'POST',
      }),
  },
  {
    name: 'requests files and unknown paths',
    details:
      'Paths with dot segments, also encoded, double slashes, capitals or NUL, and names of files such as /.env.',
    stage: 'http',
    stoppedBy: ROUTES,
    response: '404 NOT_FOUND',
    run: (attacker) =>
      sendEach(
        [
          '/graphql/../../etc/passwd',
          '/%2e%2e/%2e%2e/etc/passwd',
          '//etc/passwd',
          '/GRAPHQL',
          '/graphql%00',
          '/.env',
          '/data/payments.db',
          '/graphql/../.git/config',
          '/sandbox/sessions',
        ],
        (path) => attacker.getPath(path),
      ),
  },
  {
    name: 'requests a path that cannot be decoded',
    details: 'Paths with invalid percent-encoding: %zz, %ff, %c0%ae and a single %.',
    stage: 'http',
    stoppedBy: 'src/server/http/http-server.ts (frameworkErrors)',
    response: '400 BAD_REQUEST',
    run: (attacker) => sendEach(['/%zz', '/%ff', '/%c0%ae%c0%ae/etc/passwd', '/%'], (path) => attacker.getPath(path)),
  },
];
