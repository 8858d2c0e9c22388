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
const hashed = (query: string) => ({ extensions: { persistedQuery: { version: 1, sha256Hash: sha256(query) } } });
const listing = (only: boolean, ...documents: string[]): PersistedOperations => ({
  documents: new Map(documents.map((document) => [sha256(document), document])),
  only,
});

async function firstResult(answer: Response): Promise<FormattedExecutionResult> {
  const text = await answer.text();
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

/** With an empty `query` where there is none: the protocol wants a text. */
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

type Ask = (request: Request) => Promise<FormattedExecutionResult>;

const TRANSPORTS: readonly (readonly [string, Ask])[] = [
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
  it.each(TRANSPORTS)('is taken by its hash once it came with it, over %s', async (_, ask) => {
    await start();
    const query = '{ hello }';
    expect(await ask(hashed(query))).toEqual(failure('PERSISTED_QUERY_NOT_FOUND'));
    expect(await ask({ query, ...hashed(query) })).toEqual(HELLO);
    expect(await ask(hashed(query))).toEqual(HELLO);
    expect(await ask({ query: null, ...hashed(query) })).toEqual(HELLO);
    expect(server.errorsLogged).toEqual([]);
  });

  it.each(STREAMS)('is a subscription too, over %s', async (_, ask) => {
    await start();
    const query = 'subscription { at(point: { x: 1, y: 1 }) }';
    await ask({ query, ...hashed(query) });
    expect(await ask(hashed(query))).toEqual({ data: { at: 1 } });
  });

  it('that is not found is answered so that clients send it and nobody keeps the answer', async () => {
    await start();
    for (const answer of [
      await server.post(hashed('{ hello }'), 'application/graphql-response+json'),
      await server.post(hashed('{ hello }'), 'application/json'),
      await byGet(hashed('{ hello }'), 'application/json'),
      await server.post(hashed('{ hello }'), 'text/event-stream, application/json'),
    ]) {
      expect(answer.status).toBe(200);
      expect(answer.headers.get('cache-control')).toBe('private, no-cache, must-revalidate');
      expect(await answer.json()).toEqual({ errors: [expect.objectContaining({ message: 'PersistedQueryNotFound' })] });
    }
  });

  it.each([
    ['a text', MARK],
    ['another version', { version: 2, sha256Hash: sha256('{ hello }') }],
    ['no hash', { version: 1 }],
    ['what is no hash', { version: 1, sha256Hash: MARK }],
    ['an object for a hash', { version: 1, sha256Hash: { [MARK]: MARK } }],
    ['the hash of another document', { version: 1, sha256Hash: sha256('{ __typename }') }],
  ])('is refused with %s, which is no fault of ours', async (_, persistedQuery) => {
    await start();
    const answer = await server.post({ query: '{ hello }', extensions: { persistedQuery } }, 'application/json');
    expect([answer.status, await answer.json()]).toEqual([400, failure('BAD_REQUEST')]);
    expect(server.errorsLogged).toEqual([]);
    expect(server.log).not.toContain(MARK);
  });

  it('is not kept when it is not valid', async () => {
    await start();
    await server.post({ query: '{ nothing }', ...hashed('{ nothing }') }, 'application/json');
    const answer = await server.post(hashed('{ nothing }'), 'application/json');
    expect(await answer.json()).toEqual(failure('PERSISTED_QUERY_NOT_FOUND'));
  });
});

describe('a listed operation', () => {
  it.each(TRANSPORTS)('is taken by its hash from the start, beside all others, over %s', async (_, ask) => {
    await start(listing(false, '{ hello }'));
    expect(await ask(hashed('{ hello }'))).toEqual(HELLO);
    expect(await ask({ query: '{ again: hello }' })).toEqual({ data: { again: 'world' } });
  });
});

describe('where listed operations only are taken', () => {
  const SUBSCRIPTION = 'subscription { at(point: { x: 1, y: 1 }) }';
  const startListed = () => start(listing(true, '{ hello }', SUBSCRIPTION));

  it.each(TRANSPORTS)('they are, by hash or by text, over %s', async (_, ask) => {
    await startListed();
    expect(await ask(hashed('{ hello }'))).toEqual(HELLO);
    expect(await ask({ query: '{ hello }' })).toEqual(HELLO);
    expect(await ask({ query: '{ hello }', ...hashed('{ hello }') })).toEqual(HELLO);
  });

  it.each(STREAMS)('they are subscriptions too, over %s', async (_, ask) => {
    await startListed();
    expect(await ask(hashed(SUBSCRIPTION))).toEqual({ data: { at: 1 } });
  });

  it.each(TRANSPORTS)('no other is, and none is registered, over %s', async (_, ask) => {
    await startListed();
    const query = '{ hello hello }';
    expect(await ask({ query })).toEqual(failure('QUERY_NOT_IN_SAFELIST'));
    expect(await ask({ query, ...hashed(query) })).toEqual(failure('QUERY_NOT_IN_SAFELIST'));
    expect(await ask(hashed(query))).toEqual(failure('PERSISTED_QUERY_NOT_FOUND'));
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
  ])('nothing of another is read: %s', async (query) => {
    await startListed();
    const answer = await server.post({ query, operationName: 'B' }, 'application/json');
    expect([answer.status, await answer.json()]).toEqual([403, failure('QUERY_NOT_IN_SAFELIST')]);
    expect([server.executedMutations, server.openSources]).toEqual([0, 0]);
    expect(server.log).not.toContain(MARK);
  });
});
