import { once } from 'node:events';
import { createHmac } from 'node:crypto';
import { afterEach, describe, expect, it } from '@jest/globals';
import { WebSocket } from 'ws';
import { Sensitive } from '../../src/domain/sensitive.js';
import type { AuthenticationResult } from '../../src/identity/authenticator.js';
import { RouterAuthenticator } from '../../src/identity/router-authenticator.js';
import type { RequestGuard } from '../../src/server/request/request-guard.js';
import { MAX_EARLY_MESSAGES } from '../../src/server/request/transport-limits.js';
import { apiClient } from '../support/api-clients.js';
import { until } from '../support/until.js';
import { StreamingServer } from './streaming-server.js';

const SECRET = 'a secret of the router alone';

let server: StreamingServer;
let socket: WebSocket;
let messages: { readonly type: string; readonly payload?: unknown }[];
let reasons: string[];

afterEach(async () => {
  socket.terminate();
  await server.stop();
});

async function connect(admission: Partial<RequestGuard> = {}): Promise<void> {
  reasons = [];
  messages = [];
  const recordReason = (reason: string): void => void reasons.push(reason);
  server = await StreamingServer.start(undefined, { onRejection: recordReason, ...admission });
  socket = open();
  socket.on('message', (data: Buffer) => messages.push(JSON.parse(data.toString()) as { type: string }));
  await once(socket, 'open');
}

const open = (): WebSocket => new WebSocket(`${server.url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws');

async function initialize(payload?: object): Promise<void> {
  send({ type: 'connection_init', payload });
  await until(() => messages.length > 0);
}

const send = (message: object): void => socket.send(JSON.stringify(message));
const subscribe = (query: string, extensions?: object): void =>
  send({ type: 'subscribe', id: query, payload: { query, extensions } });
const payloadOf = (type: string): unknown => messages.find((message) => message.type === type)?.payload;
const closed = async (): Promise<unknown> => ((await once(socket, 'close')) as [number])[0];
const authenticatesAs = (result: AuthenticationResult): Pick<RequestGuard, 'authenticator'> => ({
  authenticator: { authenticate: () => Promise.resolve(result), isCurrent: () => Promise.resolve(true) },
});
const expiringIn = (ms: number): AuthenticationResult => ({
  kind: 'known',
  client: apiClient('shop', { expiresAt: new Date(Date.now() + ms) }),
});

describe('a WebSocket', () => {
  it('is closed as forbidden when its client cannot be authenticated', async () => {
    await connect(authenticatesAs({ kind: 'rejected', reason: 'expired' }));
    send({ type: 'connection_init' });
    expect(await closed()).toBe(4403);
    expect(reasons).toEqual(['expired']);
  });

  it('is closed with "try again later" while authentication is unavailable', async () => {
    await connect(authenticatesAs({ kind: 'unavailable' }));
    send({ type: 'connection_init' });
    expect(await closed()).toBe(1013);
    expect(reasons).toEqual(['unavailable']);
  });

  it('is closed when its credentials expire and no operation is in progress', async () => {
    await connect(authenticatesAs(expiringIn(50)));
    await initialize();
    expect(await closed()).toBe(4403);
  });

  it('stays open after its credentials expired until the mutation in progress has its response', async () => {
    const isCurrent = () => Promise.resolve(true);
    await connect({ authenticator: { authenticate: () => Promise.resolve(expiringIn(500)), isCurrent } });
    await initialize();
    subscribe('mutation { wait }');
    // Its credentials expire after those of the first.
    const idle = open();
    await once(idle, 'open');
    idle.send(JSON.stringify({ type: 'connection_init' }));
    expect((await once(idle, 'close'))[0]).toBe(4403);
    expect(socket.readyState).toBe(WebSocket.OPEN);
    const isClosed = closed();
    server.release();
    expect(await isClosed).toBe(4403);
    expect(payloadOf('next')).toEqual({ data: { wait: 'waited' } });
  });

  it('rejects an operation of a client whose key was revoked, and is closed', async () => {
    await connect();
    await initialize();
    server.isClientCurrent = false;
    subscribe('mutation { count }');
    expect(await closed()).toBe(4403);
    expect(payloadOf('error')).toMatchObject([{ extensions: { code: 'UNAUTHENTICATED' } }]);
    expect(server.executedMutations).toBe(0);
  });

  it('is closed when it sends too many messages before connection_init', async () => {
    await connect();
    for (let count = 0; count < MAX_EARLY_MESSAGES; count += 1) send({ type: 'ping' });
    await until(() => messages.length === MAX_EARLY_MESSAGES);
    send({ type: 'ping' });
    expect(await closed()).toBe(4400);
  });

  it('accepts only operations signed by the router when that is configured', async () => {
    await connect({ routerAuthenticator: new RouterAuthenticator({ header: [], signature: [new Sensitive(SECRET)] }) });
    await initialize();
    subscribe('mutation { count }');
    await until(() => payloadOf('error') !== undefined);
    expect(payloadOf('error')).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
    expect(server.executedMutations).toBe(0);
    const query = 'query { hello }';
    const signature = createHmac('sha256', SECRET).update(JSON.stringify({ query })).digest('base64');
    subscribe(query, { 'hmac-signature': signature });
    await until(() => payloadOf('next') !== undefined);
    expect(payloadOf('next')).toEqual({ data: { hello: 'world' } });
    expect(reasons).toEqual(['router']);
  });
});
