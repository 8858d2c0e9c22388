import { once } from 'node:events';
import { expect, it } from '@jest/globals';
import { WebSocket } from 'ws';
import { withGateway } from '../support/fixture.js';
import { CREATION, newInput, pay, paymentIn } from '../support/payments.js';
import { until } from '../support/until.js';
import { metricOf } from '../support/webhooks.js';

const [SOCKETS, SUBSCRIPTIONS_PER_SOCKET, STREAMS] = [4, 450, 200];
const ALL = SOCKETS * SUBSCRIPTIONS_PER_SOCKET + STREAMS;
/** Four times the measured value, which includes garbage. Growth exceeds this, late garbage collection does not. */
const MAX_BYTES_PER_SUBSCRIPTION = 150_000;

const { gateway } = withGateway({ environment: { STATUS_STALE_AFTER: '1d' } });

const heapBytes = () => metricOf(gateway, 'nodejs_heap_size_used_bytes');
const openSubscriptions = () => metricOf(gateway, 'flinks_pay_open_streams{transport="subscription"}');
const query = 'subscription ($id: ID!) { paymentSessionUpdated(id: $id) { id status } }';
const received = { cancelled: 0, completed: 0 };

async function watchOverSocket(id: string): Promise<WebSocket> {
  const socket = new WebSocket(`${gateway.url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws');
  await once(socket, 'open');
  socket.send('{"type":"connection_init"}');
  await once(socket, 'message');
  socket.on('message', (data: Buffer) => {
    const text = data.toString();
    if (text.includes('CANCELLED')) received.cancelled += 1;
    if (text.includes('"complete"')) received.completed += 1;
  });
  for (let index = 0; index < SUBSCRIPTIONS_PER_SOCKET; index += 1)
    socket.send(JSON.stringify({ type: 'subscribe', id: String(index), payload: { query, variables: { id } } }));
  return socket;
}

/** Reads the whole stream, and resolves at its end. */
async function watchOverStream(id: string): Promise<void> {
  const response = await fetch(`${gateway.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'text/event-stream' },
    body: JSON.stringify({ query, variables: { id } }),
  });
  return response.text().then((text) => {
    if (text.includes('CANCELLED')) received.cancelled += 1;
    if (text.includes('event: complete')) received.completed += 1;
  });
}

it('thousands of idle subscriptions use little memory, and all of them get a status change', async () => {
  const { id } = paymentIn(await pay(gateway, CREATION, newInput()));
  const before = await heapBytes();
  const sockets = await Promise.all(Array.from({ length: SOCKETS }, () => watchOverSocket(id)));
  const ends = Array.from({ length: STREAMS }, () => watchOverStream(id));
  await until(async () => (await openSubscriptions()) === ALL);
  expect(((await heapBytes()) - before) / ALL).toBeLessThan(MAX_BYTES_PER_SUBSCRIPTION);
  await gateway.post({ query: `mutation { cancelPaymentSession(input: {id: "${id}"}) { __typename } }` });
  await until(() => received.completed === ALL);
  await Promise.all(ends);
  expect(received.cancelled).toBe(ALL);
  await until(async () => (await openSubscriptions()) === 0);
  for (const socket of sockets) socket.close();
  await until(async () => (await metricOf(gateway, 'flinks_pay_open_streams{transport="websocket"}')) === 0);
});
