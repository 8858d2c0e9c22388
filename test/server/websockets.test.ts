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
class Caller {
  readonly messages: Message[] = [];
  code: number | undefined;

  constructor(readonly socket: WebSocket) {
    socket.on('message', (data: Buffer) => this.messages.push(JSON.parse(data.toString()) as Message));
    socket.on('close', (code) => (this.code = code));
    socket.on('error', () => undefined);
  }

  static async connect(options: ClientOptions = {}): Promise<Caller> {
    const caller = new Caller(new WebSocket(`${server.url.replace('http', 'ws')}/graphql`, PROTOCOL, options));
    callers.push(caller);
    await once(caller.socket, 'open');
    return caller;
  }

  static async ready(options: ClientOptions = {}): Promise<Caller> {
    const caller = await Caller.connect(options);
    caller.say({ type: 'connection_init' });
    await caller.hears('connection_ack');
    return caller;
  }

  say(message: unknown): void {
    this.socket.send(typeof message === 'string' ? message : JSON.stringify(message));
  }

  subscribe(id: string, query: string, variables?: object): void {
    this.say({ type: 'subscribe', id, payload: { query, variables } });
  }

  /** Resolves with the first message of this type, of this operation if given. */
  async hears(type: string, id?: string): Promise<Message> {
    const find = () =>
      this.messages.find((message) => message.type === type && (id === undefined || message.id === id));
    await until(() => find() !== undefined);
    return find() as Message;
  }

