import { createPublicKey } from 'node:crypto';
import type { JsonWebKey } from 'node:crypto';
import { each } from './attack.js';
import type { Attack } from './attack.js';
import { altered, byOwnKey, bySecret, claims, forge, OWN_KEY, publicJwk, unsigned } from './forge.js';
import { aSend } from './requests.js';
import { init, talk } from './sockets.js';
import type { World } from './world.js';

const REFUSED = '401 UNAUTHENTICATED';

/** What is shown: one value of the header, or several that are to be answered alike. */
type Shown = (world: World) => string | readonly string[] | Promise<string | readonly string[]>;

/** A send with something else in the header `authorization`. */
function showing(name: string, tries: string, stoppedBy: string, shown: Shown, change: Partial<Attack> = {}): Attack {
  return {
    name,
    tries,
    stage: 'identity',
    stoppedBy,
    answer: REFUSED,
    attack: async (world) => {
      const values = await shown(world);
      return each(typeof values === 'string' ? [values] : values, (authorization) =>
        world.ask(aSend(), { headers: { authorization } }),
      );
    },
    ...change,
  };
}

/** The same for tokens. */
function token(name: string, tries: string, stoppedBy: string, tokens: Shown, change: Partial<Attack> = {}): Attack {
  const shown: Shown = async (world) => [await tokens(world)].flat().map((each) => `Bearer ${each}`);
  return showing(name, tries, stoppedBy, shown, change);
}

const ALGORITHMS = 'AUTH_ALGORITHMS, asymmetric only';
const SIGNATURE = 'jose: jwtVerify with the keys of AUTH_JWKS_URL';
const CLAIMS = 'jose: jwtVerify, issuer, audience and times';
const HEADER_ONLY = 'src/server/http/authenticate.ts reads the header authorization and nothing else';

const signed = (world: World, change: Record<string, unknown>): Promise<string> =>
  world.around.identity.token({ sub: 'mallory', ...change });

