import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { WebSocket } from 'ws';
import type { ClientOptions } from 'ws';
import {
  CONNECTION_INIT_MS,
  HEARTBEAT_MS,
  MAX_OPERATIONS_PER_SOCKET,
  MAX_REQUEST_BYTES,
} from '../../src/server/request/transport-limits.js';
import { until } from '../support/until.js';
import { StreamingServer } from './streaming-server.js';

const PROTOCOL = 'graphql-transport-ws';
const MARK = 'mark7319513773';

interface Message {
  readonly type: string;
  readonly id?: string;
  readonly payload?: unknown;
}

/** A client that speaks the protocol by hand. */
class SocketClient {
  readonly messages: Message[] = [];
  code: number | undefined;

  constructor(readonly socket: WebSocket) {
    socket.on('message', (data: Buffer) => this.messages.push(JSON.parse(data.toString()) as Message));
    socket.on('close', (code) => (this.code = code));
    socket.on('error', () => undefined);
  }

  static async connect(options: ClientOptions = {}): Promise<SocketClient> {
    const client = new SocketClient(new WebSocket(`${server.url.replace('http', 'ws')}/graphql`, PROTOCOL, options));
    clients.push(client);
    await once(client.socket, 'open');
    return client;
  }

  static async ready(options: ClientOptions = {}): Promise<SocketClient> {
    const client = await SocketClient.connect(options);
    client.send({ type: 'connection_init' });
    await client.receives('connection_ack');
    return client;
  }

  send(message: unknown): void {
    this.socket.send(typeof message === 'string' ? message : JSON.stringify(message));
  }

  subscribe(id: string, query: string, variables?: object): void {
    this.send({ type: 'subscribe', id, payload: { query, variables } });
  }

  /** Resolves with the first message of this type, of this operation if given. */
  async receives(type: string, id?: string): Promise<Message> {
    const find = () =>
      this.messages.find((message) => message.type === type && (id === undefined || message.id === id));
    await until(() => find() !== undefined);
    return find() as Message;
  }

  /** Resolves when the server has not read anything for a while. */
  async whenStuck(): Promise<void> {
    let [left, sinceMs] = [-1, 0];
    await until(() => {
      if (this.socket.bufferedAmount !== left) [left, sinceMs] = [this.socket.bufferedAmount, performance.now()];
      return performance.now() - sinceMs > 1_500;
    });
  }

  async closed(): Promise<number | undefined> {
    await until(() => this.code !== undefined);
    return this.code;
  }
}

let server: StreamingServer;
let clients: SocketClient[];

beforeEach(async () => {
  clients = [];
  server = await StreamingServer.start();
});
afterEach(async () => {
  jest.useRealTimers();
  for (const { socket } of clients) socket.terminate();
  await server.stop();
});

function useFakeTime(): void {
  jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate', 'queueMicrotask', 'performance', 'Date'] });
}

const EXTENSIONS = expect.objectContaining({ requestId: expect.any(String) as unknown }) as object;

describe('an upgrade request', () => {
  const handshake = (path: string, headers: Record<string, string> = {}) =>
    [
      `GET ${path} HTTP/1.1`,
      ...Object.entries({
        host: 'gateway:4000',
        connection: 'Upgrade',
        upgrade: 'websocket',
        'sec-websocket-version': '13',
        'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
        'sec-websocket-protocol': PROTOCOL,
        ...headers,
      }).map(([name, value]) => `${name}: ${value}`),
      '\r\n',
    ].join('\r\n');

  it.each([
    ['another path', 404, handshake('/nothing')],
    ['another subprotocol', 400, handshake('/graphql', { 'sec-websocket-protocol': 'graphql-ws' })],
    ['a page of another origin', 403, handshake('/graphql', { origin: 'https://elsewhere.example' })],
    ['a page without an origin', 403, handshake('/graphql', { origin: 'null' })],
    ['a bad key', 400, handshake('/graphql', { 'sec-websocket-key': 'x' })],
  ])('for %s is rejected with %d', async (_, status, request) => {
    const socket = await server.connect();
    socket.write(request);
    const response = await text(socket);
    expect(response).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
  });

  it('while the server drains is rejected with 503 and the request id', async () => {
    server.isDraining = true;
    const socket = await server.connect();
    socket.write(handshake('/graphql?x=1', { 'x-request-id': 'from-the-router' }));
    const response = await text(socket);
    expect(response).toMatch(/^HTTP\/1.1 503 [^]*x-request-id: from-the-router[^]*"code":"SHUTTING_DOWN"/);
    expect(response).toContain('"requestId":"from-the-router"');
  });

  it('from a page of the gateway is accepted', async () => {
    const socket = await server.connect();
    socket.write(handshake('/graphql', { origin: 'http://gateway:4000' }));
    const [bytes] = (await once(socket, 'data')) as [Buffer];
    expect(bytes.toString()).toMatch(/^HTTP\/1.1 101 [^]*sec-websocket-protocol: graphql-transport-ws/i);
    socket.destroy();
  });

  it('to HTTP/2 is ignored, and the request is executed over HTTP/1.1', async () => {
    const socket = await server.connect();
    const body = JSON.stringify({ query: 'mutation { count }' });
    socket.end(
      `POST /graphql HTTP/1.1\r\nhost: gateway\r\nconnection: Upgrade, HTTP2-Settings, close\r\nupgrade: h2c\r\n` +
        `http2-settings: AAEAAEAAAAIAAAABAAMAAABkAAQBAAAAAAUAAEAA\r\ncontent-type: application/json\r\n` +
        `content-length: ${body.length}\r\n\r\n${body}`,
    );
    expect(await text(socket)).toMatch(/^HTTP\/1.1 200 OK[^]*\{"data":\{"count":1\}\}/);
  });
});

