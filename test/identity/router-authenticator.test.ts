import { describe, expect, it } from '@jest/globals';
import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { Sensitive } from '../../src/domain/sensitive.js';
import { RouterAuthenticator } from '../../src/identity/router-authenticator.js';

const [NEW, OLD] = ['the newer secret of the router', 'the older secret of the router'];
const secrets = [new Sensitive(NEW), new Sensitive(OLD)];
const bySecret = new RouterAuthenticator({ header: secrets, signature: [] });
const bySignature = new RouterAuthenticator({ header: [], signature: secrets });

/** How Hive Gateway serializes what it signs. Imported through a variable, because its types include those of browsers. */
const HIVE: string = '@graphql-mesh/hmac-upstream-signature';
const { defaultParamsSerializer } = (await import(HIVE)) as {
  defaultParamsSerializer: (parameters: { readonly query: string; readonly variables: unknown }) => string;
};

const signatureOf = (query: string, variables: unknown, secret = NEW): string =>
  createHmac('sha256', secret).update(defaultParamsSerializer({ query, variables })).digest('base64');
const sign = (query: string, variables?: unknown, secret = NEW) => ({
  query,
  variables,
  extensions: { 'hmac-signature': signatureOf(query, variables, secret) },
});

describe('the router secret in a header', () => {
  it.each([
    [NEW, true],
    [OLD, true],
    [undefined, false],
    ['', false],
    [`${NEW} `, false],
    [NEW.slice(0, -1), false],
    [`${NEW}, ${OLD}`, false],
    [[NEW], false],
  ])('%j proves that a request comes from the router: %s', (header, expected) => {
    expect(bySecret.hasSecret(header)).toBe(expected);
  });

  it('may contain non-ASCII characters, encoded as UTF-8', () => {
    const authenticator = new RouterAuthenticator({
      header: [new Sensitive('le secret du routeur été')],
      signature: [],
    });
    expect(authenticator.hasSecret(Buffer.from('le secret du routeur été').toString('latin1'))).toBe(true);
  });

  it('is not required when none is configured', () => {
    expect(bySignature.hasSecret(undefined)).toBe(true);
    expect(bySecret.isSigned(undefined)).toBe(true);
  });
});

describe('an operation signed by the router', () => {
  const QUERY = 'query Payment($id: ID!) { paymentSession(id: $id) { id } }';

  it.each([
    ['without variables', sign(QUERY)],
    ['with empty variables', sign(QUERY, {})],
    ['with variables', sign(QUERY, { id: 'ps_1', b: [1, { z: null, a: 1.5 }], a: 'é\u2028"' })],
    ['with the older secret', sign(QUERY, { id: 'ps_1' }, OLD)],
    ['with other extensions', { ...sign(QUERY), extensions: { ...sign(QUERY).extensions, x: 1 } }],
  ])('%s is accepted', (_, operation) => {
    expect(bySignature.isSigned(operation)).toBe(true);
  });

  it('may have its variables in any order', () => {
    const { query, extensions } = sign(QUERY, { a: 1, b: { c: 2, d: 3 } });
    expect(bySignature.isSigned({ query, extensions, variables: { b: { d: 3, c: 2 }, a: 1 } })).toBe(true);
  });

  it.each<[string, unknown]>([
    ['no body', undefined],
    ['a list', [sign(QUERY)]],
    ['no signature', { query: QUERY }],
    ['extensions that are null', { query: QUERY, extensions: null }],
    ['a signature that is not a string', { query: QUERY, extensions: { 'hmac-signature': 7 } }],
    ['an empty signature', { query: QUERY, extensions: { 'hmac-signature': '' } }],
    ['another document', { ...sign(QUERY), query: `${QUERY} ` }],
    ['other variables', { ...sign(QUERY, { id: 'ps_1' }), variables: { id: 'ps_2' } }],
    ['more variables', { ...sign(QUERY), variables: { id: 'ps_2' } }],
    ['another secret', sign(QUERY, {}, 'a secret of somebody else')],
    ['no document', { ...sign(QUERY), query: undefined }],
    [
      'variables with a key that names a prototype',
      { ...sign(QUERY), variables: JSON.parse('{"__proto__":{"id":1}}') as unknown },
    ],
  ])('is rejected: %s', (_, operation) => {
    expect(bySignature.isSigned(operation)).toBe(false);
  });

  it('is rejected when it is nested too deeply to be serialized', () => {
    const variables = JSON.parse(`{"a":${'['.repeat(50_000)}${']'.repeat(50_000)}}`) as unknown;
    expect(bySignature.isSigned({ ...sign(QUERY), variables })).toBe(false);
  });

  it('is accepted whatever its variables are', () => {
    fc.assert(
      fc.property(fc.string(), fc.dictionary(fc.string(), fc.jsonValue()), (query, variables) => {
        const received = JSON.parse(JSON.stringify(sign(query, variables))) as unknown;
        expect(bySignature.isSigned(received)).toBe(true);
      }),
    );
  });
});
