import { expect, it } from '@jest/globals';
import { buildSchema } from 'graphql';
import { pino } from 'pino';
import type { RequestContext } from '../../src/resolvers/request-context.js';
import { createApolloServer } from '../../src/server/graphql/apollo-server.js';
import { ConcurrencyQuota } from '../../src/server/request/concurrency-quota.js';
import { Operations } from '../../src/server/graphql/operations.js';
import { apiClient } from '../support/api-clients.js';

const NO_OPERATIONS = { documents: new Map<string, string>(), only: false };

it('a subscription that fails while it starts frees its slot', async () => {
  const log = pino({ level: 'silent' });
  // The subscription field has no source.
  const schema = buildSchema('type Query { hello: String } type Subscription { nothing: String }');
  const options = { explorer: true, studio: undefined, operations: NO_OPERATIONS, onRejection: () => undefined };
  const apollo = await createApolloServer(schema, options, log);
  const quota = new ConcurrencyQuota(1, 1);
  const context = { client: apiClient('shop'), requestId: '1', log, isClientCurrent: () => Promise.resolve(true) };
  const result = await new Operations(apollo, quota).run(
    { query: 'subscription { nothing }' },
    context as unknown as RequestContext,
  );
  expect(result).toMatchObject({ kind: 'result', http: { status: 500 } });
  expect(quota.size).toBe(0);
  await apollo.stop();
});
