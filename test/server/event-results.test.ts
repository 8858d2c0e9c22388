import { beforeEach, describe, expect, it } from '@jest/globals';
import { buildSchema, parse } from 'graphql';
import type { FormattedExecutionResult } from 'graphql';
import type { ApiClient } from '../../src/domain/api-client.js';
import type { RequestContext } from '../../src/resolvers/request-context.js';
import { startSubscription } from '../../src/server/graphql/subscription.js';
import type { RequestedOperation } from '../../src/server/request/requested-operation.js';
import { apiClient } from '../support/api-clients.js';
import { silentLog } from '../support/silent-log.js';

const schema = buildSchema(
  'type Query { x: Int } type Subscription { payment(id: ID): Payment } type Payment { n: Int! }',
);
const QUERY = 'subscription A($id: ID) { payment(id: $id) { n } } subscription B($id: ID) { payment(id: $id) { n } }';

/** What every source yields. */
let event: unknown;
let executions: number;
/** The number of the payment, or the error with which it fails. */
let resolveNumber: () => number;

beforeEach(() => {
  [event, executions, resolveNumber] = [{}, 0, () => 1];
  Object.assign(schema.getSubscriptionType()?.getFields().payment ?? {}, {
    subscribe: async function* () {
      yield await Promise.resolve(event);
    },
    resolve: () => {
      executions += 1;
      return { n: () => resolveNumber() };
    },
  });
});

interface Difference {
  readonly query?: string;
  readonly operation?: RequestedOperation;
  readonly client?: Partial<ApiClient>;
  readonly requestId?: string;
}

async function firstResult({ query = QUERY, operation, client, requestId = 'r' }: Difference = {}) {
  const { id = 'shop', ...change } = client ?? {};
  const context = { client: apiClient(id, change), requestId, log: silentLog } as unknown as RequestContext;
  const requested = { operationName: 'A', variables: { id: '1' }, ...operation };
  const started = await startSubscription({ schema, document: parse(query) }, requested, context, () => undefined);
  if (started.kind === 'failed') throw new Error(JSON.stringify(started.result));
  return (await started.results.next()).value as FormattedExecutionResult;
}

describe('the result of an event', () => {
  it('is the same object for all that sent the same operation for equal clients', async () => {
    const results = [await firstResult(), await firstResult(), await firstResult({ requestId: 'another' })];
    expect([executions, new Set(results).size]).toEqual([1, 1]);
    expect(results[0]).toEqual({ data: { payment: { n: 1 } } });
  });

  it.each<[string, Difference]>([
    ['another document', { query: QUERY.replace('{ n }', '{ n again: n }') }],
    ['another operation of the document', { operation: { operationName: 'B' } }],
    ['other variables', { operation: { variables: { id: '2' } } }],
    ['another client', { client: { id: 'another' } }],
    ['a client with other scopes', { client: { scopes: [] } }],
  ])('is separate for %s', async (_, difference) => {
    const [one, other] = [await firstResult(), await firstResult(difference)];
    expect([executions, one === other]).toEqual([2, false]);
  });

  it('is separate for another event, even if it is equal', async () => {
    await firstResult();
    event = {};
    await firstResult();
    event = 'a text';
    await firstResult();
    await firstResult();
    expect(executions).toBe(4);
  });

  it('has the request id of each subscription in its errors', async () => {
    resolveNumber = () => {
      throw new TypeError('an internal fault');
    };
    const results = [await firstResult({ requestId: 'one' }), await firstResult({ requestId: 'other' })];
    const failure = (requestId: string) => ({ extensions: { code: 'INTERNAL_SERVER_ERROR', requestId } });
    expect(results).toMatchObject([{ errors: [failure('one')] }, { errors: [failure('other')] }]);
    expect(executions).toBe(1);
  });
});
