import { createHmac } from 'node:crypto';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { exportSPKI } from 'jose';
import { SCOPES } from '../../src/domain/api-client.js';
import type { ApiClient } from '../../src/domain/api-client.js';
import type { AuthenticationResult } from '../../src/identity/authenticator.js';
import { JwtAuthenticator } from '../../src/identity/jwt/jwt-authenticator.js';
import { JwksClient } from '../../src/identity/jwt/jwks-client.js';
import { IdentityProvider } from '../support/identity-provider.js';
import type { TokenOptions } from '../support/identity-provider.js';
import { withService } from '../support/services.js';
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

/** Authenticates a new token with these claims. */
async function identified(
  claims: Record<string, unknown> = {},
  options: TokenOptions = {},
): Promise<AuthenticationResult> {
  return identity.authenticate(await provider.bearer(claims, options));
}

async function clientOf(claims: Record<string, unknown>, options: TokenOptions = {}): Promise<ApiClient> {
  const found = await identified(claims, options);
  if (found.kind !== 'known') throw new Error(JSON.stringify(found));
  return found.client;
}

const rejected = (reason: string) => ({ kind: 'rejected', reason });
const inSeconds = (seconds: number): number => Math.floor(Date.now() / 1_000) + seconds;
const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
const CLAIMS = { sub: 'shop', iss: SETTINGS.issuer, aud: SETTINGS.audience, exp: inSeconds(300) };

