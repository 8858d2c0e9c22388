import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { StreamingServer } from './streaming-server.js';

const GRAPHQL = 'application/graphql-response+json';

let server: StreamingServer;

beforeEach(async () => {
  server = await StreamingServer.start();
});
afterEach(() => server.stop());

describe('the status of what is refused', () => {
  const refused = [
    ['no GraphQL', { query: '{' }, 'GRAPHQL_PARSE_FAILED'],
    ['another schema', { query: '{ nothing }' }, 'GRAPHQL_VALIDATION_FAILED'],
    ['missing variables', { query: 'query ($x: Boolean!) { hello @skip(if: $x) }' }, 'BAD_USER_INPUT'],
    ['an unknown name', { query: '{ hello }', operationName: 'x' }, 'OPERATION_RESOLUTION_FAILURE'],
  ] as const;

  it.each(
    refused.flatMap(([what, request, code]) => [
      [what, 'application/json', 200, 'application/json', code, request] as const,
      [what, '*/*', 200, 'application/json', code, request] as const,
      [what, GRAPHQL, 400, GRAPHQL, code, request] as const,
      [what, `application/json;q=0.9, ${GRAPHQL}`, 400, GRAPHQL, code, request] as const,
      [what, 'text/event-stream, application/json', 200, 'application/json', code, request] as const,
      [what, `${GRAPHQL}, application/json;q=0.9, text/event-stream`, 400, GRAPHQL, code, request] as const,
    ]),
  )('is what the media type wants: %s, accepting %s: %d', async (_what, accept, status, type, code, request) => {
    const answer = await server.post(request, accept);
    const { errors } = (await answer.json()) as { errors: { extensions: object }[] };
    expect([answer.status, answer.headers.get('content-type')]).toEqual([status, `${type}; charset=utf-8`]);
    expect(errors[0]?.extensions).toMatchObject({ code, requestId: answer.headers.get('x-request-id') });
  });

  it.each(['application/json', GRAPHQL, 'text/event-stream, application/json'])(
    'tells of a request that HTTP would not have, accepting %s',
    async (accept) => {
      const twice = await server.post({ query: 'mutation { count again: count }' }, accept);
      expect(twice.status).toBe(400);
      expect((await server.post({}, accept)).status).toBe(400);
    },
  );
});

describe('a client that takes nothing of what there is', () => {
  it.each(['text/html', 'text/plain', 'multipart/mixed;deferSpec=20220824', 'application/json;q=0', 'image/*'])(
    'is refused before anything runs: %s',
    async (accept) => {
      const answer = await server.post({ query: 'mutation { count }' }, accept);
      expect(answer.status).toBe(406);
      expect(answer.headers.get('content-type')).toMatch(/^application\/json/);
      expect(server.executedMutations).toBe(0);
    },
  );

  it.each(['', 'application/*', 'text/html, */*;q=0.1', 'Application/JSON; charset=utf-8'])(
    'is none that says %p',
    async (accept) => {
      const answer = await server.post({ query: 'mutation { count }' }, accept);
      expect([answer.status, server.executedMutations]).toEqual([200, 1]);
    },
  );
});