describe('a WebSocket connection', () => {
  it.each([
    ['text that is not JSON', 4400, MARK],
    ['an invalid message', 4400, `{"${MARK}":1}`],
    ['a subscribe without a document', 4400, '{"type":"subscribe","id":"1","payload":{}}'],
    ['a message of a server', 4400, '{"type":"next","id":"1","payload":{"data":{}}}'],
    ['a second connection_init', 4429, '{"type":"connection_init"}'],
    [
      'a message beyond the size limit',
      1009,
      JSON.stringify({ type: 'ping', payload: { x: 'x'.repeat(MAX_REQUEST_BYTES) } }),
    ],
  ])('that sends %s is closed with %d', async (_, code, message) => {
    const client = await SocketClient.ready();
    client.send(message);
    expect(await client.closed()).toBe(code);
    expect(server.errorsLogged).toEqual([]);
    expect(server.log).not.toContain(MARK);
  });

  it('that subscribes before connection_init is closed', async () => {
    const client = await SocketClient.connect();
    client.subscribe('1', 'subscription { silence }');
    expect(await client.closed()).toBe(4401);
    expect(server.openSources).toBe(0);
  });

  it('that sends nothing is closed', async () => {
    useFakeTime();
    const client = await SocketClient.connect();
    jest.advanceTimersByTime(CONNECTION_INIT_MS);
    expect(await client.closed()).toBe(4408);
  });

  it('that does not respond to pings is dropped, and its subscriptions end', async () => {
    useFakeTime();
    const client = await SocketClient.ready({ autoPong: false });
    client.subscribe('1', 'subscription { silence }');
    await until(() => server.openSources === 1);
    const pinged = once(client.socket, 'ping');
    jest.advanceTimersByTime(HEARTBEAT_MS);
    await pinged;
    expect(client.code).toBeUndefined();
    jest.advanceTimersByTime(HEARTBEAT_MS);
    expect(await client.closed()).toBe(1006);
    await until(() => server.openSources === 0);
  });

  it('that responds to pings stays open', async () => {
    useFakeTime();
    const client = await SocketClient.ready();
    const nextPing = () => new Promise((resolve) => client.socket.once('ping', resolve));
    for (let beat = 0; beat < 5; beat += 1) {
      const pinged = nextPing();
      jest.advanceTimersByTime(HEARTBEAT_MS);
      await pinged;
      // The response to an operation sent after the pong shows that the pong has arrived.
      client.subscribe(`${beat}`, '{ hello }');
      await client.receives('complete', `${beat}`);
    }
    expect(client.code).toBeUndefined();
  });

  it('gets results no faster than it reads, and is dropped when it stops reading', async () => {
    useFakeTime();
    const client = await SocketClient.ready();
    client.socket.pause();
    client.subscribe('1', 'subscription { texts(size: 50000) }');
    const requested = await server.whenStalled();
    expect(requested * 50_000).toBeLessThan(20_000_000);
    // The ping waits behind results that are not read.
    jest.advanceTimersByTime(HEARTBEAT_MS);
    expect(server.openSources).toBe(1);
    jest.advanceTimersByTime(HEARTBEAT_MS);
    await until(() => server.openSources === 0);
  });

  it('is not read while its client sends without reading', async () => {
    const client = await SocketClient.ready();
    client.socket.pause();
    const ping = JSON.stringify({ type: 'ping', payload: { x: 'x'.repeat(MAX_REQUEST_BYTES - 100) } });
    for (let count = 0; count < 500; count += 1) client.send(ping);
    await client.whenStuck();
    // All messages together have 50 MB.
    expect(client.socket.bufferedAmount).toBeGreaterThan(20_000_000);
    client.socket.resume();
    await until(() => client.messages.filter(({ type }) => type === 'pong').length === 500);
  });

  it('may have exactly a thousand operations in progress', async () => {
    const client = await SocketClient.ready();
    for (let id = 0; id <= MAX_OPERATIONS_PER_SOCKET; id += 1) client.subscribe(`${id}`, 'subscription { silence }');
    const { payload } = await client.receives('error', `${MAX_OPERATIONS_PER_SOCKET}`);
    expect(payload).toEqual([expect.objectContaining({ extensions: EXTENSIONS })]);
    await until(() => server.openSources === MAX_OPERATIONS_PER_SOCKET);
    client.send({ type: 'complete', id: '0' });
    await until(() => server.openSources === MAX_OPERATIONS_PER_SOCKET - 1);
    client.subscribe('again', '{ hello }');
    await client.receives('next', 'again');
    client.socket.close();
    await until(() => server.openSources === 0);
  });

  it('leaves no subscription open when it reuses operation ids', async () => {
    const client = await SocketClient.ready();
    for (let count = 0; count < 50; count += 1) {
      client.subscribe('1', 'subscription { silence }');
      client.send({ type: 'complete', id: '1' });
    }
    client.subscribe('1', 'subscription { silence }');
    client.subscribe('2', '{ hello }');
    await client.receives('complete', '2');
    await until(() => server.openSources > 0);
    client.socket.terminate();
    await until(() => server.openSources === 0);
  });

  it('is closed as going away when the server drains, after its mutation has its response', async () => {
    const [busy, idle] = [await SocketClient.ready(), await SocketClient.ready()];
    busy.subscribe('watch', 'subscription { silence }');
    await until(() => server.openSources === 1);
    busy.subscribe('pay', 'mutation { wait }');
    idle.subscribe('watch', 'subscription { silence }');
    await until(() => server.openSources === 2);
    const drained = server.drained();
    expect(await idle.closed()).toBe(1001);
    busy.subscribe('late', '{ hello }');
    expect((await busy.receives('error', 'late')).payload).toEqual([
      expect.objectContaining({ extensions: expect.objectContaining({ code: 'SHUTTING_DOWN' }) as object }),
    ]);
    expect(busy.code).toBeUndefined();
    server.release();
    expect((await busy.receives('next', 'pay')).payload).toEqual({ data: { wait: 'waited' } });
    expect(await busy.closed()).toBe(1001);
    // A complete message would mean that the payment is final.
    expect(busy.messages.filter(({ type, id }) => type === 'complete' && id === 'watch')).toEqual([]);
    await drained;
    expect(server.openSources).toBe(0);
  });
});

