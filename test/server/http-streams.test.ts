import { once } from 'node:events';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { HEARTBEAT_MS, MAX_STALL_MS } from '../../src/server/request/transport-limits.js';
import { until } from '../support/until.js';
import { StreamingServer } from './streaming-server.js';

const MULTIPART = 'multipart/mixed;boundary="graphql";subscriptionSpec=1.0';
const MARK = 'mark7319513773';

let server: StreamingServer;

beforeEach(async () => {
  server = await StreamingServer.start();
});
afterEach(async () => {
  jest.useRealTimers();
  await server.stop();
});

/** Controls the time of streams from now on. Sockets continue in real time. */
function useFakeTime(): void {
  jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate', 'queueMicrotask', 'performance', 'Date'] });
}

/** The results in a response of server-sent events. */
async function results(response: Response): Promise<unknown[]> {
  const text = await response.text();
  expect(text).toMatch(/event: complete\ndata:\n\n$/);
  return [...text.matchAll(/^data: (.*)$/gm)].map(([, json]) => JSON.parse(json ?? '') as unknown);
}

const failure = (extensions: object, message: unknown = expect.any(String)) => ({
  errors: [expect.objectContaining({ message, extensions: expect.objectContaining(extensions) as object })],
});

/** Requests a stream over a bare connection. */
async function open(query: string, accept = 'text/event-stream') {
  const socket = await server.connect();
  const address = `/graphql?query=${encodeURIComponent(query)}`;
  socket.write(`GET ${address} HTTP/1.1\r\nhost: gateway\r\naccept: ${accept}\r\n\r\n`);
  return socket;
}

