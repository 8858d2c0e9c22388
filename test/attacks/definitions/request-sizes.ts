import { sendEach } from '../attack.js';
import type { Attack } from '../attack.js';
import { rawPost, rawRequest, sendBytes } from '../raw-requests.js';
import { emailMutation, repeatText } from '../requests.js';

const MAX_BODY = 'src/server/request/transport-limits.ts (MAX_REQUEST_BYTES)';
const MAX_HEADERS = 'Node (maxHeaderSize)';
const STRICT_PARSER = 'Node’s HTTP parser (llhttp, strict)';

const KILOBYTE = 1_024;
const LONG_TEXT = 'x'.repeat(64 * KILOBYTE);

/** Requests whose parts are too large. */
export const requestSizeAttacks: readonly Attack[] = [
  {
    name: 'announces a body that is too large',
    details: 'A request that announces 10 MB of JSON, and the first 200 kB of it.',
    stage: 'http',
    stoppedBy: MAX_BODY,
    response: '413 BAD_REQUEST, connection closed',
    repeats: 100,
    run: (attacker) => {
      const body = JSON.stringify({ query: `{ __typename } #${'x'.repeat(10_000 * KILOBYTE)}` });
      const headers = [`content-length: ${body.length}`, 'connection: close'];
      return sendBytes(attacker, rawPost(attacker, headers, body.slice(0, 200_000)));
    },
  },
  {
    name: 'sends chunks without end',
    details: 'A body with transfer-encoding: chunked that never ends.',
    stage: 'http',
    stoppedBy: MAX_BODY,
    response: '413 BAD_REQUEST, connection closed',
    repeats: 20,
    run: (attacker) => {
      const chunk = `4000\r\n${'x'.repeat(0x4000)}\r\n`;
      const start = rawPost(attacker, ['transfer-encoding: chunked', 'connection: close']);
      return sendBytes(attacker, start, (write) => write(chunk));
    },
  },
  {
    name: 'sends a body that is longer than announced',
    details: 'A mutation with content-length: 5.',
    stage: 'connection',
    stoppedBy: STRICT_PARSER,
    response: 'connection closed',
    run: (attacker) => sendBytes(attacker, rawPost(attacker, ['content-length: 5'], JSON.stringify(emailMutation()))),
  },
  {
    name: 'sends headers that are too large',
    details: 'A header of 64 KiB, and then 2,000 headers.',
    stage: 'connection',
    stoppedBy: MAX_HEADERS,
    response: '431, connection closed',
    repeats: 100,
    run: (attacker) =>
      sendEach(
        [[`x-long: ${LONG_TEXT}`], repeatText(2_000, (index) => `x-${index}: 12345678`, '\n').split('\n')],
        (headers) => sendBytes(attacker, rawRequest(attacker, 'POST /graphql HTTP/1.1', headers)),
      ),
  },
  {
    name: 'sends a URL that is too long',
    details: 'A query string of 64 KiB.',
    stage: 'connection',
    stoppedBy: MAX_HEADERS,
    response: '431, connection closed',
    repeats: 100,
    run: (attacker) =>
      sendBytes(attacker, rawRequest(attacker, `GET /graphql?query=${LONG_TEXT} HTTP/1.1`, ['connection: close'])),
  },
  {
    name: 'sends a trailer that is too large',
    details: 'A trailer of 64 KiB after the last chunk of a body.',
    stage: 'connection',
    stoppedBy: MAX_HEADERS,
    response: 'connection closed',
    run: (attacker) =>
      sendBytes(
        attacker,
        `${rawPost(attacker, ['transfer-encoding: chunked'])}2\r\n{}\r\n0\r\nx: ${LONG_TEXT}\r\n\r\n`,
      ),
  },
  {
    name: 'sends a chunk extension that is too large',
    details: 'A chunk with an extension of 64 KiB.',
    stage: 'connection',
    stoppedBy: STRICT_PARSER,
    response: 'connection closed',
    run: (attacker) =>
      sendBytes(attacker, `${rawPost(attacker, ['transfer-encoding: chunked'])}2;${LONG_TEXT}\r\n{}\r\n0\r\n\r\n`),
  },
];
