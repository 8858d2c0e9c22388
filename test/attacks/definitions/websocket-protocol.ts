import { once } from 'node:events';
import { sendEach } from '../attack.js';
import type { Attack } from '../attack.js';
import type { Attacker } from '../attacker.js';
import { rawRequest, sendBytes } from '../raw-requests.js';
import { READ_PAYMENT, emailMutation, indexes } from '../requests.js';
import { connectionInit, openSocket, sendMessages, subscribe } from '../web-sockets.js';

const WATCH_ID = 'subscription ($id: ID!) { paymentSessionUpdated(id: $id) { id } }';

/** Messages that break the protocol of WebSockets, and more of them than allowed. */
export const webSocketProtocolAttacks: readonly Attack[] = [
  {
    name: 'subscribes before it authenticates',
    details: '100 subscribe messages on a WebSocket without a connection_init message.',
    stage: 'connection',
    stoppedBy: 'graphql-ws',
    response: 'closed with 4401',
    repeats: 200,
    run: (attacker) =>
      sendMessages(
        attacker,
        indexes(100).map((index) =>
          subscribe({ query: READ_PAYMENT, variables: { id: attacker.victim.id } }, String(index)),
        ),
      ),
  },
  {
    name: 'authenticates twice on a WebSocket',
    details: 'A second connection_init message.',
    stage: 'connection',
    stoppedBy: 'graphql-ws',
    response: 'closed with 4429',
    run: (attacker) => {
      const init = connectionInit(attacker.credentials.authorization ?? '');
      return sendMessages(attacker, [init, init]);
    },
  },
  {
    name: 'sends malformed WebSocket messages',
    details: '100 messages that are not JSON, not objects, or of an unknown type.',
    stage: 'connection',
    stoppedBy: 'graphql-ws',
    response: 'closed with 4400',
    repeats: 50,
    run: (attacker) =>
      sendEach(
        ['x', '[]', '5', 'null', '{"type":"nothing"}', '{"type":"connection_ack"}', '{"__proto__":{"type":"ping"}}'],
        (text) => sendMessages(attacker, Array(100).fill(text)),
      ),
  },
  {
    name: 'sends a WebSocket message that is too large',
    details: 'A message of 200 kB.',
    stage: 'connection',
    stoppedBy: 'ws (maxPayload)',
    response: 'closed with 1009',
    repeats: 50,
    run: (attacker) => sendMessages(attacker, ['x'.repeat(200_000)]),
  },
  {
    name: 'uses one id for two operations',
    details: 'Two subscribe messages with the same id on one WebSocket.',
    stage: 'connection',
    stoppedBy: 'graphql-ws',
    response: 'closed with 4409',
    run: (attacker) => {
      const { id, authorization } = attacker.victim;
      const watch = subscribe({ query: WATCH_ID, variables: { id } });
      return sendMessages(attacker, [connectionInit(authorization), watch, watch], { untilClosed: true });
    },
  },
  {
    name: 'sends a list of operations over a WebSocket',
    details: 'A list of mutations as the payload of subscribe, and as a message.',
    stage: 'connection',
    stoppedBy: 'graphql-ws accepts only objects as messages and payloads',
    response: 'closed with 4400',
    run: (attacker) => {
      const init = connectionInit(attacker.credentials.authorization ?? '');
      const batches = [
        subscribe([emailMutation(), emailMutation()]),
        [subscribe(emailMutation()), subscribe(emailMutation(), '2')],
      ];
      return sendEach(batches, (batch) => sendMessages(attacker, [init, batch]));
    },
  },
  {
    name: 'starts too many subscriptions',
    details: '2,000 subscriptions on one WebSocket.',
    stage: 'operation limits',
    stoppedBy: 'src/server/request/transport-limits.ts (MAX_OPERATIONS_PER_SOCKET)',
    response: 'BAD_REQUEST',
    repeats: 2,
    run: (attacker) => startSubscriptions(attacker, 2_000),
  },
  {
    name: 'asks for an old WebSocket subprotocol',
    details: 'The subprotocol graphql-ws, which belongs to the library subscriptions-transport-ws.',
    stage: 'connection',
    stoppedBy: 'src/server/subscriptions/websocket/websockets.ts',
    response: '400',
    run: (attacker) => sendMessages(attacker, [], { protocol: 'graphql-ws' }),
  },
  {
    name: 'opens a WebSocket at another path',
    details: 'An upgrade at /metrics.',
    stage: 'connection',
    stoppedBy: 'src/server/subscriptions/websocket/websockets.ts',
    response: '404 NOT_FOUND, connection closed',
    run: (attacker) =>
      sendBytes(
        attacker,
        rawRequest(attacker, 'GET /metrics HTTP/1.1', [
          'connection: upgrade',
          'upgrade: websocket',
          'sec-websocket-version: 13',
          'sec-websocket-key: AAAAAAAAAAAAAAAAAAAAAA==',
        ]),
      ),
  },
];

/** Subscribes to the victim's payment as the victim. Resolves to the code of the first error, or the close code. */
async function startSubscriptions(attacker: Attacker, count: number): Promise<string> {
  const { id, authorization } = attacker.victim;
  const socket = openSocket(attacker);
  socket.on('error', () => undefined);
  const rejected = new Promise<string>((resolve) => {
    socket.on('message', (data: Buffer) => {
      const { type, payload } = JSON.parse(data.toString()) as {
        type: string;
        payload: { extensions: { code: string } }[];
      };
      if (type === 'error') resolve(payload[0]?.extensions.code ?? 'no code');
    });
    socket.on('close', (code) => resolve(`closed with ${code}`));
  });
  await once(socket, 'open');
  socket.send(JSON.stringify(connectionInit(authorization)));
  await once(socket, 'message');
  const payload = { query: WATCH_ID, variables: { id } };
  for (const index of indexes(count)) socket.send(JSON.stringify(subscribe(payload, String(index))));
  const response = await rejected;
  socket.terminate();
  return response;
}
