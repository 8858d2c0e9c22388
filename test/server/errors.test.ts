import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { FastifyInstance } from 'fastify';
import { print } from 'graphql';
import { pino } from 'pino';
import { Registry } from 'prom-client';
import { createPaymentLoaders } from '../../src/payments/payment-loaders.js';
import { createApolloServer } from '../../src/server/graphql/apollo-server.js';
import { createHttpServer } from '../../src/server/http/http-server.js';
import { CreatePaymentSessionDocument } from '../../client/src/generated/operations.js';
import { ADMIT_ALL } from '../support/request-guard.js';
import { createVariables } from '../support/examples.js';
import { createStubbedSchema } from '../support/stubbed-schema.js';

let app: FastifyInstance;
let log = '';

// The HTTP server over use cases that fail unexpectedly.
beforeAll(async () => {
  const logger = pino({ level: 'trace' }, { write: (line: string) => (log += line) });
  const failing = () => Promise.reject(new TypeError('an internal fault'));
  const { schema } = await createStubbedSchema(failing);
  const apollo = await createApolloServer(
    schema,
    {
      explorer: false,
      studio: undefined,
      operations: { documents: new Map(), only: false },
      onRejection: () => undefined,
    },
    logger,
  );
  ({ app } = createHttpServer({
    apollo,
    log: logger,
    metrics: new Registry(),
    guard: ADMIT_ALL,
    contextFactory: (client, requestId, requestLog) => ({
      requestId,
      log: requestLog,
      client,
      isClientCurrent: () => Promise.resolve(true),
      loaders: createPaymentLoaders(
        { findPayments: failing, findEvents: failing },
        { current: failing },
        client.id,
        requestLog,
      ),
      paymentUpdates: { subscribe: failing },
    }),
    health: () => ({}),
    isStoreReady: () => Promise.resolve(true),
    isDraining: () => false,
    explorer: false,
    callbacks: undefined,
    origins: new Set(),
    webhooks: undefined,
  }));
});
afterAll(() => app.close());

async function post(query: string, variables = {}) {
  const payload = { query, variables };
  const response = await app.inject({ method: 'POST', url: '/graphql', payload });
  return { ...response, json: response.json<{ errors: { message: string; extensions: Record<string, unknown> }[] }>() };
}

describe('an unexpected error', () => {
  it('is masked in the response and logged with its stack', async () => {
    const { json, headers, body } = await post(print(CreatePaymentSessionDocument), createVariables());
    expect(json.errors).toMatchObject([
      { extensions: { code: 'INTERNAL_SERVER_ERROR', requestId: headers['x-request-id'] } },
    ]);
    expect(body).not.toContain('an internal fault');
    const lines = log.split('\n').filter((line) => line.includes('"level":50'));
    expect(lines).toHaveLength(1);
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({
      requestId: headers['x-request-id'],
      err: { message: 'an internal fault', stack: expect.stringContaining('errors.test.ts') },
    });
  });
});

describe('a server without the explorer', () => {
  it.each(['{ __schema { types { name } } }', '{ __type(name: "PaymentAmount") { name } }'])(
    'rejects introspection: %s',
    async (query) => {
      expect((await post(query)).json.errors[0]).toMatchObject({
        message: expect.stringMatching(/^Introspection is disabled here/),
        extensions: { code: 'GRAPHQL_VALIDATION_FAILED' },
      });
    },
  );

  it('suggests no field names in errors', async () => {
    expect((await post('{ validatePaymen }')).body).not.toContain('validatePayment');
  });

  it('has no pages for browsers', async () => {
    const page = await app.inject({ url: '/graphql', headers: { accept: 'text/html' } });
    expect(page.statusCode).toBe(400);
    for (const url of ['/', '/graphiql', '/graphiql/graphiql.js'])
      expect((await app.inject({ url })).json()).toMatchObject({ errors: [{ extensions: { code: 'NOT_FOUND' } }] });
  });
});
