import { createHmac } from 'node:crypto';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { exportSPKI } from 'jose';
import { SCOPES } from '../../src/domain/api-client.js';
import type { ApiClient } from '../../src/domain/api-client.js';
import type { AuthenticationResult } from '../../src/identity/authenticator.js';
import { JwtAuthenticator } from '../../src/identity/jwt/jwt-authenticator.js';
import { JwksClient } from '../../src/identity/jwt/jwks-client.js';
import { withService } from '../support/fixture.js';
import { IdentityProvider } from '../support/identity-provider.js';
import type { TokenOptions } from '../support/identity-provider.js';
import { silentLog } from '../support/silent-log.js';

const SETTINGS = {
  issuer: 'https://identity.example/',
  audience: 'payments',
  algorithms: ['RS256', 'PS256', 'ES256', 'EdDSA'],
  clockToleranceMs: 5_000,
  clientIdClaim: 'sub',
  scopesClaim: 'scope',
};

const provider = withService(new IdentityProvider());
let identity: JwtAuthenticator;

beforeEach(() => {
  identity = identityWith({});
});

const identityWith = (change: Partial<typeof SETTINGS>) =>
  new JwtAuthenticator({ ...SETTINGS, ...change }, new JwksClient(provider.jwksUrl, silentLog));

/** What a token with these claims is taken for. */
async function identified(
  claims: Record<string, unknown> = {},
  options: TokenOptions = {},
): Promise<AuthenticationResult> {
  return identity.authenticate(await provider.bearer(claims, options));
}

async function callerOf(claims: Record<string, unknown>, options: TokenOptions = {}): Promise<ApiClient> {
  const found = await identified(claims, options);
  if (found.kind !== 'known') throw new Error(JSON.stringify(found));
  return found.client;
}

const refused = (reason: string) => ({ kind: 'rejected', reason });
const inSeconds = (seconds: number): number => Math.floor(Date.now() / 1_000) + seconds;
const encoded = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
const CLAIMS = { sub: 'shop', iss: SETTINGS.issuer, aud: SETTINGS.audience, exp: inSeconds(300) };

describe('a caller by token', () => {
  it.each(['RS256', 'PS256', 'ES256', 'EdDSA'] as const)('is known by a signature of %s', async (algorithm) => {
    expect(await identified({ sub: 'shop' }, { algorithm })).toMatchObject({ kind: 'known', client: { id: 'shop' } });
  });

  it('is checked once while it comes again and again', async () => {
    const { find } = new JwksClient(provider.jwksUrl, silentLog);
    let checks = 0;
    const counting = new JwtAuthenticator(SETTINGS, {
      generation: 1,
      find: (...token) => {
        checks += 1;
        return find(...token);
      },
    });
    const bearer = await provider.bearer({ sub: 'shop' });
    const first = await counting.authenticate(bearer);
    expect([await counting.authenticate(bearer), checks]).toEqual([first, 1]);
    expect(await counting.authenticate(`${bearer}x`)).toMatchObject({ kind: 'rejected' });
    expect(checks).toBe(2);
  });

  it('may do what the scopes say that are known here', async () => {
    expect((await callerOf({ scope: 'openid payments:read  payments:everything' })).scopes).toEqual(['payments:read']);
    expect((await callerOf({ scope: ['payments:send', 7, 'email'] })).scopes).toEqual(['payments:send']);
    expect((await callerOf({ scope: SCOPES.join(' ') })).scopes).toEqual(SCOPES);
  });

  it.each([
    [undefined],
    [''],
    [null],
    [7],
    [{ 'payments:read': true }],
    [[['payments:read']]],
    ['payments:read,payments:send'],
  ])('may do nothing by the scopes %j', async (scope) => {
    expect((await callerOf({ scope })).scopes).toEqual([]);
  });

  it('holds until the token expires, by the clock of another machine', async () => {
    const exp = inSeconds(60);
    const known = await callerOf({ exp });
    expect(known.expiresAt).toEqual(new Date(exp * 1_000 + 5_000));
    expect(await identity.isCurrent(known)).toBe(true);
    expect(await identity.isCurrent({ ...known, expiresAt: new Date(Date.now() - 1) })).toBe(false);
  });

  it('holds no more if it showed something that is not taken here', async () => {
    const known = await callerOf({});
    expect(await identity.isCurrent({ ...known, expiresAt: undefined })).toBe(false);
    expect(await identity.isCurrent({ ...known, apiKey: 'abcdefghijkl' })).toBe(false);
  });

  it('has an expiry that is a date, however far away', async () => {
    expect((await callerOf({ exp: 1e300 })).expiresAt?.toJSON()).toBe('+275760-09-13T00:00:00.000Z');
  });

  it('is told by the claims that are configured', async () => {
    identity = identityWith({ clientIdClaim: 'https://shop.example/id', scopesClaim: 'permissions' });
    const claims = { 'https://shop.example/id': 'till 7', permissions: ['payments:read'] };
    expect(await callerOf(claims)).toMatchObject({ id: 'till 7', scopes: ['payments:read'] });
    expect(await identified()).toEqual(refused('bad_claims'));
  });
});

