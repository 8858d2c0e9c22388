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

/** From now on the time of streams passes when it is told to; sockets go on by themselves. */
function stopTime(): void {
  jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate', 'queueMicrotask', 'performance', 'Date'] });
}

/** The results in an answer of server-sent events. */
async function results(answer: Response): Promise<unknown[]> {
  const text = await answer.text();
  expect(text).toMatch(/event: complete\ndata:\n\n$/);
  return [...text.matchAll(/^data: (.*)$/gm)].map(([, json]) => JSON.parse(json ?? '') as unknown);
}

const failure = (extensions: object, message: unknown = expect.any(String)) => ({
  errors: [expect.objectContaining({ message, extensions: expect.objectContaining(extensions) as object })],
});

/** Asks for a stream over a bare connection. */
async function open(query: string, accept = 'text/event-stream') {
  const socket = await server.connect();
  const address = `/graphql?query=${encodeURIComponent(query)}`;
  socket.write(`GET ${address} HTTP/1.1\r\nhost: gateway\r\naccept: ${accept}\r\n\r\n`);
  return socket;
}

describe('a stream', () => {
  it.each([
    ['server-sent events', 'text/event-stream', '\r\n3\r\n:\n\n\r\n'],
    ['multipart', MULTIPART, '\r\n{}\r\n--graphql'],
  ])('of %s shows signs of life', async (_, accept, heartbeat) => {
    stopTime();
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

  it('ends with its client, also while it waits', async () => {
    const socket = await open('subscription { silence }');
    await until(() => server.openSources === 1 && server.requestedValues === 1);
    socket.destroy();
    await until(() => server.openSources === 0);
    await until(() => server.log.includes('"hungUp":true'));
  });

  it('is made no faster than its client reads, and dropped when that stops', async () => {
    stopTime();
    const socket = await open('subscription { texts(size: 50000) }');
    const pulled = await server.whenStalled();
    // What the kernel takes is not ours to bound.
    expect(pulled * 50_000).toBeLessThan(20_000_000);
    const closed = once(socket, 'close');
    jest.advanceTimersByTime(MAX_STALL_MS - 1);
    expect(server.openSources).toBe(1);
    jest.advanceTimersByTime(1);
    await until(() => server.openSources === 0);
    socket.resume();
    await closed;
  });

  it('goes on when its client reads again', async () => {
    const socket = await open('subscription { texts(size: 50000) }');
    const pulled = await server.whenStalled();
    socket.resume();
    await until(() => server.requestedValues > 2 * pulled);
    socket.destroy();
  });

  it('tells no fault of ours, and logs it', async () => {
    const [first, second, ...more] = await results(await server.post({ query: 'subscription { failing }' }));
    expect(first).toEqual({ data: { failing: 1 } });
    expect(second).toEqual(failure({ code: 'INTERNAL_SERVER_ERROR', requestId: expect.any(String) }));
    expect(more).toEqual([]);
    expect(server.errorsLogged).toMatchObject([{ err: { message: 'a fault of ours' }, msg: 'unexpected error' }]);
  });

  it('tells no fault of ours in a field, and logs it', async () => {
    const told = await results(await server.post({ query: 'subscription { broken }' }));
    expect(told).toEqual([{ data: null, ...failure({ code: 'INTERNAL_SERVER_ERROR' }) }]);
    expect(server.errorsLogged).toMatchObject([{ err: { message: 'a fault of ours' } }]);
  });

  it('does not begin when it is refused, and tells why', async () => {
    expect(await results(await server.post({ query: 'subscription { refused }' }))).toEqual([
      failure({ code: 'NOT_FOUND' }, 'Not you.'),
    ]);
    const multipart = await (await server.post({ query: 'subscription { refused }' }, MULTIPART)).text();
    expect(multipart).toMatch(/^\r\n--graphql\r\n.*\r\n\r\n\{"payload":\{"errors":\[.*\}\r\n--graphql--\r\n$/);
  });

  it('tells what is wrong with its variables, and repeats none', async () => {
    const query = 'subscription At($point: Point!) { at(point: $point) }';
    const answer = await server.post({ query, variables: { point: { x: MARK, z: MARK } } });
    const [told, ...more] = (await results(answer)) as { errors: { extensions: { inputPath: string[] } }[] }[];
    expect(told?.errors.map(({ extensions }) => extensions.inputPath)).toEqual([
      ['point', 'x'],
      ['point', 'y'],
      ['point'],
    ]);
    expect(JSON.stringify(told) + server.log).not.toContain(MARK);
    expect(more).toEqual([]);
    expect(server.openSources).toBe(0);
  });

  it.each([
    'subscription { silence @skip(if: true) }',
    'subscription { ...F @include(if: false) } fragment F on Subscription { silence }',
    'subscription { ... @skip(if: true) { silence } }',
  ])('has something to tell: not %s', async (query) => {
    expect(await results(await server.post({ query }))).toEqual([failure({ code: 'BAD_REQUEST' })]);
    expect(server.errorsLogged).toEqual([]);
  });

  it('is ended by draining at once, though nobody reads it', async () => {
    const reading = await server.post({ query: 'subscription { silence }' }, MULTIPART);
    const deaf = await open('subscription { texts(size: 50000) }');
    deaf.pause();
    await server.whenStalled();
    const startedMs = performance.now();
    await server.drained();
    expect(performance.now() - startedMs).toBeLessThan(2_000);
    expect(await reading.text()).toMatch(/"payload":null,"errors":\[.*SHUTTING_DOWN.*\}\r\n--graphql--\r\n$/);
    expect(server.openSources).toBe(0);
    deaf.destroy();
  });
});

describe('an operation that is no subscription', () => {
  it('is told as one event, or as JSON where that is taken as well', async () => {
    const query = '{ hello }';
    expect(await results(await server.post({ query }))).toEqual([{ data: { hello: 'world' } }]);
    expect(await results(await server.get({ query }))).toEqual([{ data: { hello: 'world' } }]);
    const json = await server.post({ query }, 'text/event-stream, application/json');
    expect(json.headers.get('content-type')).toBe('application/json; charset=utf-8');
    expect(json.headers.get('cache-control')).toBe('no-store');
    expect(await json.json()).toEqual({ data: { hello: 'world' } });
  });

  it('is a mutation by POST only, and one', async () => {
    expect(await results(await server.post({ query: 'mutation { count }' }))).toEqual([{ data: { count: 1 } }]);
    const query = 'mutation { count }';
    expect(await results(await server.get({ query }))).toEqual([failure({ code: 'BAD_REQUEST' })]);
    const refused = await server.get({ query }, 'text/event-stream, application/json');
    expect([refused.status, refused.headers.get('allow')]).toEqual([405, 'POST']);
    expect(await results(await server.post({ query: 'mutation { count again: count }' }))).toEqual([
      failure({ code: 'BAD_REQUEST' }, 'Send one mutation per request.'),
    ]);
    // What a page of another origin may send without being asked.
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
  ] as Record<string, string>[])('is refused when the address does not hold it: %j', async (parameters) => {
    const answer = await server.get(parameters);
    const text = await answer.text();
    expect([answer.status, text]).toEqual([400, expect.stringContaining('"code":"BAD_REQUEST"')]);
    expect(text + server.log).not.toContain(MARK);
  });

  it('is refused when an address holds it twice', async () => {
    const answer = await fetch(`${server.url}/graphql?query={hello}&query={${MARK}}`, {
      headers: { accept: 'text/event-stream' },
    });
    expect(answer.status).toBe(400);
  });

  it.each([MARK, `"${MARK}"`, '[]', 'null', '{"query":{}}', '{"query":"{hello}","variables":[]}', '{"query":null}'])(
    'is refused when the body does not hold it: %s',
    async (body) => {
      const answer = await server.post(body);
      const text = await answer.text();
      expect([answer.status, text]).toEqual([400, expect.stringContaining('"code":"BAD_REQUEST"')]);
      expect(text + server.log).not.toContain(MARK);
    },
  );

  it('is not what HEAD asks for', async () => {
    const address = `${server.url}/graphql?query=${encodeURIComponent('subscription { silence }')}`;
    const answer = await fetch(address, { method: 'HEAD', headers: { accept: 'text/event-stream' } });
    expect(answer.status).toBe(400);
    expect(server.openSources).toBe(0);
  });
});

describe('a subscription of a client that takes no stream', () => {
  it('is refused with what to send', async () => {
    const answer = await server.post({ query: 'subscription { silence }' }, 'application/json');
    expect([answer.status, await answer.json()]).toEqual([
      400,
      failure({ code: 'BAD_REQUEST' }, expect.stringContaining('accept: text/event-stream')),
    ]);
    expect(server.openSources).toBe(0);
  });
});