describe('an operation over a WebSocket', () => {
  it('may be a query, a mutation or a subscription', async () => {
    const client = await SocketClient.ready();
    client.subscribe('1', '{ hello }');
    expect((await client.receives('next', '1')).payload).toEqual({ data: { hello: 'world' } });
    client.subscribe('2', 'mutation { count }');
    expect((await client.receives('next', '2')).payload).toEqual({ data: { count: 1 } });
    client.subscribe('3', 'subscription { at(point: { x: 1, y: 1 }) }');
    expect((await client.receives('next', '3')).payload).toEqual({ data: { at: 1 } });
    await Promise.all(['1', '2'].map((id) => client.receives('complete', id)));
  });

  it.each([
    ['a document with a syntax error', `{ ${MARK}`, {}, 'GRAPHQL_PARSE_FAILED'],
    ['an unknown field', '{ nothing }', {}, 'GRAPHQL_VALIDATION_FAILED'],
    [
      'one of two operations, without a name',
      'query a { hello } subscription b { silence }',
      {},
      'OPERATION_RESOLUTION_FAILURE',
    ],
    ['two mutations', 'mutation { count again: count }', {}, 'BAD_REQUEST'],
    ['a rejected subscription', 'subscription { refused }', {}, 'NOT_FOUND'],
    ['an invalid variable', 'subscription ($x: Point!) { at(point: $x) }', { x: MARK }, 'BAD_USER_INPUT'],
  ])('fails with a descriptive error: %s', async (_, query, variables, code) => {
    const client = await SocketClient.ready();
    client.subscribe('1', query, variables);
    const { payload } = await client.receives('error', '1');
    expect(payload).toEqual([
      expect.objectContaining({
        extensions: expect.objectContaining({ code, requestId: expect.any(String) }) as object,
      }),
    ]);
    expect(JSON.stringify(payload) + server.log).not.toContain(MARK);
    expect(server.executedMutations).toBe(0);
    client.subscribe('1', '{ hello }');
    await client.receives('complete', '1');
  });

  it('has an unexpected error masked and logged', async () => {
    const client = await SocketClient.ready();
    client.subscribe('1', 'subscription { failing }');
    await client.receives('complete', '1');
    expect(client.messages.filter(({ type }) => type === 'next').map(({ payload }) => payload)).toEqual([
      { data: { failing: 1 } },
      {
        errors: [
          expect.objectContaining({ extensions: expect.objectContaining({ code: 'INTERNAL_SERVER_ERROR' }) as object }),
        ],
      },
    ]);
    expect(server.errorsLogged).toMatchObject([{ err: { message: 'an internal fault' } }]);
  });

  it('has a separate request id, and a log line without its document', async () => {
    const client = await SocketClient.ready({ headers: { 'x-request-id': 'from-the-router' } });
    client.subscribe('1', `query ${MARK} { hello }`);
    await client.receives('complete', '1');
    client.socket.close();
    await until(() => server.log.includes('"msg":"websocket closed"'));
    expect(server.log).toMatch(
      /"requestId":"from-the-router\/1","event":"operation_completed","transport":"websocket","subscription":false.*"operation completed"/,
    );
    expect(server.log).toMatch(/"requestId":"from-the-router".*"operations":1.*"websocket closed"/);
    expect(server.log).not.toContain(MARK);
  });
});
