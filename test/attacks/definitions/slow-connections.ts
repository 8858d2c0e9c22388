import { once } from 'node:events';
import { connect } from 'node:net';
import { connectTo } from '../../support/raw-http.js';
import type { Attack } from '../attack.js';
import type { Attacker } from '../attacker.js';
import { rawPost, sendBytes } from '../raw-requests.js';
import { indexes } from '../requests.js';
import { sendMessages } from '../web-sockets.js';

const TIMEOUTS = 'src/server/http/http-server.ts (requestTimeout, headersTimeout)';
const QUERY = { query: '{ __typename }' };

/** Connections that are slow, idle, numerous or dropped. */
export const slowConnectionAttacks: readonly Attack[] = [
  {
    name: 'sends headers slowly',
    details: 'A header line every second, without end.',
    stage: 'connection',
    stoppedBy: TIMEOUTS,
    response: '408, connection closed',
    isSlow: true,
    run: (attacker) => sendBytes(attacker, 'POST /graphql HTTP/1.1\r\nhost: gateway\r\n', everySecond('x: y\r\n')),
  },
  {
    name: 'sends a body slowly',
    details: 'A byte every second of a body of 90,000 bytes.',
    stage: 'http',
    stoppedBy: TIMEOUTS,
    response: 'connection closed',
    isSlow: true,
    run: (attacker) => sendBytes(attacker, rawPost(attacker, ['content-length: 90000']), everySecond(' ')),
  },
  {
    name: 'opens a connection and sends nothing',
    details: 'A TCP connection without a request.',
    stage: 'connection',
    stoppedBy: TIMEOUTS,
    response: '408, connection closed',
    isSlow: true,
    run: (attacker) => sendBytes(attacker, ''),
  },
  {
    name: 'stops in the middle of a body',
    details: 'The first 9 bytes of a body of 1,000 bytes, and then nothing.',
    stage: 'http',
    stoppedBy: TIMEOUTS,
    response: 'connection closed',
    isSlow: true,
    run: (attacker) => sendBytes(attacker, rawPost(attacker, ['content-length: 1000'], '{"query":')),
  },
  {
    name: 'opens a WebSocket and sends nothing',
    details: 'An upgrade without a connection_init message.',
    stage: 'connection',
    stoppedBy: 'src/server/request/transport-limits.ts (CONNECTION_INIT_MS)',
    response: 'closed with 4408',
    isSlow: true,
    run: (attacker) => sendMessages(attacker, []),
  },
  {
    name: 'holds a thousand connections open',
    details: '1,000 connections together, each with half a request, while another client sends a query.',
    stage: 'connection',
    stoppedBy: 'src/server/http/http-server.ts: an open connection uses little memory and is closed after a time limit',
    response: '200 data',
    repeats: 3,
    run: (attacker) => holdOpen(attacker, 1_000, 'POST /graphql HTTP/1.1\r\nhost: gateway\r\n'),
  },
  {
    name: 'closes connections before the response',
    details: '20 requests on a connection that is reset immediately, and then a query.',
    stage: 'connection',
    stoppedBy: 'src/server/http/http-server.ts discards the responses',
    response: '200 data',
    repeats: 300,
    run: async (attacker) => {
      const socket = connectTo(attacker.gateway).on('error', () => undefined);
      await once(socket, 'connect');
      const body = JSON.stringify(QUERY);
      socket.write(rawPost(attacker, [`content-length: ${body.length}`], body).repeat(20));
      socket.resetAndDestroy();
      return attacker.send(QUERY);
    },
  },
];

/** Writes the bytes about once a second. */
function everySecond(bytes: string): (write: (bytes: string) => boolean) => void {
  let count = 0;
  return (write) => (count++ % 200 === 0 ? write(bytes) : true);
}

async function holdOpen(attacker: Attacker, count: number, bytes: string): Promise<string> {
  const port = Number(new URL(attacker.gateway.url).port);
  const sockets = indexes(count).map(() => connect(port, '127.0.0.1'));
  for (const socket of sockets) socket.on('error', () => undefined);
  await Promise.all(sockets.map((socket) => Promise.race([once(socket, 'connect'), once(socket, 'close')])));
  for (const socket of sockets) socket.write(bytes);
  const response = await attacker.send(QUERY);
  for (const socket of sockets) socket.destroy();
  return response;
}