describe('a token', () => {
  it.each<[string, Record<string, unknown>, TokenOptions, string]>([
    ['of another issuer', { iss: 'https://elsewhere.example/' }, {}, 'wrong_issuer'],
    ['of an issuer that only begins alike', { iss: 'https://identity.example/x' }, {}, 'wrong_issuer'],
    ['for another audience', { aud: 'orders' }, {}, 'wrong_audience'],
    ['for other audiences', { aud: ['orders', 'payments2'] }, {}, 'wrong_audience'],
    ['without an audience', { aud: undefined }, {}, 'wrong_audience'],
    ['that is over', {}, { expiresIn: -60 }, 'expired'],
    ['that never ends', {}, { expiresIn: undefined }, 'bad_claims'],
    ['whose end is no number', { exp: 'tomorrow' }, {}, 'bad_claims'],
    ['that does not hold yet', { nbf: inSeconds(120) }, {}, 'not_yet_valid'],
    ['of a key that nobody has', {}, { kid: 'unknown' }, 'bad_signature'],
    ['of the key of another algorithm', {}, { kid: 'RS256-1' }, 'bad_signature'],
    ['of nobody', { sub: undefined }, {}, 'bad_claims'],
    ['of an empty name', { sub: '' }, {}, 'bad_claims'],
    ['of a number', { sub: 7 }, {}, 'bad_claims'],
    ['of two', { sub: ['shop', 'till'] }, {}, 'bad_claims'],
    ['of a name with a line break', { sub: 'shop\nadmin' }, {}, 'bad_claims'],
    ['of a name beyond ASCII', { sub: 'shоp' }, {}, 'bad_claims'],
    ['of a name that is too long', { sub: 'x'.repeat(256) }, {}, 'bad_claims'],
  ])('%s is refused', async (_, claims, options, reason) => {
    expect(await identified(claims, options)).toEqual(refused(reason));
  });

  it('within the tolerance of clocks is taken', async () => {
    expect(await identified({ nbf: inSeconds(3) }, { expiresIn: -3 })).toMatchObject({ kind: 'known' });
  });

  it('of an algorithm that is not allowed is refused, though its key is there', async () => {
    identity = identityWith({ algorithms: ['RS256'] });
    expect(await identified({}, { algorithm: 'RS256' })).toMatchObject({ kind: 'known' });
    expect(await identified({}, { algorithm: 'ES256' })).toEqual(refused('algorithm_not_allowed'));
  });

  it.each(['none', 'None', 'NONE'])('that says it needs no signature (%s) is refused', async (alg) => {
    const token = `${encoded({ alg })}.${encoded(CLAIMS)}.`;
    expect(await identity.authenticate(`Bearer ${token}`)).toEqual(refused('algorithm_not_allowed'));
  });

  it('signed with the public key as if that were a shared secret is refused', async () => {
    const unsigned = `${encoded({ alg: 'HS256', kid: 'RS256-1' })}.${encoded(CLAIMS)}`;
    const signature = createHmac('sha256', await exportSPKI(provider.publicKey('RS256'))).update(unsigned);
    const token = `${unsigned}.${signature.digest('base64url')}`;
    expect(await identity.authenticate(`Bearer ${token}`)).toEqual(refused('algorithm_not_allowed'));
  });

  it('that brings a key of its own is refused', async () => {
    const other = await new IdentityProvider().start();
    const [header = '', claims = '', signature = ''] = (await other.token()).split('.');
    await other.stop();
    expect(await identity.authenticate(`Bearer ${header}.${claims}.${signature}`)).toEqual(refused('bad_signature'));
  });

  it('whose claims were changed is refused', async () => {
    const [header = '', , signature = ''] = (await provider.token()).split('.');
    const changed = `${header}.${encoded({ ...CLAIMS, sub: 'admin' })}.${signature}`;
    expect(await identity.authenticate(`Bearer ${changed}`)).toEqual(refused('bad_signature'));
  });

  it.each([
    ['no header', undefined, 'missing'],
    ['an empty header', '', 'missing'],
    ['another scheme', 'Basic c2hvcDpzZWNyZXQ=', 'malformed'],
    ['the scheme alone', 'Bearer ', 'malformed'],
    ['two tokens', 'Bearer a.b.c d.e.f', 'malformed'],
    ['what is no token', 'Bearer abc', 'malformed'],
    ['five parts', 'Bearer a.b.c.d.e', 'malformed'],
    ['parts that are no JSON', 'Bearer YWJj.YWJj.YWJj', 'malformed'],
  ])('is missed in %s', async (_, authorization, reason) => {
    expect(await identity.authenticate(authorization)).toEqual(refused(reason));
  });

  it('is taken whatever the case of its scheme', async () => {
    expect(await identity.authenticate(`bearer ${await provider.token()}`)).toMatchObject({ kind: 'known' });
  });
});