const forgeries: readonly Attack[] = [
  token('is unsigned by alg none', 'alg "none" and no signature', ALGORITHMS, () =>
    ['none', 'None', 'NONE', 'nOnE', ''].map((alg) => forge({ alg }, claims(), unsigned)),
  ),
  token(
    'signs with the public key as a secret, as PEM',
    'key confusion: HS256 over the RSA key in PEM',
    ALGORITHMS,
    (world) => {
      const { kid, ...jwk } = publicJwk(world);
      const key = createPublicKey({ key: jwk as JsonWebKey, format: 'jwk' });
      const pems = (['spki', 'pkcs1'] as const).map((type) => key.export({ type, format: 'pem' }));
      return pems.map((pem) => forge({ alg: 'HS256', kid }, claims(), bySecret(pem)));
    },
  ),
  token(
    'signs with the public key as a secret, as JWK',
    'key confusion: HS256 over the text of the JWK',
    ALGORITHMS,
    (world) => {
      const jwk = publicJwk(world);
      const secrets = [JSON.stringify(jwk), String(jwk.n), Buffer.from(String(jwk.n), 'base64url')];
      return secrets.map((secret) => forge({ alg: 'HS256', kid: jwk.kid }, claims(), bySecret(secret)));
    },
  ),
  token('signs with an empty secret', 'HS256 over nothing', ALGORITHMS, (world) =>
    forge({ alg: 'HS256', kid: publicJwk(world).kid }, claims(), bySecret('')),
  ),
  token(
    'signs with a key of its own under a known kid',
    'RS256 by a key that is not the provider’s',
    SIGNATURE,
    (world) => forge({ alg: 'RS256', kid: publicJwk(world).kid }, claims(), byOwnKey()),
  ),
  token('signs with a key of its own under an unknown kid', 'RS256 with a kid that nobody has', SIGNATURE, () =>
    forge({ alg: 'RS256', kid: 'mine' }, claims(), byOwnKey()),
  ),
  token('brings its key along in the header', 'jwk and x5c in the header', SIGNATURE, (world) => {
    const jwk = OWN_KEY.publicKey.export({ format: 'jwk' });
    const x5c = [OWN_KEY.publicKey.export({ type: 'spki', format: 'der' }).toString('base64')];
    const { kid } = publicJwk(world);
    return [{ jwk }, { x5c }, { jwk, kid }, { x5c, kid }].map((header) =>
      forge({ alg: 'RS256', ...header }, claims(), byOwnKey()),
    );
  }),
  {
    ...token(
      'names an address of its key in the header',
      'jku and x5u that lead to a server of the attacker',
      SIGNATURE,
      () => [],
    ),
    answer: `${REFUSED}, not visited`,
    attack: async (world) => {
      const { hidden } = world.around;
      const before = hidden.visits;
      const answer = await each(['jku', 'x5u'], (name) => {
        const header = { alg: 'RS256', kid: 'mine', [name]: `${hidden.url}/keys.json` };
        return world.ask(aSend(), { headers: { authorization: `Bearer ${forge(header, claims(), byOwnKey())}` } });
      });
      return `${answer}, ${hidden.visits === before ? 'not visited' : 'visited'}`;
    },
  },
  token('has a kid that is a path', 'kid "/dev/null" and the like, signed with what is there', SIGNATURE, () =>
    ['../../../../dev/null', '/dev/null', 'file:///dev/null'].flatMap((kid) => [
      forge({ alg: 'HS256', kid }, claims(), bySecret('')),
      forge({ alg: 'RS256', kid }, claims(), byOwnKey()),
    ]),
  ),
  token('has a kid that is SQL or a prototype', 'kid "\' UNION SELECT …", "__proto__", {}', SIGNATURE, () =>
    ["' UNION SELECT 'x", "x'; DROP TABLE api_keys; --", '__proto__', 'constructor', {}, ['RS256-1'], null].map((kid) =>
      forge({ alg: 'RS256', kid }, claims(), byOwnKey()),
    ),
  ),
  token(
    'has claims changed after signing',
    'another sub and more scopes under the old signature',
    SIGNATURE,
    async (world) => altered(await signed(world, {}), { sub: 'shop', scope: 'backoffice:read payments:send' }),
  ),
  token('has its signature cut off', 'header and claims of a good token alone', SIGNATURE, async (world) => {
    const [header = '', payload = '', signature = ''] = (await signed(world, {})).split('.');
    return [`${header}.${payload}.`, `${header}.${payload}`, `${header}.${payload}.${signature.slice(0, -4)}`];
  }),
  token('is signed with zeros', 'ES256 with r and s of zero', SIGNATURE, (world) => {
    const kid = world.around.identity.keySet.keys.find(({ alg }) => alg === 'ES256')?.kid;
    return forge({ alg: 'ES256', kid }, claims(), () => Buffer.alloc(64));
  }),
  token('has critical extensions that nobody knows', 'crit, b64 and other extensions', SIGNATURE, () =>
    ['b64', 'http://example.com/x'].map((name) =>
      forge({ alg: 'RS256', kid: 'mine', crit: [name], [name]: false }, claims(), byOwnKey()),
    ),
  ),
  token(
    'is not a token at all',
    'plain text, five parts, empty parts, JSON, numbers',
    'src/server/http/authenticate.ts',
    () =>
      ['x', '..', '....', 'a.b.c', 'a.b.c.d.e', '{}', '0', 'null', 'undefined', 'ey'].concat('%00', '"', "' OR 1=1 --"),
  ),
];

