import { describe, expect, it } from '@jest/globals';
import { withGateway } from '../support/fixture.js';

/** As in production, as far as a test can be: there callers are identified, and Flinks is reached by https. */
const asInProduction = { GRAPHQL_EXPLORER: 'false' };

const { gateway } = withGateway({ environment: asInProduction });

interface Answer {
  readonly status: number;
  readonly text: string;
  readonly data?: unknown;
  readonly errors?: readonly { readonly message: string; readonly extensions: Record<string, unknown> }[];
}

async function ask(init: RequestInit, query = ''): Promise<Answer> {
  const response = await fetch(`${gateway.url}/graphql${query}`, init);
  const text = await response.text();
  return { ...(JSON.parse(text) as object), status: response.status, text };
}

const post = (body: unknown): Promise<Answer> =>
  ask({ method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
const codes = ({ errors }: Answer): unknown[] => (errors ?? []).map(({ extensions }) => extensions.code);
const inAddress = (query: string): string => `?${new URLSearchParams({ query }).toString()}`;

/** The checks of https://github.com/dolevf/graphql-cop, and what is wrong with answers that it does not look at. */
describe('graphql-cop finds no', () => {
  it('alias overloading', async () => {
    const aliases = Array.from({ length: 101 }, (_, index) => `alias${index}:__typename`).join(' ');
    const answer = await post({ query: `query cop { ${aliases} }` });
    expect([answer.data, codes(answer)]).toEqual([undefined, ['OPERATION_TOO_LARGE']]);
  });

  it('batching', async () => {
    const answer = await post(Array(10).fill({ query: 'query cop { __typename }' }));
    expect([answer.status, answer.data, codes(answer)]).toEqual([400, undefined, ['BAD_REQUEST']]);
  });

  it('query by GET', async () => {
    const answer = await ask({}, inAddress('query cop {__typename}'));
    expect([answer.status, answer.data, codes(answer)]).toEqual([400, undefined, ['BAD_REQUEST']]);
  });

  it('mutation by GET, not even with a header that needs a preflight', async () => {
    for (const headers of [{}, { 'apollo-require-preflight': 'yes' }, { accept: 'text/event-stream' }]) {
      const response = await fetch(`${gateway.url}/graphql${inAddress('mutation cop {__typename}')}`, { headers });
      expect(await response.text()).toContain('"BAD_REQUEST"');
    }
  });

  it('query of a form', async () => {
    const body = new URLSearchParams({ query: 'query cop { __typename }' });
    const answer = await ask({ method: 'POST', body });
    expect([answer.status, answer.data, codes(answer)]).toEqual([415, undefined, ['BAD_REQUEST']]);
    const bodiless = await ask({ method: 'POST' }, inAddress('query cop {__typename}'));
    expect([bodiless.status, bodiless.data]).toEqual([400, undefined]);
  });

  it('tracing', async () => {
    const { text } = await post({ query: 'query cop { __typename }' });
    expect(text).not.toMatch(/tracing|exception|stacktrace|extensions/i);
  });

  it('field duplication', async () => {
    const answer = await post({ query: `query cop { ${'__typename \n'.repeat(500)} }` });
    expect([answer.data, codes(answer)]).toEqual([undefined, ['OPERATION_TOO_LARGE']]);
  });

  it.each([
    'query cop { __schema { directive } }',
    '{ paymentSesion(id: 1) { id } }',
    'mutation { createPaymentSessio }',
  ])('suggestion of fields: %s', async (query) => {
    const answer = await post({ query });
    expect(answer.data).toBeUndefined();
    expect(answer.text).not.toMatch(/did you mean|directives|paymentSession\b|createPaymentSession\b/i);
  });

  it.each(['/', '/graphiql', '/playground', '/console', '/graphql'])('explorer at %s', async (path) => {
    const answer = await fetch(gateway.url + path, { headers: { accept: 'text/html' } });
    expect(answer.status).toBeGreaterThanOrEqual(400);
    expect(await answer.text()).not.toMatch(/graphiql|playground|sandbox/i);
  });

  it.each([
    'query cop { __schema { types { name fields { name } } } }',
    '{ __type(name: "Query") { name } }',
    '{ s: __schema { queryType { name } } }',
    '{ ...f } fragment f on Query { __schema { queryType { name } } }',
  ])('introspection: %s', async (query) => {
    const answer = await post({ query });
    expect(answer.data).toBeUndefined();
    expect(answer.errors?.[0]?.message).toBe('Introspection is disabled here. Read the schema in schema.graphql.');
    expect(new Set(codes(answer))).toEqual(new Set(['GRAPHQL_VALIDATION_FAILED']));
  });

  it('directive overloading', async () => {
    const few = await post({ query: `query cop { __typename ${'@aa'.repeat(10)} }` });
    expect(few.errors).toHaveLength(6);
    const many = await post({ query: `query cop { __typename ${'@aa'.repeat(1_000)} }` });
    expect(codes(many)).toEqual(['OPERATION_TOO_LARGE']);
  });

  it('circular introspection', async () => {
    const types = `${'fields { type {'.repeat(4)} name ${'} }'.repeat(4)}`;
    const answer = await post({ query: `query cop { __schema { types { ${types} } } }` });
    expect([answer.data, codes(answer)[0]]).toEqual([undefined, 'GRAPHQL_VALIDATION_FAILED']);
  });

  it('error that nobody handles', async () => {
    const answer = await post({ query: 'qwerty cop { abc }' });
    expect(codes(answer)).toEqual(['GRAPHQL_PARSE_FAILED']);
    // Whole words only: a request id is hexadecimal and may well hold an "abc".
    expect(answer.text).not.toMatch(/exception|stack|node_modules|\babc\b|qwerty/i);
  });
});
