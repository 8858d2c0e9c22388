import { createHash } from 'node:crypto';
import { afterEach, describe, expect, it } from '@jest/globals';
import type { FormattedExecutionResult } from 'graphql';
import { createClient } from 'graphql-ws';
import { WebSocket } from 'ws';
import type { PersistedOperations } from '../../src/server/graphql/persisted-operations.js';
import { StreamingServer } from './streaming-server.js';

const MULTIPART = 'multipart/mixed;boundary="graphql";subscriptionSpec=1.0';
const MARK = 'mark7319513773';

interface Request {
  readonly query?: string | null;
  readonly extensions?: Record<string, unknown>;
}

let server: StreamingServer;

async function start(operations?: PersistedOperations): Promise<void> {
  server = await StreamingServer.start(operations);
}
afterEach(() => server.stop());

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
const byHash = (query: string) => ({ extensions: { persistedQuery: { version: 1, sha256Hash: sha256(query) } } });
const listing = (only: boolean, ...documents: string[]): PersistedOperations => ({
  documents: new Map(documents.map((document) => [sha256(document), document])),
  only,
});

async function firstResult(response: Response): Promise<FormattedExecutionResult> {
  const text = await response.text();
  const [json = text] = /(?<=^data: ).*(?=$)|(?<="payload":).*(?=\}$)/m.exec(text) ?? [];
  return JSON.parse(json) as FormattedExecutionResult;
}

function byGet({ query, extensions }: Request, accept: string): Promise<Response> {
  const parameters = new URLSearchParams();
  if (query != null) parameters.set('query', query);
  if (extensions !== undefined) parameters.set('extensions', JSON.stringify(extensions));
  return fetch(`${server.url}/graphql?${parameters.toString()}`, {
    headers: { accept, 'apollo-require-preflight': 'true' },
  });
}

/** Sends an empty `query` if there is none, because the protocol requires a string. */
async function byWebSocket({ query, extensions }: Request): Promise<FormattedExecutionResult> {
  const client = createClient({ url: `${server.url.replace('http', 'ws')}/graphql`, webSocketImpl: WebSocket });
  try {
    const results = client.iterate({ query: query ?? '', ...(extensions === undefined ? {} : { extensions }) });
    return (await results.next()).value as FormattedExecutionResult;
  } catch (errors) {
    return { errors: errors as never };
  } finally {
    await client.dispose();
  }
}

type Send = (request: Request) => Promise<FormattedExecutionResult>;

const TRANSPORTS: readonly (readonly [string, Send])[] = [
  ['POST', async (request) => firstResult(await server.post(request, 'application/json'))],
  ['GET', async (request) => firstResult(await byGet(request, 'application/json'))],
  ['server-sent events', async (request) => firstResult(await server.post(request))],
  ['server-sent events by GET', async (request) => firstResult(await byGet(request, 'text/event-stream'))],
  ['multipart', async (request) => firstResult(await server.post(request, MULTIPART))],
  ['a WebSocket', byWebSocket],
];
const STREAMS = TRANSPORTS.slice(2);

const HELLO = { data: { hello: 'world' } };
const failure = (code: string) => ({
  errors: [expect.objectContaining({ extensions: expect.objectContaining({ code }) as object })],
});