  /** Resolves when the server has not taken anything for a while. */
  async stuck(): Promise<void> {
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
let callers: Caller[];

beforeEach(async () => {
  callers = [];
  server = await StreamingServer.start();
});
afterEach(async () => {
  jest.useRealTimers();
  for (const { socket } of callers) socket.terminate();
  await server.stop();
});

function stopTime(): void {
  jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate', 'queueMicrotask', 'performance', 'Date'] });
}

const ERRORS = expect.objectContaining({ requestId: expect.any(String) as unknown }) as object;

describe('an upgrade', () => {
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
    ['another address', 404, handshake('/nothing')],
    ['another subprotocol', 400, handshake('/graphql', { 'sec-websocket-protocol': 'graphql-ws' })],
    ['a page of another origin', 403, handshake('/graphql', { origin: 'https://elsewhere.example' })],
    ['a page without an origin', 403, handshake('/graphql', { origin: 'null' })],
    ['a bad key', 400, handshake('/graphql', { 'sec-websocket-key': 'x' })],
  ])('for %s is refused with %d', async (_, status, request) => {
    const socket = await server.connect();
    socket.write(request);
    const answer = await text(socket);
    expect(answer).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
  });

  it('while draining is refused with 503, and the request id', async () => {
    server.isDraining = true;
    const socket = await server.connect();
    socket.write(handshake('/graphql?x=1', { 'x-request-id': 'from-the-router' }));
    const answer = await text(socket);
    expect(answer).toMatch(/^HTTP\/1.1 503 [^]*x-request-id: from-the-router[^]*"code":"SHUTTING_DOWN"/);
    expect(answer).toContain('"requestId":"from-the-router"');
  });

  it('of a page of the gateway is taken', async () => {
    const socket = await server.connect();
    socket.write(handshake('/graphql', { origin: 'http://gateway:4000' }));
    const [bytes] = (await once(socket, 'data')) as [Buffer];
    expect(bytes.toString()).toMatch(/^HTTP\/1.1 101 [^]*sec-websocket-protocol: graphql-transport-ws/i);
    socket.destroy();
  });

  it('to HTTP/2 is ignored, as offers may be', async () => {
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

describe('a connection', () => {
  it.each([
    ['no JSON', 4400, MARK],
    ['what is no message', 4400, `{"${MARK}":1}`],
    ['a subscribe without a document', 4400, '{"type":"subscribe","id":"1","payload":{}}'],
    ['what servers send', 4400, '{"type":"next","id":"1","payload":{"data":{}}}'],
    ['a second connection_init', 4429, '{"type":"connection_init"}'],
    ['too much', 1009, JSON.stringify({ type: 'ping', payload: { x: 'x'.repeat(MAX_REQUEST_BYTES) } })],
  ])('that sends %s is closed with %d', async (_, code, message) => {
    const caller = await Caller.ready();
    caller.say(message);
    expect(await caller.closed()).toBe(code);
    expect(server.errorsLogged).toEqual([]);
    expect(server.log).not.toContain(MARK);
  });

  it('that subscribes before it was accepted is closed', async () => {
    const caller = await Caller.connect();
    caller.subscribe('1', 'subscription { silence }');
    expect(await caller.closed()).toBe(4401);
    expect(server.openSources).toBe(0);
  });

  it('that says nothing is closed', async () => {
    stopTime();
    const caller = await Caller.connect();
    jest.advanceTimersByTime(CONNECTION_INIT_MS);
    expect(await caller.closed()).toBe(4408);
  });

  it('that does not answer signs of life is dropped, and its subscriptions end', async () => {
    stopTime();
    const caller = await Caller.ready({ autoPong: false });
    caller.subscribe('1', 'subscription { silence }');
    await until(() => server.openSources === 1);
    const asked = once(caller.socket, 'ping');
    jest.advanceTimersByTime(HEARTBEAT_MS);
    await asked;
    expect(caller.code).toBeUndefined();
    jest.advanceTimersByTime(HEARTBEAT_MS);
    expect(await caller.closed()).toBe(1006);
    await until(() => server.openSources === 0);
  });

  it('that answers them stays', async () => {
    stopTime();
    const caller = await Caller.ready();
    const ponged = () => new Promise((resolve) => caller.socket.once('ping', resolve));
    for (let beat = 0; beat < 5; beat += 1) {
      const heard = ponged();
      jest.advanceTimersByTime(HEARTBEAT_MS);
      await heard;
      // An answer to what is sent behind the pong: the pong has arrived.
      caller.subscribe(`${beat}`, '{ hello }');
      await caller.hears('complete', `${beat}`);
    }
    expect(caller.code).toBeUndefined();
  });

  it('is told no faster than it reads, and dropped when that stops', async () => {
    stopTime();
    const caller = await Caller.ready();
    caller.socket.pause();
    caller.subscribe('1', 'subscription { texts(size: 50000) }');
    const pulled = await server.whenStalled();
    expect(pulled * 50_000).toBeLessThan(20_000_000);
    // The sign of life waits behind what is not read.
    jest.advanceTimersByTime(HEARTBEAT_MS);
    expect(server.openSources).toBe(1);
    jest.advanceTimersByTime(HEARTBEAT_MS);
    await until(() => server.openSources === 0);
  });

  it('that talks and does not read is not listened to', async () => {
    const caller = await Caller.ready();
    caller.socket.pause();
    const ping = JSON.stringify({ type: 'ping', payload: { x: 'x'.repeat(MAX_REQUEST_BYTES - 100) } });
    for (let count = 0; count < 500; count += 1) caller.say(ping);
    await caller.stuck();
    // All of it is 50 MB.
    expect(caller.socket.bufferedAmount).toBeGreaterThan(20_000_000);
    caller.socket.resume();
    await until(() => caller.messages.filter(({ type }) => type === 'pong').length === 500);
  });

  it('may have a thousand operations under way, and no more', async () => {
    const caller = await Caller.ready();
    for (let id = 0; id <= MAX_OPERATIONS_PER_SOCKET; id += 1) caller.subscribe(`${id}`, 'subscription { silence }');
    const { payload } = await caller.hears('error', `${MAX_OPERATIONS_PER_SOCKET}`);
    expect(payload).toEqual([expect.objectContaining({ extensions: ERRORS })]);
    await until(() => server.openSources === MAX_OPERATIONS_PER_SOCKET);
    caller.say({ type: 'complete', id: '0' });
    await until(() => server.openSources === MAX_OPERATIONS_PER_SOCKET - 1);
    caller.subscribe('again', '{ hello }');
    await caller.hears('next', 'again');
    caller.socket.close();
    await until(() => server.openSources === 0);
  });

  it('leaves no subscription behind, though it uses ids again', async () => {
    const caller = await Caller.ready();
    for (let count = 0; count < 50; count += 1) {
      caller.subscribe('1', 'subscription { silence }');
      caller.say({ type: 'complete', id: '1' });
    }
    caller.subscribe('1', 'subscription { silence }');
    caller.subscribe('2', '{ hello }');
    await caller.hears('complete', '2');
    await until(() => server.openSources > 0);
    caller.socket.terminate();
    await until(() => server.openSources === 0);
  });

  it('is told to go elsewhere once its mutation was answered', async () => {
    const [busy, idle] = [await Caller.ready(), await Caller.ready()];
    busy.subscribe('watch', 'subscription { silence }');
    await until(() => server.openSources === 1);
    busy.subscribe('pay', 'mutation { wait }');
    idle.subscribe('watch', 'subscription { silence }');
    await until(() => server.openSources === 2);
    const drained = server.drained();
    expect(await idle.closed()).toBe(1001);
    busy.subscribe('late', '{ hello }');
    expect((await busy.hears('error', 'late')).payload).toEqual([
      expect.objectContaining({ extensions: expect.objectContaining({ code: 'SHUTTING_DOWN' }) as object }),
    ]);
    expect(busy.code).toBeUndefined();
    server.release();
    expect((await busy.hears('next', 'pay')).payload).toEqual({ data: { wait: 'waited' } });
    expect(await busy.closed()).toBe(1001);
    // A completion would say that the payment is over.
    expect(busy.messages.filter(({ type, id }) => type === 'complete' && id === 'watch')).toEqual([]);
    await drained;
    expect(server.openSources).toBe(0);
  });
});

describe('an operation over a WebSocket', () => {
  it('is a query, a mutation or a subscription', async () => {
    const caller = await Caller.ready();
    caller.subscribe('1', '{ hello }');
    expect((await caller.hears('next', '1')).payload).toEqual({ data: { hello: 'world' } });
    caller.subscribe('2', 'mutation { count }');
    expect((await caller.hears('next', '2')).payload).toEqual({ data: { count: 1 } });
    caller.subscribe('3', 'subscription { at(point: { x: 1, y: 1 }) }');
    expect((await caller.hears('next', '3')).payload).toEqual({ data: { at: 1 } });
    await Promise.all(['1', '2'].map((id) => caller.hears('complete', id)));
  });

  it.each([
    ['a document that is none', `{ ${MARK}`, {}, 'GRAPHQL_PARSE_FAILED'],
    ['a field that is not there', '{ nothing }', {}, 'GRAPHQL_VALIDATION_FAILED'],
    ['one of two, without a name', 'query a { hello } subscription b { silence }', {}, 'OPERATION_RESOLUTION_FAILURE'],
    ['two mutations', 'mutation { count again: count }', {}, 'BAD_REQUEST'],
    ['a refused subscription', 'subscription { refused }', {}, 'NOT_FOUND'],
    ['a value that does not fit', 'subscription ($x: Point!) { at(point: $x) }', { x: MARK }, 'BAD_USER_INPUT'],
  ])('fails with what is wrong: %s', async (_, query, variables, code) => {
    const caller = await Caller.ready();
    caller.subscribe('1', query, variables);
    const { payload } = await caller.hears('error', '1');
    expect(payload).toEqual([
      expect.objectContaining({
        extensions: expect.objectContaining({ code, requestId: expect.any(String) }) as object,
      }),
    ]);
    expect(JSON.stringify(payload) + server.log).not.toContain(MARK);
    expect(server.executedMutations).toBe(0);
    caller.subscribe('1', '{ hello }');
    await caller.hears('complete', '1');
  });

  it('tells no fault of ours, and logs it', async () => {
    const caller = await Caller.ready();
    caller.subscribe('1', 'subscription { failing }');
    await caller.hears('complete', '1');
    expect(caller.messages.filter(({ type }) => type === 'next').map(({ payload }) => payload)).toEqual([
      { data: { failing: 1 } },
      {
        errors: [
          expect.objectContaining({ extensions: expect.objectContaining({ code: 'INTERNAL_SERVER_ERROR' }) as object }),
        ],
      },
    ]);
    expect(server.errorsLogged).toMatchObject([{ err: { message: 'a fault of ours' } }]);
  });

  it('has a request id of its own, and a line in the log without what was asked', async () => {
    const caller = await Caller.ready({ headers: { 'x-request-id': 'from-the-router' } });
    caller.subscribe('1', `query ${MARK} { hello }`);
    await caller.hears('complete', '1');
    caller.socket.close();
    await until(() => server.log.includes('"msg":"websocket closed"'));
    expect(server.log).toMatch(
      /"requestId":"from-the-router\/1","event":"operation_completed","transport":"websocket","subscription":false.*"operation completed"/,
    );
    expect(server.log).toMatch(/"requestId":"from-the-router".*"operations":1.*"websocket closed"/);
    expect(server.log).not.toContain(MARK);
  });
});
