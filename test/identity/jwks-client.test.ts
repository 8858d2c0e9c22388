import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { RequestListener } from 'node:http';
import { JwtAuthenticator } from '../../src/identity/jwt/jwt-authenticator.js';
import { JwksClient } from '../../src/identity/jwt/jwks-client.js';
import { withService } from '../support/fixture.js';
import { IdentityProvider } from '../support/identity-provider.js';

const SETTINGS = {
  issuer: 'https://identity.example/',
  audience: 'payments',
  algorithms: ['ES256'],
  clockToleranceMs: 0,
  clientIdClaim: 'sub',
  scopesClaim: 'scope',
};

const provider = withService(new IdentityProvider());
let identity: JwtAuthenticator;
let log: { readonly line: unknown; readonly words: string | undefined }[];
/** By which the keys judge how long ago something was. */
let clockMs: number;

beforeEach(() => {
  provider.requests = 0;
  provider.fault = undefined;
  log = [];
  clockMs = 1_000_000;
  jest.spyOn(performance, 'now').mockImplementation(() => clockMs);
  jest.spyOn(Date, 'now').mockImplementation(() => NOW_MS + clockMs);
  identity = new JwtAuthenticator(SETTINGS, new JwksClient(provider.jwksUrl, { info: note, warn: note }));
});
afterEach(() => void jest.restoreAllMocks());

const NOW_MS = Date.now();

function note(line: unknown, words?: string): void {
  log.push({ line, words });
}

const kindOf = async (authorization: string): Promise<string> => (await identity.authenticate(authorization)).kind;
const kind = async (kid?: string): Promise<string> =>
  kindOf(await provider.bearer({}, kid === undefined ? {} : { kid }));

/** Some time later. */
const pass = (ms: number): void => void (clockMs += ms);

const FAULTS: readonly [name: string, fault: RequestListener][] = [
  ['an error', (_, response) => response.writeHead(500).end('{"keys":[]}')],
  ['nothing', (_, response) => response.destroy()],
  ['a page', (_, response) => response.setHeader('content-type', 'text/html').end('<html>mark7319513773</html>')],
  ['JSON of another kind', (_, response) => response.end('{"keys":"mark7319513773"}')],
  ['null', (_, response) => response.end('null')],
  ['a redirect', (_, response) => response.writeHead(302, { location: provider.jwksUrl }).end()],
  ['more than keys can be', (_, response) => response.end(`{"keys":[${'{"kty":"RSA"},'.repeat(50_000)}{}]}`)],
];

describe('the keys of an identity provider', () => {
  it('are fetched once for all who wait for them, and kept', async () => {
    expect(await Promise.all([kind(), kind(), kind()])).toEqual(['known', 'known', 'known']);
    pass(60_000);
    expect(await kind()).toBe('known');
    expect(provider.requests).toBe(1);
  });

  it('are fetched again for a new one, a while after the last time', async () => {
    await kind();
    await provider.rotate();
    expect(await kind()).toBe('rejected');
    pass(6_000);
    expect(await kind()).toBe('known');
    expect(provider.requests).toBe(2);
  });

  it('are not asked for again and again by tokens of keys that were made up', async () => {
    await kind();
    for (let count = 0; count < 50; count += 1) expect(await kind(`unknown ${count}`)).toBe('rejected');
    expect(provider.requests).toBe(1);
    pass(6_000);
    const flood = Array.from({ length: 50 }, (_, count) => kind(`unknown ${count}`));
    expect(new Set(await Promise.all(flood))).toEqual(new Set(['rejected']));
    expect(provider.requests).toBe(2);
  });

  it('are no longer taken soon after they were withdrawn', async () => {
    const token = await provider.bearer({}, { expiresIn: 3_600 });
    expect(await kindOf(token)).toBe('known');
    await provider.rotate();
    pass(601_000);
    expect(await kindOf(token)).toBe('known');
    expect(await kind()).toBe('known');
    expect(await kindOf(token)).toBe('rejected');
    expect(provider.requests).toBe(2);
  });

  it.each(FAULTS)('that cannot be had for %s leave open who asks', async (_, fault) => {
    provider.fault = fault;
    expect(await kind()).toBe('unavailable');
    expect(log).toHaveLength(1);
    expect(log[0]).toMatchObject({ line: { code: 'IDENTITY_UNAVAILABLE' } });
    expect(JSON.stringify(log)).not.toContain('mark7319513773');
    expect(provider.requests).toBe(1);
  });

  it('are not waited for longer than a few seconds', async () => {
    provider.fault = () => undefined;
    expect(await kind()).toBe('unavailable');
    expect(provider.requests).toBe(1);
  }, 20_000);

  it('are asked for at most once a second while they cannot be had', async () => {
    provider.fault = (_, response) => response.writeHead(503).end();
    for (let count = 0; count < 20; count += 1) expect(await kind()).toBe('unavailable');
    expect(provider.requests).toBe(1);
    pass(1_100);
    expect(await kind()).toBe('unavailable');
    expect(provider.requests).toBe(2);
    expect(log).toHaveLength(1);
  });

  it('are there again by themselves', async () => {
    provider.fault = (_, response) => response.destroy();
    expect(await kind()).toBe('unavailable');
    provider.fault = undefined;
    pass(1_100);
    expect(await kind()).toBe('known');
    expect(log).toHaveLength(2);
  });

  it.each(FAULTS)('that were fetched remain in use when the response is %s', async (_, fault) => {
    const token = await provider.bearer({}, { expiresIn: 86_400 });
    expect(await kindOf(token)).toBe('known');
    provider.fault = fault;
    for (let count = 0; count < 10; count += 1) {
      pass(601_000);
      expect(await kindOf(token)).toBe('known');
    }
    pass(6_000);
    expect(await kind('unknown')).toBe('unavailable');
    expect(await kindOf(token)).toBe('known');
  });
});
