import { once } from 'node:events';
import { expect, it } from '@jest/globals';
import { WebSocket } from 'ws';
import { withGateway } from '../support/fixture.js';
import { CREATION, newInput, pay, paymentIn } from '../support/payments.js';
import { until } from '../support/until.js';
import { metricOf } from '../support/webhooks.js';

const [SOCKETS, ON_EACH, STREAMS] = [4, 450, 200];
const ALL = SOCKETS * ON_EACH + STREAMS;
/** Four times what is measured, garbage included: it fails when something grows that should not, not when memory is freed late. */
const MOST_BYTES_OF_EACH = 150_000;

const { gateway } = withGateway({ environment: { STATUS_STALE_AFTER: '1d' } });

const heapBytes = () => metricOf(gateway, 'nodejs_heap_size_used_bytes');
const openSubscriptions = () => metricOf(gateway, 'flinks_pay_open_streams{transport="subscription"}');
const query = 'subscription ($id: ID!) { paymentSessionUpdated(id: $id) { id status } }';
const told = { cancelled: 0, completed: 0 };

async function watchOverSocket(id: string): Promise<WebSocket> {
  const socket = new WebSocket(`${gateway.url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws');
  await once(socket, 'open');
  socket.send('{"type":"connection_init"}');
  await once(socket, 'message');
  socket.on('message', (data: Buffer) => {
    const text = data.toString();
    if (text.includes('CANCELLED')) told.cancelled += 1;
    if (text.includes('"complete"')) told.completed += 1;
  });
  for (let index = 0; index < ON_EACH; index += 1)
    socket.send(JSON.stringify({ type: 'subscribe', id: String(index), payload: { query, variables: { id } } }));
  return socket;
}

/** Resolves with the stream's end, all of it being read. */
async function watchOverStream(id: string): Promise<void> {
  const answer = await fetch(`${gateway.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'text/event-stream' },
    body: JSON.stringify({ query, variables: { id } }),
  });
  return answer.text().then((text) => {
    if (text.includes('CANCELLED')) told.cancelled += 1;
    if (text.includes('event: complete')) told.completed += 1;
  });
}

it('thousands of idle subscriptions cost little memory, and all of them get the change', async () => {
  const { id } = paymentIn(await pay(gateway, CREATION, newInput()));
  const before = await heapBytes();
  const sockets = await Promise.all(Array.from({ length: SOCKETS }, () => watchOverSocket(id)));
  const ends = Array.from({ length: STREAMS }, () => watchOverStream(id));
  await until(async () => (await openSubscriptions()) === ALL);
  expect(((await heapBytes()) - before) / ALL).toBeLessThan(MOST_BYTES_OF_EACH);
  await gateway.post({ query: `mutation { cancelPaymentSession(input: {id: "${id}"}) { __typename } }` });
  await until(() => told.completed === ALL);
  await Promise.all(ends);
  expect(told.cancelled).toBe(ALL);
  await until(async () => (await openSubscriptions()) === 0);
  for (const socket of sockets) socket.close();
  await until(async () => (await metricOf(gateway, 'flinks_pay_open_streams{transport="websocket"}')) === 0);
});
