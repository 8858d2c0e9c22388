import { describe, expect, it } from '@jest/globals';
import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { Sensitive } from '../../src/domain/sensitive.js';
import { RouterAuthenticator } from '../../src/identity/router-authenticator.js';

const [NEW, OLD] = ['the newer secret of the router', 'the older secret of the router'];
const secrets = [new Sensitive(NEW), new Sensitive(OLD)];
const bySecret = new RouterAuthenticator({ header: secrets, signature: [] });
const bySignature = new RouterAuthenticator({ header: [], signature: secrets });

/** As Hive Gateway writes what it signs. Not imported by name: its types bring those of browsers. */
const HIVE: string = '@graphql-mesh/hmac-upstream-signature';
const { defaultParamsSerializer } = (await import(HIVE)) as {
  defaultParamsSerializer: (parameters: { readonly query: string; readonly variables: unknown }) => string;
};

const signatureOf = (query: string, variables: unknown, secret = NEW): string =>
  createHmac('sha256', secret).update(defaultParamsSerializer({ query, variables })).digest('base64');
const signed = (query: string, variables?: unknown, secret = NEW) => ({
  query,
  variables,
  extensions: { 'hmac-signature': signatureOf(query, variables, secret) },
});

describe('a secret in a header', () => {
  it.each([
    [NEW, true],
    [OLD, true],
    [undefined, false],
    ['', false],
    [`${NEW} `, false],
    [NEW.slice(0, -1), false],
    [`${NEW}, ${OLD}`, false],
    [[NEW], false],
  ])('%j shows the router: %s', (shown, expected) => {
    expect(bySecret.hasSecret(shown)).toBe(expected);
  });

  it('may have letters beyond ASCII, as bytes of UTF-8', () => {
    const proof = new RouterAuthenticator({ header: [new Sensitive('le secret du routeur été')], signature: [] });
    expect(proof.hasSecret(Buffer.from('le secret du routeur été').toString('latin1'))).toBe(true);
  });

  it('is not asked for where none is configured', () => {
    expect(bySignature.hasSecret(undefined)).toBe(true);
    expect(bySecret.isSigned(undefined)).toBe(true);
  });
});

describe('a signed operation', () => {
  const QUERY = 'query Payment($id: ID!) { paymentSession(id: $id) { id } }';

  it.each([
    ['without variables', signed(QUERY)],
    ['with variables that are empty', signed(QUERY, {})],
    ['with variables', signed(QUERY, { id: 'ps_1', b: [1, { z: null, a: 1.5 }], a: 'é\u2028"' })],
    ['with the older secret', signed(QUERY, { id: 'ps_1' }, OLD)],
    ['with other extensions', { ...signed(QUERY), extensions: { ...signed(QUERY).extensions, x: 1 } }],
  ])('%s is taken', (_, operation) => {
    expect(bySignature.isSigned(operation)).toBe(true);
  });

  it('may have its variables in any order', () => {
    const { query, extensions } = signed(QUERY, { a: 1, b: { c: 2, d: 3 } });
    expect(bySignature.isSigned({ query, extensions, variables: { b: { d: 3, c: 2 }, a: 1 } })).toBe(true);
  });

  it.each<[string, unknown]>([
    ['none', undefined],
    ['a list', [signed(QUERY)]],
    ['no signature', { query: QUERY }],
    ['extensions that are none', { query: QUERY, extensions: null }],
    ['a signature that is no text', { query: QUERY, extensions: { 'hmac-signature': 7 } }],
    ['an empty signature', { query: QUERY, extensions: { 'hmac-signature': '' } }],
    ['another document', { ...signed(QUERY), query: `${QUERY} ` }],
    ['other variables', { ...signed(QUERY, { id: 'ps_1' }), variables: { id: 'ps_2' } }],
    ['more variables', { ...signed(QUERY), variables: { id: 'ps_2' } }],
    ['another secret', signed(QUERY, {}, 'a secret of somebody else')],
    ['no document', { ...signed(QUERY), query: undefined }],
    [
      'variables with a key of prototypes',
      { ...signed(QUERY), variables: JSON.parse('{"__proto__":{"id":1}}') as unknown },
    ],
  ])('is refused: %s', (_, operation) => {
    expect(bySignature.isSigned(operation)).toBe(false);
  });

  it('is refused when it is nested too deeply to be written', () => {
    const variables = JSON.parse(`{"a":${'['.repeat(50_000)}${']'.repeat(50_000)}}`) as unknown;
    expect(bySignature.isSigned({ ...signed(QUERY), variables })).toBe(false);
  });

  it('is taken whatever its variables are, as its signer writes them', () => {
    fc.assert(
      fc.property(fc.string(), fc.dictionary(fc.string(), fc.jsonValue()), (query, variables) => {
        const received = JSON.parse(JSON.stringify(signed(query, variables))) as unknown;
        expect(bySignature.isSigned(received)).toBe(true);
      }),
    );
  });
});