describe('a subscription stream', () => {
  it.each([
    ['server-sent events', 'text/event-stream', '\r\n3\r\n:\n\n\r\n'],
    ['multipart', MULTIPART, '\r\n{}\r\n--graphql'],
  ])('of %s sends heartbeats', async (_, accept, heartbeat) => {
    useFakeTime();
    const socket = await open('subscription { silence }', accept);
    let received = '';
    socket.on('data', (bytes: Buffer) => (received += bytes.toString()));
    await until(() => received.includes('--graphql') || received.includes(':\n\n'));
    const before = received.length;
    jest.advanceTimersByTime(HEARTBEAT_MS);
    await until(() => received.length > before);
    expect(received.slice(before - 2)).toContain(heartbeat);
    socket.destroy();
  });

  it('ends when its client disconnects, even while no result is due', async () => {
    const socket = await open('subscription { silence }');
    await until(() => server.openSources === 1 && server.requestedValues === 1);
    socket.destroy();
    await until(() => server.openSources === 0);
    await until(() => server.log.includes('"hungUp":true'));
  });

  it('is produced no faster than its client reads, and dropped when the client stops reading', async () => {
    useFakeTime();
    const socket = await open('subscription { texts(size: 50000) }');
    const requested = await server.whenStalled();
    // The kernel's buffers have no limit that the test could set.
    expect(requested * 50_000).toBeLessThan(20_000_000);
    const closed = once(socket, 'close');
    jest.advanceTimersByTime(MAX_STALL_MS - 1);
    expect(server.openSources).toBe(1);
    jest.advanceTimersByTime(1);
    await until(() => server.openSources === 0);
    socket.resume();
    await closed;
  });

  it('continues when its client reads again', async () => {
    const socket = await open('subscription { texts(size: 50000) }');
    const requested = await server.whenStalled();
    socket.resume();
    await until(() => server.requestedValues > 2 * requested);
    socket.destroy();
  });

  it('masks an unexpected error of its source and logs it', async () => {
    const [first, second, ...more] = await results(await server.post({ query: 'subscription { failing }' }));
    expect(first).toEqual({ data: { failing: 1 } });
    expect(second).toEqual(failure({ code: 'INTERNAL_SERVER_ERROR', requestId: expect.any(String) }));
    expect(more).toEqual([]);
    expect(server.errorsLogged).toMatchObject([{ err: { message: 'an internal fault' }, msg: 'unexpected error' }]);
  });

  it('masks an unexpected error of a field and logs it', async () => {
    const received = await results(await server.post({ query: 'subscription { broken }' }));
    expect(received).toEqual([{ data: null, ...failure({ code: 'INTERNAL_SERVER_ERROR' }) }]);
    expect(server.errorsLogged).toMatchObject([{ err: { message: 'an internal fault' } }]);
  });

  it('does not start when the subscription is rejected, and sends the error', async () => {
    expect(await results(await server.post({ query: 'subscription { refused }' }))).toEqual([
      failure({ code: 'NOT_FOUND' }, 'Not you.'),
    ]);
    const multipart = await (await server.post({ query: 'subscription { refused }' }, MULTIPART)).text();
    expect(multipart).toMatch(/^\r\n--graphql\r\n.*\r\n\r\n\{"payload":\{"errors":\[.*\}\r\n--graphql--\r\n$/);
  });

  it('reports invalid variables without repeating their values', async () => {
    const query = 'subscription At($point: Point!) { at(point: $point) }';
    const response = await server.post({ query, variables: { point: { x: MARK, z: MARK } } });
    const [first, ...more] = (await results(response)) as { errors: { extensions: { inputPath: string[] } }[] }[];
    expect(first?.errors.map(({ extensions }) => extensions.inputPath)).toEqual([
      ['point', 'x'],
      ['point', 'y'],
      ['point'],
    ]);
    expect(JSON.stringify(first) + server.log).not.toContain(MARK);
    expect(more).toEqual([]);
    expect(server.openSources).toBe(0);
  });

  it.each([
    'subscription { silence @skip(if: true) }',
    'subscription { ...F @include(if: false) } fragment F on Subscription { silence }',
    'subscription { ... @skip(if: true) { silence } }',
  ])('is rejected when its document selects nothing: %s', async (query) => {
    expect(await results(await server.post({ query }))).toEqual([failure({ code: 'BAD_REQUEST' })]);
    expect(server.errorsLogged).toEqual([]);
  });

  it('ends at once when the server drains, even if nobody reads it', async () => {
    const readResponse = await server.post({ query: 'subscription { silence }' }, MULTIPART);
    const unread = await open('subscription { texts(size: 50000) }');
    unread.pause();
    await server.whenStalled();
    const startedMs = performance.now();
    await server.drained();
    expect(performance.now() - startedMs).toBeLessThan(2_000);
    expect(await readResponse.text()).toMatch(/"payload":null,"errors":\[.*SHUTTING_DOWN.*\}\r\n--graphql--\r\n$/);
    expect(server.openSources).toBe(0);
    unread.destroy();
  });
});

describe('a query or mutation in a stream request', () => {
  it('is returned as one event, or as JSON if the client accepts that as well', async () => {
    const query = '{ hello }';
    expect(await results(await server.post({ query }))).toEqual([{ data: { hello: 'world' } }]);
    expect(await results(await server.get({ query }))).toEqual([{ data: { hello: 'world' } }]);
    const json = await server.post({ query }, 'text/event-stream, application/json');
    expect(json.headers.get('content-type')).toBe('application/json; charset=utf-8');
    expect(json.headers.get('cache-control')).toBe('no-store');
    expect(await json.json()).toEqual({ data: { hello: 'world' } });
  });

  it('may contain one mutation, by POST only', async () => {
    expect(await results(await server.post({ query: 'mutation { count }' }))).toEqual([{ data: { count: 1 } }]);
    const query = 'mutation { count }';
    expect(await results(await server.get({ query }))).toEqual([failure({ code: 'BAD_REQUEST' })]);
    const rejected = await server.get({ query }, 'text/event-stream, application/json');
    expect([rejected.status, rejected.headers.get('allow')]).toEqual([405, 'POST']);
    expect(await results(await server.post({ query: 'mutation { count again: count }' }))).toEqual([
      failure({ code: 'BAD_REQUEST' }, 'Send one mutation per request.'),
    ]);
    // A page of another origin may send this without a preflight.
    const text = await server.post({ query }, 'text/event-stream', { 'content-type': 'text/plain' });
    expect(text.status).toBe(400);
    expect(server.executedMutations).toBe(1);
  });

  it.each([
    { query: '{ hello }', variables: `{"${MARK}` },
    { query: '{ hello }', variables: `"${MARK}"` },
    { query: '{ hello }', variables: `["${MARK}"]` },
    { query: '{ hello }', extensions: MARK },
    { operationName: MARK },
    {},
  ] as Record<string, string>[])('is rejected when the parameters of the URL are invalid: %j', async (parameters) => {
    const response = await server.get(parameters);
    const text = await response.text();
    expect([response.status, text]).toEqual([400, expect.stringContaining('"code":"BAD_REQUEST"')]);
    expect(text + server.log).not.toContain(MARK);
  });

  it('is rejected when the URL contains a parameter twice', async () => {
    const response = await fetch(`${server.url}/graphql?query={hello}&query={${MARK}}`, {
      headers: { accept: 'text/event-stream' },
    });
    expect(response.status).toBe(400);
  });

  it.each([MARK, `"${MARK}"`, '[]', 'null', '{"query":{}}', '{"query":"{hello}","variables":[]}', '{"query":null}'])(
    'is rejected when the body is invalid: %s',
    async (body) => {
      const response = await server.post(body);
      const text = await response.text();
      expect([response.status, text]).toEqual([400, expect.stringContaining('"code":"BAD_REQUEST"')]);
      expect(text + server.log).not.toContain(MARK);
    },
  );

  it('is not executed for a HEAD request', async () => {
    const address = `${server.url}/graphql?query=${encodeURIComponent('subscription { silence }')}`;
    const response = await fetch(address, { method: 'HEAD', headers: { accept: 'text/event-stream' } });
    expect(response.status).toBe(400);
    expect(server.openSources).toBe(0);
  });
});

describe('a subscription of a client that accepts no stream', () => {
  it('is rejected with the header to send', async () => {
    const response = await server.post({ query: 'subscription { silence }' }, 'application/json');
    expect([response.status, await response.json()]).toEqual([
      400,
      failure({ code: 'BAD_REQUEST' }, expect.stringContaining('accept: text/event-stream')),
    ]);
    expect(server.openSources).toBe(0);
  });
});
