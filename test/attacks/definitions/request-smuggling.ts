import { sendEach } from '../attack.js';
import type { Attack } from '../attack.js';
import { rawPost, rawRequest, sendBytes } from '../raw-requests.js';

const STRICT_PARSER = 'Node’s HTTP parser (llhttp, strict)';

const SMUGGLED = 'POST /graphql HTTP/1.1\r\nhost: gateway\r\ncontent-length: 0\r\n\r\n';

/** A request that two servers may read differently, so that one of them finds a second request in its body. */
function smuggling(name: string, details: string, headers: readonly string[], body: string): Attack {
  return {
    name,
    details,
    stage: 'connection',
    stoppedBy: STRICT_PARSER,
    response: '400, connection closed',
    run: (attacker) => sendBytes(attacker, rawPost(attacker, headers, body)),
  };
}

/** Requests whose end is ambiguous, and bytes that are not valid HTTP. */
export const requestSmugglingAttacks: readonly Attack[] = [
  smuggling(
    'smuggles a request by announcing both a length and chunks',
    'Content-length and transfer-encoding in one request, and a second request in the body.',
    ['content-length: 4', 'transfer-encoding: chunked'],
    `0\r\n\r\n${SMUGGLED}`,
  ),
  smuggling(
    'smuggles a request by announcing two lengths',
    'Two different content-length headers, and a second request in the body.',
    ['content-length: 2', `content-length: ${2 + SMUGGLED.length}`],
    `{}${SMUGGLED}`,
  ),
  smuggling(
    'smuggles a request by an unknown transfer-encoding',
    'Transfer-encoding: xchunked, which some servers take for chunked, and a second request in the body.',
    ['transfer-encoding: xchunked', 'content-length: 2'],
    `{}${SMUGGLED}`,
  ),
  smuggling(
    'smuggles a request by a signed length',
    'Content-length: +2, and a second request in the body.',
    ['content-length: +2'],
    `{}${SMUGGLED}`,
  ),
  smuggling(
    'smuggles a request by a space before a colon',
    'The header "transfer-encoding : chunked" beside content-length, and a second request in the body.',
    ['transfer-encoding : chunked', 'content-length: 2'],
    `{}${SMUGGLED}`,
  ),
  {
    name: 'smuggles a request by bare line feeds',
    details: 'Headers that end with LF alone, and a header that continues on a second line.',
    stage: 'connection',
    stoppedBy: STRICT_PARSER,
    response: '400, connection closed',
    run: (attacker) =>
      sendEach(
        [
          'POST /graphql HTTP/1.1\nhost: gateway\ncontent-length: 0\n\n',
          'POST /graphql HTTP/1.1\r\nhost: gateway\r\nx: a\n b\r\ncontent-length: 0\r\n\r\n',
        ],
        (bytes) => sendBytes(attacker, bytes),
      ),
  },
  {
    name: 'speaks another protocol',
    details: 'The first bytes of TLS, SSH, HTTP/2 and HTTP/0.9, and NUL bytes.',
    stage: 'connection',
    stoppedBy: STRICT_PARSER,
    response: '400, connection closed | 400 BAD_REQUEST, connection closed',
    run: (attacker) =>
      sendEach(
        [
          '\x16\x03\x01\x02\x00\x01\x00',
          'SSH-2.0-x\r\n\r\n',
          'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
          'GET /graphql\r\n\r\n',
          '\0\0\0\0',
        ],
        (bytes) => sendBytes(attacker, bytes),
      ),
  },
  {
    name: 'sends control characters in headers',
    details: 'CR, NUL and other control characters in x-request-id and origin, which the gateway sends back.',
    stage: 'connection',
    stoppedBy: STRICT_PARSER,
    response: '400, connection closed',
    run: (attacker) =>
      sendEach(
        ['x-request-id: a\rset-cookie: x=1', 'x-request-id: a\0b', 'x-request-id: a\x01b', 'origin: http://a\x7fb\x02'],
        (header) =>
          sendBytes(
            attacker,
            rawRequest(attacker, 'POST /graphql HTTP/1.1', [header, 'content-length: 0', 'connection: close']),
          ),
      ),
  },
  {
    name: 'sends no host, two hosts or an invalid one',
    details: 'A request without Host, with two, and with one that is empty or invalid.',
    stage: 'http',
    stoppedBy: 'Node (requireHostHeader) and src/server/http/http-server.ts',
    response: '400, connection closed | 400 BAD_REQUEST, connection closed',
    run: (attacker) =>
      sendEach(
        ['', 'host: a\r\nhost: b\r\n', 'host: \r\n', 'host: a b\r\n', 'host: [::\r\n', 'host: %zz\r\n'],
        (host) =>
          sendBytes(
            attacker,
            `POST /graphql HTTP/1.1\r\n${host}authorization: ${attacker.credentials.authorization ?? ''}\r\nconnection: close\r\ncontent-type: application/json\r\ncontent-length: 24\r\n\r\n{"query":"{__typename}"}`,
          ),
      ),
  },
];