const untimely: readonly Attack[] = [
  token('has expired', 'a token of yesterday', CLAIMS, ({ around }) =>
    Promise.all([-10, -86_400].map((expiresIn) => around.identity.token({}, { expiresIn }))),
  ),
  token('never expires', 'a token without exp', 'src/identity: exp is required', ({ around }) =>
    around.identity.token({}, { expiresIn: undefined }),
  ),
  token('is not yet valid', 'nbf in an hour', CLAIMS, (world) => signed(world, { nbf: Date.now() / 1_000 + 3_600 })),
  token('is for another audience', 'a token for another service, or for none', CLAIMS, (world) =>
    Promise.all(['other', ['other'], [], '', 'payment', 'PAYMENTS'].map((aud) => signed(world, { aud }))),
  ),
  token('is of another issuer', 'iss with another host, without the slash, with a path, as a list', CLAIMS, (world) => {
    const issuers = [
      'https://evil.example/',
      'https://identity.example',
      'https://identity.example/x',
      ['https://identity.example/'],
    ];
    return Promise.all(issuers.map((iss) => signed(world, { iss: iss })));
  }),
  token(
    'names nobody, or somebody that cannot be written down',
    'sub empty, too long, of NUL, RTL, homoglyphs or numbers',
    'src/identity: 1-255 printable ASCII characters',
    (world) => {
      const subjects = [
        '',
        'x'.repeat(256),
        'shop\0',
        '\u202eshop',
        'sh\u043ep',
        'shop\n',
        '\ud800',
        5,
        null,
        { id: 'shop' },
      ];
      return Promise.all(subjects.map((sub) => signed(world, { sub: sub })));
    },
  ),
];

const misplaced: readonly Attack[] = [
  {
    name: 'shows nothing',
    tries: 'no header authorization',
    stage: 'identity',
    stoppedBy: 'src/server/http/authenticate.ts',
    answer: REFUSED,
    attack: (world) => world.ask(aSend(), { headers: { authorization: undefined } }),
  },
  showing('shows a password', 'Basic and other schemes', 'src/server/http/authenticate.ts', async (world) => {
    const good = await signed(world, {});
    return ['Basic c2hvcDpzaG9w', `Basic ${good}`, `Token ${good}`, good, `Bearer${good}`, 'Bearer', 'Bearer '];
  }),
  {
    name: 'has its token in the address',
    tries: 'a good token as access_token, token and authorization of the query string',
    stage: 'identity',
    stoppedBy: HEADER_ONLY,
    answer: REFUSED,
    attack: async (world) => {
      const good = await signed(world, {});
      return each(['access_token', 'token', 'authorization', 'Authorization'], (name) =>
        world.ask(aSend(), { headers: { authorization: undefined }, path: `/graphql?${name}=${good}` }),
      );
    },
  },
  {
    name: 'has its token in a cookie or the body',
    tries: 'a good token where browsers send one by themselves, and in extensions',
    stage: 'identity',
    stoppedBy: HEADER_ONLY,
    answer: REFUSED,
    attack: async (world) => {
      const good = await signed(world, {});
      const cookie = `authorization=Bearer ${good}; access_token=${good}`;
      const body = { ...aSend(), extensions: { authorization: `Bearer ${good}` } };
      return world.ask(body, { headers: { authorization: undefined, cookie } });
    },
  },
  {
    name: 'says who it is by headers of proxies',
    tries: 'x-user-id, x-forwarded-user, x-client-id and the like',
    stage: 'identity',
    stoppedBy: HEADER_ONLY,
    answer: REFUSED,
    attack: (world) => {
      const names = [
        'x-user-id',
        'x-forwarded-user',
        'x-client-id',
        'x-authenticated-user',
        'x-remote-user',
        'x-original-authorization',
      ];
      const headers = Object.fromEntries(names.map((name) => [name, 'shop']));
      return world.ask(aSend(), { headers: { authorization: undefined, ...headers } });
    },
  },
  {
    name: 'opens a WebSocket without a token',
    tries: 'connection_init that names nobody',
    stage: 'identity',
    stoppedBy: 'src/server/subscriptions/websocket/websocket-connection.ts',
    answer: 'closed 4403',
    attack: (world) => talk(world, [init()]),
  },
  {
    name: 'opens a WebSocket with a forged token',
    tries: 'connection_init and the header of the upgrade, with tokens of a key of its own',
    stage: 'identity',
    stoppedBy: 'src/server/subscriptions/websocket/websocket-connection.ts',
    answer: 'closed 4403',
    attack: (world) => {
      const forged = `Bearer ${forge({ alg: 'RS256', kid: publicJwk(world).kid }, claims(), byOwnKey())}`;
      return each([{}, { headers: { authorization: forged } }], (by) => talk(world, [init(forged)], by));
    },
  },
];

