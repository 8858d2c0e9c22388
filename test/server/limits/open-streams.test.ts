import { once } from 'node:events';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { WebSocket } from 'ws';
import {
  MAX_SUBSCRIPTIONS_PER_CLIENT,
  MAX_WEBSOCKETS_PER_CLIENT,
} from '../../../src/server/request/concurrency-quota.js';
import { MAX_OPERATIONS_PER_SOCKET } from '../../../src/server/request/transport-limits.js';
import { until } from '../../support/until.js';
import { StreamingServer } from '../streaming-server.js';

let server: StreamingServer;
let sockets: WebSocket[];

beforeEach(async () => {
  server = await StreamingServer.start();
  sockets = [];
});
afterEach(async () => {
  for (const socket of sockets) socket.terminate();
  await server.stop();
});

const SILENCE = 'subscription { silence }';

async function connect(): Promise<WebSocket> {
  const socket = new WebSocket(`ws://127.0.0.1:${server.port}/graphql`, 'graphql-transport-ws');
  sockets.push(socket);
  await once(socket, 'open');
  socket.send('{"type":"connection_init"}');
  return socket;
}

function subscribe(socket: WebSocket, id: number): void {
  socket.send(JSON.stringify({ type: 'subscribe', id: String(id), payload: { query: SILENCE } }));
}

/** Opens as many subscriptions as a client may have, over as few sockets as possible. */
async function useWholeQuota(): Promise<void> {
  for (let remaining = MAX_SUBSCRIPTIONS_PER_CLIENT; remaining > 0; remaining -= MAX_OPERATIONS_PER_SOCKET) {
    const socket = await connect();
    await once(socket, 'message');
    for (let id = 0; id < MAX_OPERATIONS_PER_SOCKET; id += 1) subscribe(socket, id);
  }
  await until(() => server.openSources === MAX_SUBSCRIPTIONS_PER_CLIENT);
}

describe('open streams', () => {
  it('are counted by transport until either side ends them', async () => {
    const socket = await connect();
    await once(socket, 'message');
    subscribe(socket, 1);
    subscribe(socket, 2);
    const leaving = new AbortController();
    const stream = await fetch(`${server.url}/graphql?query=${encodeURIComponent(SILENCE)}`, {
      headers: { accept: 'text/event-stream' },
      signal: leaving.signal,
    });
    await until(() => server.openSources === 3);
    expect(server.openStreams).toEqual({ websocket: 1, http: 1, subscription: 3 });
    socket.send('{"type":"complete","id":"1"}');
    await until(() => server.openStreams.subscription === 2);
    leaving.abort();
    await expect(stream.text()).rejects.toThrow();
    await until(() => server.openStreams.http === 0);
    socket.close();
    await until(() => server.openStreams.websocket === 0);
    expect(server.openStreams).toEqual({ websocket: 0, http: 0, subscription: 0 });
  });

  it('are no longer counted when they complete, fail or are rejected', async () => {
    await (await server.get({ query: 'subscription { at(point: {x: 1, y: 2}) }' })).text();
    await (await server.get({ query: 'subscription { failing }' })).text();
    await (await server.get({ query: 'subscription { refused }' })).text();
    await until(() => server.openStreams.http === 0);
    expect(server.openStreams.subscription).toBe(0);
  });

  it('are rejected beyond the quota of a client, over each transport, until others end', async () => {
    await useWholeQuota();
    const response = await server.post({ query: SILENCE }, 'application/json, text/event-stream');
    expect([response.status, response.headers.get('retry-after')]).toEqual([503, '5']);
    expect(await response.text()).toContain('"TOO_MANY_SUBSCRIPTIONS"');
    expect(await (await server.post({ query: SILENCE })).text()).toContain('"TOO_MANY_SUBSCRIPTIONS"');
    const socket = await connect();
    await once(socket, 'message');
    subscribe(socket, 1);
    const [data] = (await once(socket, 'message')) as [Buffer];
    expect(JSON.parse(data.toString())).toMatchObject({
      type: 'error',
      payload: [{ extensions: { code: 'TOO_MANY_SUBSCRIPTIONS' } }],
    });
    expect([server.openSources, server.rejections]).toEqual([
      MAX_SUBSCRIPTIONS_PER_CLIENT,
      ['limit', 'limit', 'limit'],
    ]);
    sockets[0]?.terminate();
    await until(() => server.openSources === MAX_SUBSCRIPTIONS_PER_CLIENT - MAX_OPERATIONS_PER_SOCKET);
    subscribe(socket, 2);
    await until(() => server.openSources === MAX_SUBSCRIPTIONS_PER_CLIENT - MAX_OPERATIONS_PER_SOCKET + 1);
  });

  it('beyond the quota do not prevent queries', async () => {
    await useWholeQuota();
    expect(await (await server.post({ query: '{ hello }' }, 'application/json')).text()).toContain('world');
  });

  it('are rejected with the close code for "try again later" when a client has too many sockets', async () => {
    for (let remaining = MAX_WEBSOCKETS_PER_CLIENT; remaining > 0; remaining -= 100)
      await Promise.all(Array.from({ length: 100 }, async () => once(await connect(), 'message')));
    const socket = await connect();
    expect((await once(socket, 'close'))[0]).toBe(1013);
    expect(server.rejections).toEqual(['limit']);
    sockets[0]?.terminate();
    await until(() => server.openStreams.websocket === MAX_WEBSOCKETS_PER_CLIENT - 1);
    await once(await connect(), 'message');
  });
});
