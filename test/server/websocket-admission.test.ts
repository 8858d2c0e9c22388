import { once } from 'node:events';
import { createHmac } from 'node:crypto';
import { afterEach, describe, expect, it } from '@jest/globals';
import { WebSocket } from 'ws';
import { Sensitive } from '../../src/domain/sensitive.js';
import type { AuthenticationResult } from '../../src/identity/authenticator.js';
import { RouterAuthenticator } from '../../src/identity/router-authenticator.js';
import type { RequestGuard } from '../../src/server/request/request-guard.js';
import { MAX_EARLY_MESSAGES } from '../../src/server/request/transport-limits.js';
import { caller } from '../support/callers.js';
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
  const onRefused = (reason: string): void => void reasons.push(reason);
  server = await StreamingServer.start(undefined, { onRejection: onRefused, ...admission });
  socket = open();
  socket.on('message', (data: Buffer) => messages.push(JSON.parse(data.toString()) as { type: string }));
  await once(socket, 'open');
}

const open = (): WebSocket => new WebSocket(`${server.url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws');

async function begin(payload?: object): Promise<void> {
  say({ type: 'connection_init', payload });
  await until(() => messages.length > 0);
}

const say = (message: object): void => socket.send(JSON.stringify(message));
const subscribe = (query: string, extensions?: object): void =>
  say({ type: 'subscribe', id: query, payload: { query, extensions } });
const told = (type: string): unknown => messages.find((message) => message.type === type)?.payload;
const closed = async (): Promise<unknown> => ((await once(socket, 'close')) as [number])[0];
const identity = (identified: AuthenticationResult): Pick<RequestGuard, 'authenticator'> => ({
  authenticator: { authenticate: () => Promise.resolve(identified), isCurrent: () => Promise.resolve(true) },
});
const expiringIn = (ms: number): AuthenticationResult => ({
  kind: 'known',
  client: caller('shop', { expiresAt: new Date(Date.now() + ms) }),
});

describe('a WebSocket', () => {
  it('is closed for good reason when its caller is not known', async () => {
    await connect(identity({ kind: 'rejected', reason: 'expired' }));
    say({ type: 'connection_init' });
    expect(await closed()).toBe(4403);
    expect(reasons).toEqual(['expired']);
  });

  it('is closed so that clients come again while it cannot be told who asks', async () => {
    await connect(identity({ kind: 'unavailable' }));
    say({ type: 'connection_init' });
    expect(await closed()).toBe(1013);
    expect(reasons).toEqual(['unavailable']);
  });

  it('is closed when what was shown runs out, with nothing under way', async () => {
    await connect(identity(expiringIn(50)));
    await begin();
    expect(await closed()).toBe(4403);
  });

  it('is closed so only when the mutation that is under way was answered', async () => {
    const isCurrent = () => Promise.resolve(true);
    await connect({ authenticator: { authenticate: () => Promise.resolve(expiringIn(500)), isCurrent } });
    await begin();
    subscribe('mutation { wait }');
    // Its time is over after that of the first.
    const idle = open();
    await once(idle, 'open');
    idle.send(JSON.stringify({ type: 'connection_init' }));
    expect((await once(idle, 'close'))[0]).toBe(4403);
    expect(socket.readyState).toBe(WebSocket.OPEN);
    const isClosed = closed();
    server.release();
    expect(await isClosed).toBe(4403);
    expect(told('next')).toEqual({ data: { wait: 'waited' } });
  });

  it('takes no operation of a caller whose key was revoked, and is closed', async () => {
    await connect();
    await begin();
    server.isClientCurrent = false;
    subscribe('mutation { count }');
    expect(await closed()).toBe(4403);
    expect(told('error')).toMatchObject([{ extensions: { code: 'UNAUTHENTICATED' } }]);
    expect(server.counted).toBe(0);
  });

  it('is closed when it says too much before it says who asks', async () => {
    await connect();
    for (let count = 0; count < MAX_EARLY_MESSAGES; count += 1) say({ type: 'ping' });
    await until(() => messages.length === MAX_EARLY_MESSAGES);
    say({ type: 'ping' });
    expect(await closed()).toBe(4400);
  });

  it('takes only operations that the router has signed, where that is wanted', async () => {
    await connect({ routerAuthenticator: new RouterAuthenticator({ header: [], signature: [new Sensitive(SECRET)] }) });
    await begin();
    subscribe('mutation { count }');
    await until(() => told('error') !== undefined);
    expect(told('error')).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
    expect(server.counted).toBe(0);
    const query = 'query { hello }';
    const signature = createHmac('sha256', SECRET).update(JSON.stringify({ query })).digest('base64');
    subscribe(query, { 'hmac-signature': signature });
    await until(() => told('next') !== undefined);
    expect(told('next')).toEqual({ data: { hello: 'world' } });
    expect(reasons).toEqual(['router']);
  });
});