/** Once for all unknown kids of half a minute or so, not once for each. */
const MOST_FETCHES = 3;

const floods: readonly Attack[] = [
  {
    ...token(
      'floods with unknown kids',
      'a new kid with each token, so that keys are fetched each time',
      'jose: createRemoteJWKSet, cooldownDuration',
      () => [],
    ),
    answer: `${REFUSED}, keys seldom fetched`,
    repeats: 300,
    attack: async (world) => {
      const { identity } = world.around;
      const kid = `unknown-${Math.random()}`;
      const authorization = `Bearer ${forge({ alg: 'RS256', kid }, claims(), byOwnKey())}`;
      const before = identity.requests;
      const answer = await each([...Array(10).keys()], () => world.ask(aSend(), { headers: { authorization } }));
      return `${answer}, keys ${identity.requests - before > MOST_FETCHES ? 'fetched each time' : 'seldom fetched'}`;
    },
  },
  token(
    'floods with forged tokens',
    'token after token of a key of its own',
    SIGNATURE,
    (world) => forge({ alg: 'RS256', kid: publicJwk(world).kid }, claims({ sub: String(Math.random()) }), byOwnKey()),
    { repeats: 500 },
  ),
];

const key = (name: string, tries: string, shown: Shown, change: Partial<Attack> = {}): Attack =>
  showing(name, tries, 'src/identity: API keys by prefix, hash, expiry', shown, { on: 'keys', ...change });

const bearers = (...keys: readonly string[]): string[] => keys.map((each) => `Bearer ${each}`);

const apiKeys: readonly Attack[] = [
  key('shows a revoked API key', 'a key that was taken back', ({ around: { keys } }) => bearers(keys.revoked)),
  key('shows an expired API key', 'a key whose time is over', ({ around: { keys } }) => bearers(keys.expired)),
  key('shows a forged API key', 'a known prefix with another secret', ({ around: { keys } }) =>
    bearers(keys.withOtherSecret(), keys.good.slice(0, -1), `${keys.good}x`, keys.good.toUpperCase(), keys.prefix),
  ),
  key(
    'shows an API key of another prefix',
    'the secret of one key under the prefix of another',
    ({ around: { keys } }) => bearers(keys.underOtherPrefix()),
  ),
  key('shows SQL as an API key', 'quotes, wildcards and NUL in place of the prefix', ({ around: { keys } }) =>
    bearers(
      keys.withPrefix("' OR '1'='1"),
      keys.withPrefix('%'),
      keys.withPrefix('_'.repeat(8)),
      keys.withPrefix('%00'),
    ),
  ),
  key(
    'shows a token where API keys are wanted',
    'a good token of a provider that this gateway does not know',
    (world) => world.around.identity.bearer({ sub: 'mallory' }),
  ),
  {
    ...key(
      'has its API key in the address',
      'a good key as api_key, key and authorization of the query string',
      () => [],
    ),
    attack: (world) =>
      each(['api_key', 'apiKey', 'key', 'authorization'], (name) =>
        world.ask(aSend(), {
          headers: { authorization: undefined },
          path: `/graphql?${name}=${encodeURIComponent(world.around.keys.good)}`,
        }),
      ),
  },
  key(
    'floods with wrong API keys',
    'key after key, in the hope of one',
    ({ around: { keys } }) => bearers(keys.withOtherSecret(), keys.unknown()),
    { repeats: 1_000 },
  ),
];

export const identityAttacks: readonly Attack[] = [...forgeries, ...untimely, ...misplaced, ...floods, ...apiKeys];