describe('an automatic persisted query', () => {
  it.each(TRANSPORTS)('is accepted by its hash after it was sent with the hash once, over %s', async (_, send) => {
    await start();
    const query = '{ hello }';
    expect(await send(byHash(query))).toEqual(failure('PERSISTED_QUERY_NOT_FOUND'));
    expect(await send({ query, ...byHash(query) })).toEqual(HELLO);
    expect(await send(byHash(query))).toEqual(HELLO);
    expect(await send({ query: null, ...byHash(query) })).toEqual(HELLO);
    expect(server.errorsLogged).toEqual([]);
  });

  it.each(STREAMS)('may be a subscription, over %s', async (_, send) => {
    await start();
    const query = 'subscription { at(point: { x: 1, y: 1 }) }';
    await send({ query, ...byHash(query) });
    expect(await send(byHash(query))).toEqual({ data: { at: 1 } });
  });

  it('that is not found gets an uncacheable response after which clients send the document', async () => {
    await start();
    for (const response of [
      await server.post(byHash('{ hello }'), 'application/graphql-response+json'),
      await server.post(byHash('{ hello }'), 'application/json'),
      await byGet(byHash('{ hello }'), 'application/json'),
      await server.post(byHash('{ hello }'), 'text/event-stream, application/json'),
    ]) {
      expect(response.status).toBe(200);
      expect(response.headers.get('cache-control')).toBe('private, no-cache, must-revalidate');
      expect(await response.json()).toEqual({
        errors: [expect.objectContaining({ message: 'PersistedQueryNotFound' })],
      });
    }
  });

  it.each([
    ['a string instead of an object', MARK],
    ['another version', { version: 2, sha256Hash: sha256('{ hello }') }],
    ['no hash', { version: 1 }],
    ['an invalid hash', { version: 1, sha256Hash: MARK }],
    ['an object instead of a hash', { version: 1, sha256Hash: { [MARK]: MARK } }],
    ['the hash of another document', { version: 1, sha256Hash: sha256('{ __typename }') }],
  ])('is rejected as a bad request with %s', async (_, persistedQuery) => {
    await start();
    const response = await server.post({ query: '{ hello }', extensions: { persistedQuery } }, 'application/json');
    expect([response.status, await response.json()]).toEqual([400, failure('BAD_REQUEST')]);
    expect(server.errorsLogged).toEqual([]);
    expect(server.log).not.toContain(MARK);
  });

  it('is not stored when it is invalid', async () => {
    await start();
    await server.post({ query: '{ nothing }', ...byHash('{ nothing }') }, 'application/json');
    const response = await server.post(byHash('{ nothing }'), 'application/json');
    expect(await response.json()).toEqual(failure('PERSISTED_QUERY_NOT_FOUND'));
  });
});

describe('an operation in the manifest', () => {
  it.each(TRANSPORTS)(
    'is accepted by its hash from the start, in addition to all other operations, over %s',
    async (_, send) => {
      await start(listing(false, '{ hello }'));
      expect(await send(byHash('{ hello }'))).toEqual(HELLO);
      expect(await send({ query: '{ again: hello }' })).toEqual({ data: { again: 'world' } });
    },
  );
});

describe('a server that accepts only operations in the manifest', () => {
  const SUBSCRIPTION = 'subscription { at(point: { x: 1, y: 1 }) }';
  const startListed = () => start(listing(true, '{ hello }', SUBSCRIPTION));

  it.each(TRANSPORTS)('accepts them by hash or by document, over %s', async (_, send) => {
    await startListed();
    expect(await send(byHash('{ hello }'))).toEqual(HELLO);
    expect(await send({ query: '{ hello }' })).toEqual(HELLO);
    expect(await send({ query: '{ hello }', ...byHash('{ hello }') })).toEqual(HELLO);
  });

  it.each(STREAMS)('accepts subscriptions among them, over %s', async (_, send) => {
    await startListed();
    expect(await send(byHash(SUBSCRIPTION))).toEqual({ data: { at: 1 } });
  });

  it.each(TRANSPORTS)('rejects other operations and registers none, over %s', async (_, send) => {
    await startListed();
    const query = '{ hello hello }';
    expect(await send({ query })).toEqual(failure('QUERY_NOT_IN_SAFELIST'));
    expect(await send({ query, ...byHash(query) })).toEqual(failure('QUERY_NOT_IN_SAFELIST'));
    expect(await send(byHash(query))).toEqual(failure('PERSISTED_QUERY_NOT_FOUND'));
    expect(server.errorsLogged).toEqual([]);
  });

  it.each([
    'mutation { count }',
    'query A { hello } mutation B { count }',
    'subscription { silence }',
    '{ __schema { types { name } } }',
    '{ __typename }',
    `{ ${MARK}`,
    `{ ${MARK} }`,
    '{ hello } ',
  ])('does not parse other operations: %s', async (query) => {
    await startListed();
    const response = await server.post({ query, operationName: 'B' }, 'application/json');
    expect([response.status, await response.json()]).toEqual([403, failure('QUERY_NOT_IN_SAFELIST')]);
    expect([server.executedMutations, server.openSources]).toEqual([0, 0]);
    expect(server.log).not.toContain(MARK);
  });
});
