import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { StreamingServer } from './streaming-server.js';

const GRAPHQL = 'application/graphql-response+json';

let server: StreamingServer;

beforeEach(async () => {
  server = await StreamingServer.start();
});
afterEach(() => server.stop());

describe('the HTTP status of a rejected request', () => {
  const rejectedRequests = [
    ['a syntax error', { query: '{' }, 'GRAPHQL_PARSE_FAILED'],
    ['an unknown field', { query: '{ nothing }' }, 'GRAPHQL_VALIDATION_FAILED'],
    ['missing variables', { query: 'query ($x: Boolean!) { hello @skip(if: $x) }' }, 'BAD_USER_INPUT'],
    ['an unknown operation name', { query: '{ hello }', operationName: 'x' }, 'OPERATION_RESOLUTION_FAILURE'],
  ] as const;

  it.each(
    rejectedRequests.flatMap(([description, request, code]) => [
      [description, 'application/json', 200, 'application/json', code, request] as const,
      [description, '*/*', 200, 'application/json', code, request] as const,
      [description, GRAPHQL, 400, GRAPHQL, code, request] as const,
      [description, `application/json;q=0.9, ${GRAPHQL}`, 400, GRAPHQL, code, request] as const,
      [description, 'text/event-stream, application/json', 200, 'application/json', code, request] as const,
      [description, `${GRAPHQL}, application/json;q=0.9, text/event-stream`, 400, GRAPHQL, code, request] as const,
    ]),
  )('with %s, accepting %s, is %d', async (_description, accept, status, type, code, request) => {
    const response = await server.post(request, accept);
    const { errors } = (await response.json()) as { errors: { extensions: object }[] };
    expect([response.status, response.headers.get('content-type')]).toEqual([status, `${type}; charset=utf-8`]);
    expect(errors[0]?.extensions).toMatchObject({ code, requestId: response.headers.get('x-request-id') });
  });

  it.each(['application/json', GRAPHQL, 'text/event-stream, application/json'])(
    'is 400 for two mutations and for a missing document, accepting %s',
    async (accept) => {
      const twice = await server.post({ query: 'mutation { count again: count }' }, accept);
      expect(twice.status).toBe(400);
      expect((await server.post({}, accept)).status).toBe(400);
    },
  );
});

describe('a client', () => {
  it.each(['text/html', 'text/plain', 'multipart/mixed;deferSpec=20220824', 'application/json;q=0', 'image/*'])(
    'that accepts only %s is rejected before anything is executed',
    async (accept) => {
      const response = await server.post({ query: 'mutation { count }' }, accept);
      expect(response.status).toBe(406);
      expect(response.headers.get('content-type')).toMatch(/^application\/json/);
      expect(server.executedMutations).toBe(0);
    },
  );

  it.each(['', 'application/*', 'text/html, */*;q=0.1', 'Application/JSON; charset=utf-8'])(
    'that accepts %p is served',
    async (accept) => {
      const response = await server.post({ query: 'mutation { count }' }, accept);
      expect([response.status, server.executedMutations]).toEqual([200, 1]);
    },
  );
});
