import { beforeEach, describe, expect, it } from '@jest/globals';
import { graphql, parse, subscribe } from 'graphql';
import type { Scope } from '../../src/domain/api-client.js';
import { createPaymentLoaders } from '../../src/payments/payment-loaders.js';
import { apiClient } from '../support/api-clients.js';
import { createStubbedSchema } from '../support/stubbed-schema.js';
import { silentLog } from '../support/silent-log.js';

/** The number of calls of anything behind the field. */
let calls = 0;
const use = () => {
  calls += 1;
  return Promise.reject(new Error('nobody may come so far'));
};
const { schema } = await createStubbedSchema(use);

const ID = 'ps_01a202f2-fc99-76f3-81b5-1118e13d7638';

const contextOf = (...scopes: Scope[]) => ({
  requestId: 'r',
  log: silentLog,
  client: apiClient('shop', { scopes }),
  isClientCurrent: () => Promise.resolve(true),
  loaders: createPaymentLoaders({ findPayments: use, findEvents: use }, { current: use }, 'shop', silentLog),
  paymentUpdates: { subscribe: use },
});

beforeEach(() => {
  calls = 0;
});

describe('a field that declares a scope and is executed without the checks of the server', () => {
  it.each([
    ['a payment', `{ paymentSession(id: "${ID}") { id } }`],
    ['a list', '{ paymentSessions { pageInfo { hasNextPage } } }'],
    ['a day', '{ reconciliationReport(date: "2026-06-04") { date } }'],
    ['an entity', `{ _entities(representations: [{ __typename: "PaymentSession", id: "${ID}" }]) { __typename } }`],
    ['a mutation', `mutation { cancelPaymentSession(input: { id: "${ID}" }) { __typename } }`],
  ])('rejects a client without the scope before it reads anything: %s', async (_field, source) => {
    const { data, errors } = await graphql({ schema, source, contextValue: contextOf('payments:create') });
    expect(errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
    expect(JSON.stringify(data ?? null)).toMatch(/^(null|\{"\w+":null\})$/);
    expect(calls).toBe(0);
  });

  it('rejects a client without the scope before it starts a subscription', async () => {
    const document = parse(`subscription { paymentSessionUpdated(id: "${ID}") { id } }`);
    const result = await subscribe({ schema, document, contextValue: contextOf('payments:create') });
    expect(result).toMatchObject({ errors: [{ extensions: { code: 'FORBIDDEN' } }] });
    expect(calls).toBe(0);
  });

  it('resolves for a client with any one of the scopes it declares', async () => {
    const source = `{ paymentSession(id: "${ID}") { id } }`;
    for (const scope of ['payments:read', 'backoffice:read'] as const)
      await graphql({ schema, source, contextValue: contextOf(scope) });
    expect(calls).toBe(2);
  });
});
