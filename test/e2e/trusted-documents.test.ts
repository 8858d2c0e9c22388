import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { ApolloClient, InMemoryCache } from '@apollo/client';
import type { ApolloLink } from '@apollo/client';
import { HttpLink } from '@apollo/client/link/http';
import { PersistedQueryLink } from '@apollo/client/link/persisted-queries';
import type { DocumentNode } from 'graphql';
import { getOperationAST } from 'graphql';
import { CreatePaymentSessionDocument, PaymentSessionDocument } from '../../client/src/generated/operations.js';
import { createVariables } from '../support/examples.js';
import { withSandbox } from '../support/fixture.js';
import type { TestGateway } from '../support/gateway.js';
import { runToEnd } from '../support/gateway.js';
import { ManifestFiles, exampleOperations, manifestOf, manifestOperation } from '../support/manifest.js';

const files = new ManifestFiles();
const { sandbox, addGateway } = withSandbox({ services: [files] });
const unrestricted = addGateway();
const restricted = addGateway(() => ({
  PERSISTED_OPERATIONS_MANIFEST: files.write(manifestOf(exampleOperations)),
  PERSISTED_OPERATIONS_ONLY: 'true',
}));

const idOf = (name: string): string => exampleOperations.find((each) => each.name === name)?.id ?? '';

/** Apollo Client; `sent` gets what goes over the wire. */
function clientOf(gateway: TestGateway, persisted: ApolloLink, sent: string[] = []): ApolloClient {
  const http = new HttpLink({
    uri: `${gateway.url}/graphql`,
    fetch: (url, init) => {
      sent.push(typeof init?.body === 'string' ? init.body : (url as string));
      return fetch(url, init);
    },
  });
  return new ApolloClient({ link: persisted.concat(http), cache: new InMemoryCache() });
}

describe('Apollo Client with persisted queries', () => {
  const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

  it('sends a document once, and then its hash, also by GET', async () => {
    const sent: string[] = [];
    const client = clientOf(unrestricted, new PersistedQueryLink({ sha256, useGETForHashedQueries: true }), sent);
    const readPayment = () =>
      client.query({ query: PaymentSessionDocument, variables: { id: 'ps_none' }, fetchPolicy: 'network-only' });
    await readPayment();
    await readPayment();
    const [first, second, third] = sent;
    expect([first, third]).toEqual([expect.stringMatching(/^http:.*sha256Hash/), first]);
    expect(first).not.toContain('query=');
    expect(second).toMatch(/^\{.*"query":"query PaymentSession/);
    expect(sent).toHaveLength(3);
  });

  it('creates a payment at a gateway that runs listed operations only', async () => {
    const generateHash = (document: DocumentNode) => idOf(getOperationAST(document)?.name?.value ?? '');
    const sent: string[] = [];
    const client = clientOf(restricted, new PersistedQueryLink({ generateHash }), sent);
    const { data } = await client.mutate({ mutation: CreatePaymentSessionDocument, variables: createVariables() });
    expect(data?.createPaymentSession.__typename).toBe('CreatePaymentSessionSuccess');
    expect(sent).toHaveLength(1);
    expect(sent[0]).not.toContain('"query"');
  });
});

describe('a gateway that runs listed operations only', () => {
  it.each([
    '{ __typename }',
    '{ _service { sdl } }',
    '{ __schema { queryType { name } } }',
    'query PaymentSession($id: ID!) { paymentSession(id: $id) { id } }',
  ])('rejects %s', async (query) => {
    expect(await restricted.post({ query })).toMatchObject({
      status: 403,
      errors: [{ extensions: { code: 'QUERY_NOT_IN_SAFELIST' } }],
    });
  });

  it('accepts every example operation by its id', async () => {
    for (const { id } of exampleOperations) {
      const response = await restricted.post({ extensions: { persistedQuery: { version: 1, sha256Hash: id } } });
      const codes = response.errors?.map(({ extensions }) => extensions.code) ?? [];
      expect(codes).not.toContain('PERSISTED_QUERY_NOT_FOUND');
      expect(codes).not.toContain('QUERY_NOT_IN_SAFELIST');
    }
  });
});

describe('a manifest of persisted operations', () => {
  it.each([
    ['is missing', () => '/nowhere/manifest.json', 'ENOENT'],
    ['is of another schema', () => files.write(manifestOf([manifestOperation('query Bye { bye }')])), 'Bye'],
  ])('that %s keeps the gateway from starting', async (_, path, problem) => {
    const { code, output } = await runToEnd({ FLINKS_BASE_URL: sandbox.url, PERSISTED_OPERATIONS_MANIFEST: path() });
    expect(code).toBe(1);
    expect(output).toContain('PERSISTED_OPERATIONS_MANIFEST');
    expect(output).toContain(problem);
  });
});