describe('a client with a token', () => {
  it.each(['RS256', 'PS256', 'ES256', 'EdDSA'] as const)(
    'is authenticated by a signature with %s',
    async (algorithm) => {
      expect(await identified({ sub: 'shop' }, { algorithm })).toMatchObject({ kind: 'known', client: { id: 'shop' } });
    },
  );

  it('has its token verified once, however often it sends it', async () => {
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

  it('has the scopes of its token that the gateway knows', async () => {
    expect((await clientOf({ scope: 'openid payments:read  payments:everything' })).scopes).toEqual(['payments:read']);
    expect((await clientOf({ scope: ['payments:send', 7, 'email'] })).scopes).toEqual(['payments:send']);
    expect((await clientOf({ scope: SCOPES.join(' ') })).scopes).toEqual(SCOPES);
  });

  it.each([
    [undefined],
    [''],
    [null],
    [7],
    [{ 'payments:read': true }],
    [[['payments:read']]],
    ['payments:read,payments:send'],
  ])('has no scopes when the claim is %j', async (scope) => {
    expect((await clientOf({ scope })).scopes).toEqual([]);
  });

  it('is current until its token expires, with a tolerance for different clocks', async () => {
    const exp = inSeconds(60);
    const known = await clientOf({ exp });
    expect(known.expiresAt).toEqual(new Date(exp * 1_000 + 5_000));
    expect(await identity.isCurrent(known)).toBe(true);
    expect(await identity.isCurrent({ ...known, expiresAt: new Date(Date.now() - 1) })).toBe(false);
  });

  it('is not current when it was authenticated in another way', async () => {
    const known = await clientOf({});
    expect(await identity.isCurrent({ ...known, expiresAt: undefined })).toBe(false);
    expect(await identity.isCurrent({ ...known, apiKey: 'abcdefghijkl' })).toBe(false);
  });

  it('has an expiry that is a valid date, however far away it is', async () => {
    expect((await clientOf({ exp: 1e300 })).expiresAt?.toJSON()).toBe('+275760-09-13T00:00:00.000Z');
  });

  it('is identified by the configured claims', async () => {
    identity = identityWith({ clientIdClaim: 'https://shop.example/id', scopesClaim: 'permissions' });
    const claims = { 'https://shop.example/id': 'till 7', permissions: ['payments:read'] };
    expect(await clientOf(claims)).toMatchObject({ id: 'till 7', scopes: ['payments:read'] });
    expect(await identified()).toEqual(rejected('bad_claims'));
  });
});

describe('a JSON Web Token', () => {
  it.each<[string, Record<string, unknown>, TokenOptions, string]>([
    ['of another issuer', { iss: 'https://elsewhere.example/' }, {}, 'wrong_issuer'],
    ['of an issuer with the right prefix only', { iss: 'https://identity.example/x' }, {}, 'wrong_issuer'],
    ['for another audience', { aud: 'orders' }, {}, 'wrong_audience'],
    ['for other audiences', { aud: ['orders', 'payments2'] }, {}, 'wrong_audience'],
    ['without an audience', { aud: undefined }, {}, 'wrong_audience'],
    ['that has expired', {}, { expiresIn: -60 }, 'expired'],
    ['without an expiry', {}, { expiresIn: undefined }, 'bad_claims'],
    ['whose expiry is not a number', { exp: 'tomorrow' }, {}, 'bad_claims'],
    ['that is not valid yet', { nbf: inSeconds(120) }, {}, 'not_yet_valid'],
    ['with an unknown key id', {}, { kid: 'unknown' }, 'bad_signature'],
    ['with the key id of another algorithm', {}, { kid: 'RS256-1' }, 'bad_signature'],
    ['without a subject', { sub: undefined }, {}, 'bad_claims'],
    ['with an empty subject', { sub: '' }, {}, 'bad_claims'],
    ['with a number as its subject', { sub: 7 }, {}, 'bad_claims'],
    ['with two subjects', { sub: ['shop', 'till'] }, {}, 'bad_claims'],
    ['with a line break in its subject', { sub: 'shop\nadmin' }, {}, 'bad_claims'],
    ['with a non-ASCII subject', { sub: 'shоp' }, {}, 'bad_claims'],
    ['with a subject that is too long', { sub: 'x'.repeat(256) }, {}, 'bad_claims'],
  ])('%s is rejected', async (_, claims, options, reason) => {
    expect(await identified(claims, options)).toEqual(rejected(reason));
  });

  it('within the clock tolerance is accepted', async () => {
    expect(await identified({ nbf: inSeconds(3) }, { expiresIn: -3 })).toMatchObject({ kind: 'known' });
  });

  it('with an algorithm that is not allowed is rejected even though its key is known', async () => {
    identity = identityWith({ algorithms: ['RS256'] });
    expect(await identified({}, { algorithm: 'RS256' })).toMatchObject({ kind: 'known' });
    expect(await identified({}, { algorithm: 'ES256' })).toEqual(rejected('algorithm_not_allowed'));
  });

  it.each(['none', 'None', 'NONE'])('that claims to need no signature (%s) is rejected', async (alg) => {
    const token = `${encode({ alg })}.${encode(CLAIMS)}.`;
    expect(await identity.authenticate(`Bearer ${token}`)).toEqual(rejected('algorithm_not_allowed'));
  });

  it('signed with the public key as a shared secret is rejected', async () => {
    const unsigned = `${encode({ alg: 'HS256', kid: 'RS256-1' })}.${encode(CLAIMS)}`;
    const signature = createHmac('sha256', await exportSPKI(provider.publicKey('RS256'))).update(unsigned);
    const token = `${unsigned}.${signature.digest('base64url')}`;
    expect(await identity.authenticate(`Bearer ${token}`)).toEqual(rejected('algorithm_not_allowed'));
  });

  it('that contains its own key is rejected', async () => {
    const other = await new IdentityProvider().start();
    const [header = '', claims = '', signature = ''] = (await other.token()).split('.');
    await other.stop();
    expect(await identity.authenticate(`Bearer ${header}.${claims}.${signature}`)).toEqual(rejected('bad_signature'));
  });

  it('whose claims were changed is rejected', async () => {
    const [header = '', , signature = ''] = (await provider.token()).split('.');
    const changed = `${header}.${encode({ ...CLAIMS, sub: 'admin' })}.${signature}`;
    expect(await identity.authenticate(`Bearer ${changed}`)).toEqual(rejected('bad_signature'));
  });

  it.each([
    ['an absent header', undefined, 'missing'],
    ['an empty header', '', 'missing'],
    ['another scheme', 'Basic c2hvcDpzZWNyZXQ=', 'malformed'],
    ['the scheme alone', 'Bearer ', 'malformed'],
    ['two tokens', 'Bearer a.b.c d.e.f', 'malformed'],
    ['text that is not a token', 'Bearer abc', 'malformed'],
    ['five parts', 'Bearer a.b.c.d.e', 'malformed'],
    ['parts that are not JSON', 'Bearer YWJj.YWJj.YWJj', 'malformed'],
  ])('is not found in %s', async (_, authorization, reason) => {
    expect(await identity.authenticate(authorization)).toEqual(rejected(reason));
  });

  it('is accepted whatever the case of its scheme', async () => {
    expect(await identity.authenticate(`bearer ${await provider.token()}`)).toMatchObject({ kind: 'known' });
  });
});
