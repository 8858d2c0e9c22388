import { once } from 'node:events';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { WebSocket } from 'ws';
import { allowedOrigins } from '../../src/server/http/cors.js';
import { OTHER_ORIGIN, StreamingServer } from './streaming-server.js';

const MULTIPART = 'multipart/mixed;boundary="graphql";subscriptionSpec=1.0';
const SUBSCRIPTION = { query: 'subscription { at(point: { x: 1, y: 1 }) }' };

let server: StreamingServer;

beforeEach(async () => {
  server = await StreamingServer.start();
});
afterEach(() => server.stop());

const preflight = (path: string, origin: string) =>
  fetch(server.url + path, {
    method: 'OPTIONS',
    headers: {
      origin,
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'authorization,content-type',
    },
  });

const allowedOriginOf = ({ headers }: Response): string | null => headers.get('access-control-allow-origin');

describe('a page of an allowed origin', () => {
  it('gets the permitted methods and headers in a preflight response', async () => {
    const { status, headers } = await preflight('/graphql', OTHER_ORIGIN);
    expect([status, headers.get('access-control-allow-origin')]).toEqual([204, OTHER_ORIGIN]);
    expect(headers.get('access-control-allow-methods')).toBe('GET, POST');
    expect(headers.get('access-control-allow-headers')?.split(', ')).toEqual(
      expect.arrayContaining(['content-type', 'authorization', 'apollo-require-preflight', 'x-request-id']),
    );
    expect(headers.get('access-control-max-age')).toBe('7200');
    expect(headers.get('access-control-allow-credentials')).toBeNull();
  });

  it.each([
    ['JSON', { query: '{ hello }' }, 'application/json', 200],
    ['server-sent events', SUBSCRIPTION, 'text/event-stream', 200],
    ['multipart', SUBSCRIPTION, MULTIPART, 200],
    ['an event of a query', { query: '{ hello }' }, 'text/event-stream', 200],
    ['a body that is not JSON', '{', 'application/json', 400],
    ['a body that is too large', 'x'.repeat(100_001), 'application/json', 413],
    ['a stream without a document', {}, 'text/event-stream', 400],
  ])('may read the response: %s', async (_, body, accept, status) => {
    const response = await server.post(body, accept, { origin: OTHER_ORIGIN });
    await response.text();
    expect([response.status, allowedOriginOf(response)]).toEqual([status, OTHER_ORIGIN]);
    expect(response.headers.get('access-control-expose-headers')).toBe('x-request-id, retry-after');
    expect(response.headers.get('vary')).toBe('Origin');
    expect(response.headers.get('x-request-id')).not.toBeNull();
  });

  it('may read that it has to retry', async () => {
    server.isDraining = true;
    const response = await server.post({ query: '{ hello }' }, 'application/json', { origin: OTHER_ORIGIN });
    expect([response.status, response.headers.get('retry-after'), allowedOriginOf(response)]).toEqual([
      503,
      '1',
      OTHER_ORIGIN,
    ]);
  });

  it('may open a WebSocket', async () => {
    const address = `${server.url.replace('http', 'ws')}/graphql`;
    const socket = new WebSocket(address, 'graphql-transport-ws', { origin: OTHER_ORIGIN });
    await once(socket, 'open');
    socket.terminate();
  });

  it.each(['/metrics', '/health/live', '/health/ready', '/webhooks/flinks', '/nothing'])(
    'may read nothing at %s',
    async (path) => {
      const response = await fetch(server.url + path, { headers: { origin: OTHER_ORIGIN } });
      expect(allowedOriginOf(response)).toBeNull();
      const preflighted = await preflight(path, OTHER_ORIGIN);
      expect([preflighted.status, allowedOriginOf(preflighted)]).toEqual([404, null]);
    },
  );
});

describe('a page of another origin', () => {
  it.each([
    'https://elsewhere.example',
    `${OTHER_ORIGIN}.elsewhere.example`,
    `${OTHER_ORIGIN}:8443`,
    OTHER_ORIGIN.replace('https', 'http'),
    'null',
  ])('may read nothing: %s', async (origin) => {
    expect(allowedOriginOf(await preflight('/graphql', origin))).toBeNull();
    for (const accept of ['application/json', 'text/event-stream', MULTIPART]) {
      const response = await server.post(SUBSCRIPTION, accept, { origin });
      await response.text();
      expect(allowedOriginOf(response)).toBeNull();
    }
  });
});

describe('the allowed origins', () => {
  it('include Apollo Studio only when the explorer is enabled', () => {
    expect([...allowedOrigins([OTHER_ORIGIN], false)]).toEqual([OTHER_ORIGIN]);
    expect([...allowedOrigins([OTHER_ORIGIN], true)]).toEqual([OTHER_ORIGIN, 'https://studio.apollographql.com']);
  });
});
