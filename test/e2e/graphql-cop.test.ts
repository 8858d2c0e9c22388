import { describe, expect, it } from '@jest/globals';
import { withGateway } from '../support/fixture.js';

/** The settings of production, except for authentication and HTTPS to Flinks. */
const asInProduction = { GRAPHQL_EXPLORER: 'false' };

const { gateway } = withGateway({ environment: asInProduction });

interface GraphQLResponse {
  readonly status: number;
  readonly text: string;
  readonly data?: unknown;
  readonly errors?: readonly { readonly message: string; readonly extensions: Record<string, unknown> }[];
}

async function request(init: RequestInit, query = ''): Promise<GraphQLResponse> {
  const response = await fetch(`${gateway.url}/graphql${query}`, init);
  const text = await response.text();
  return { ...(JSON.parse(text) as object), status: response.status, text };
}

const post = (body: unknown): Promise<GraphQLResponse> =>
  request({ method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
const codes = ({ errors }: GraphQLResponse): unknown[] => (errors ?? []).map(({ extensions }) => extensions.code);
const inAddress = (query: string): string => `?${new URLSearchParams({ query }).toString()}`;

/** The checks of https://github.com/dolevf/graphql-cop, and more about the responses than it checks. */
describe('a gateway with the settings of production', () => {
  it('rejects alias overloading', async () => {
    const aliases = Array.from({ length: 101 }, (_, index) => `alias${index}:__typename`).join(' ');
    const response = await post({ query: `query cop { ${aliases} }` });
    expect([response.data, codes(response)]).toEqual([undefined, ['OPERATION_TOO_LARGE']]);
  });

  it('rejects batching', async () => {
    const response = await post(Array(10).fill({ query: 'query cop { __typename }' }));
    expect([response.status, response.data, codes(response)]).toEqual([400, undefined, ['BAD_REQUEST']]);
  });

  it('rejects a query by GET', async () => {
    const response = await request({}, inAddress('query cop {__typename}'));
    expect([response.status, response.data, codes(response)]).toEqual([400, undefined, ['BAD_REQUEST']]);
  });

  it('rejects a mutation by GET, even with a header that needs a preflight', async () => {
    for (const headers of [{}, { 'apollo-require-preflight': 'yes' }, { accept: 'text/event-stream' }]) {
      const response = await fetch(`${gateway.url}/graphql${inAddress('mutation cop {__typename}')}`, { headers });
      expect(await response.text()).toContain('"BAD_REQUEST"');
    }
  });

  it('rejects a query that is sent as a form', async () => {
    const body = new URLSearchParams({ query: 'query cop { __typename }' });
    const response = await request({ method: 'POST', body });
    expect([response.status, response.data, codes(response)]).toEqual([415, undefined, ['BAD_REQUEST']]);
    const bodiless = await request({ method: 'POST' }, inAddress('query cop {__typename}'));
    expect([bodiless.status, bodiless.data]).toEqual([400, undefined]);
  });

  it('returns no tracing', async () => {
    const { text } = await post({ query: 'query cop { __typename }' });
    expect(text).not.toMatch(/tracing|exception|stacktrace|extensions/i);
  });

  it('rejects field duplication', async () => {
    const response = await post({ query: `query cop { ${'__typename \n'.repeat(500)} }` });
    expect([response.data, codes(response)]).toEqual([undefined, ['OPERATION_TOO_LARGE']]);
  });

  it.each([
    'query cop { __schema { directive } }',
    '{ paymentSesion(id: 1) { id } }',
    'mutation { createPaymentSessio }',
  ])('suggests no fields in the error for %s', async (query) => {
    const response = await post({ query });
    expect(response.data).toBeUndefined();
    expect(response.text).not.toMatch(/did you mean|directives|paymentSession\b|createPaymentSession\b/i);
  });

  it.each(['/', '/graphiql', '/playground', '/console', '/graphql'])('serves no explorer at %s', async (path) => {
    const response = await fetch(gateway.url + path, { headers: { accept: 'text/html' } });
    expect(response.status).toBeGreaterThanOrEqual(400);
    expect(await response.text()).not.toMatch(/graphiql|playground|sandbox/i);
  });

  it.each([
    'query cop { __schema { types { name fields { name } } } }',
    '{ __type(name: "Query") { name } }',
    '{ s: __schema { queryType { name } } }',
    '{ ...f } fragment f on Query { __schema { queryType { name } } }',
  ])('rejects the introspection query %s', async (query) => {
    const response = await post({ query });
    expect(response.data).toBeUndefined();
    expect(response.errors?.[0]?.message).toBe('Introspection is disabled here. Read the schema in schema.graphql.');
    expect(new Set(codes(response))).toEqual(new Set(['GRAPHQL_VALIDATION_FAILED']));
  });

  it('rejects directive overloading', async () => {
    const few = await post({ query: `query cop { __typename ${'@aa'.repeat(10)} }` });
    expect(few.errors).toHaveLength(6);
    const many = await post({ query: `query cop { __typename ${'@aa'.repeat(1_000)} }` });
    expect(codes(many)).toEqual(['OPERATION_TOO_LARGE']);
  });

  it('rejects circular introspection', async () => {
    const types = `${'fields { type {'.repeat(4)} name ${'} }'.repeat(4)}`;
    const response = await post({ query: `query cop { __schema { types { ${types} } } }` });
    expect([response.data, codes(response)[0]]).toEqual([undefined, 'GRAPHQL_VALIDATION_FAILED']);
  });

  it('returns a syntax error without a stack trace or the query', async () => {
    const response = await post({ query: 'qwerty cop { abc }' });
    expect(codes(response)).toEqual(['GRAPHQL_PARSE_FAILED']);
    // With boundaries on both sides, because a hexadecimal request id may contain "abc".
    expect(response.text).not.toMatch(/exception|stack|node_modules|\babc\b|qwerty/i);
  });
});
