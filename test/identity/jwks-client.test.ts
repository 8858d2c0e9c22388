import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { RequestListener } from 'node:http';
import { JwtAuthenticator } from '../../src/identity/jwt/jwt-authenticator.js';
import { JwksClient } from '../../src/identity/jwt/jwks-client.js';
import { IdentityProvider } from '../support/identity-provider.js';
import { withService } from '../support/services.js';

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
let log: { readonly line: unknown; readonly message: string | undefined }[];
/** The time that the client of the keys sees. */
let clockMs: number;

beforeEach(() => {
  provider.requests = 0;
  provider.fault = undefined;
  log = [];
  clockMs = 1_000_000;
  jest.spyOn(performance, 'now').mockImplementation(() => clockMs);
  jest.spyOn(Date, 'now').mockImplementation(() => NOW_MS + clockMs);
  identity = new JwtAuthenticator(SETTINGS, new JwksClient(provider.jwksUrl, { info: record, warn: record }));
});
afterEach(() => void jest.restoreAllMocks());

const NOW_MS = Date.now();

function record(line: unknown, message?: string): void {
  log.push({ line, message });
}

const kindOf = async (authorization: string): Promise<string> => (await identity.authenticate(authorization)).kind;
const kind = async (kid?: string): Promise<string> =>
  kindOf(await provider.bearer({}, kid === undefined ? {} : { kid }));

const advanceClock = (ms: number): void => void (clockMs += ms);

const FAULTS: readonly [name: string, fault: RequestListener][] = [
  ['an error', (_, response) => response.writeHead(500).end('{"keys":[]}')],
  ['a closed connection', (_, response) => response.destroy()],
  ['an HTML page', (_, response) => response.setHeader('content-type', 'text/html').end('<html>mark7319513773</html>')],
  ['JSON of another shape', (_, response) => response.end('{"keys":"mark7319513773"}')],
  ['null', (_, response) => response.end('null')],
  ['a redirect', (_, response) => response.writeHead(302, { location: provider.jwksUrl }).end()],
  ['a response above the size limit', (_, response) => response.end(`{"keys":[${'{"kty":"RSA"},'.repeat(50_000)}{}]}`)],
];

describe('JwksClient', () => {
  it('fetches the keys once for concurrent requests and caches them', async () => {
    expect(await Promise.all([kind(), kind(), kind()])).toEqual(['known', 'known', 'known']);
    advanceClock(60_000);
    expect(await kind()).toBe('known');
    expect(provider.requests).toBe(1);
  });

  it('fetches the keys again for an unknown key id only some seconds after the last fetch', async () => {
    await kind();
    await provider.rotate();
    expect(await kind()).toBe('rejected');
    advanceClock(6_000);
    expect(await kind()).toBe('known');
    expect(provider.requests).toBe(2);
  });

  it('does not fetch the keys repeatedly for tokens with invented key ids', async () => {
    await kind();
    for (let count = 0; count < 50; count += 1) expect(await kind(`unknown ${count}`)).toBe('rejected');
    expect(provider.requests).toBe(1);
    advanceClock(6_000);
    const flood = Array.from({ length: 50 }, (_, count) => kind(`unknown ${count}`));
    expect(new Set(await Promise.all(flood))).toEqual(new Set(['rejected']));
    expect(provider.requests).toBe(2);
  });

  it('accepts a withdrawn key until the first token after ten minutes has fetched the keys again', async () => {
    const token = await provider.bearer({}, { expiresIn: 3_600 });
    expect(await kindOf(token)).toBe('known');
    await provider.rotate();
    advanceClock(601_000);
    expect(await kindOf(token)).toBe('known');
    expect(await kind()).toBe('known');
    expect(await kindOf(token)).toBe('rejected');
    expect(provider.requests).toBe(2);
  });

  it.each(FAULTS)('reports the identity provider as unavailable when its first response is %s', async (_, fault) => {
    provider.fault = fault;
    expect(await kind()).toBe('unavailable');
    expect(log).toHaveLength(1);
    expect(log[0]).toMatchObject({ line: { code: 'IDENTITY_UNAVAILABLE' } });
    expect(JSON.stringify(log)).not.toContain('mark7319513773');
    expect(provider.requests).toBe(1);
  });

  it('waits only a few seconds for the keys', async () => {
    provider.fault = () => undefined;
    expect(await kind()).toBe('unavailable');
    expect(provider.requests).toBe(1);
  }, 20_000);

  it('requests the keys at most once a second while the identity provider is unavailable', async () => {
    provider.fault = (_, response) => response.writeHead(503).end();
    for (let count = 0; count < 20; count += 1) expect(await kind()).toBe('unavailable');
    expect(provider.requests).toBe(1);
    advanceClock(1_100);
    expect(await kind()).toBe('unavailable');
    expect(provider.requests).toBe(2);
    expect(log).toHaveLength(1);
  });

  it('recovers by itself when the identity provider does', async () => {
    provider.fault = (_, response) => response.destroy();
    expect(await kind()).toBe('unavailable');
    provider.fault = undefined;
    advanceClock(1_100);
    expect(await kind()).toBe('known');
    expect(log).toHaveLength(2);
  });

  it.each(FAULTS)('keeps using cached keys when the response is %s', async (_, fault) => {
    const token = await provider.bearer({}, { expiresIn: 86_400 });
    expect(await kindOf(token)).toBe('known');
    provider.fault = fault;
    for (let count = 0; count < 10; count += 1) {
      advanceClock(601_000);
      expect(await kindOf(token)).toBe('known');
    }
    advanceClock(6_000);
    expect(await kind('unknown')).toBe('unavailable');
    expect(await kindOf(token)).toBe('known');
  });
});
