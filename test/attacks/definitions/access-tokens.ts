import { createPublicKey } from 'node:crypto';
import { sendEach } from '../attack.js';
import type { Attack } from '../attack.js';
import type { Attacker } from '../attacker.js';
import {
  OWN_KEY,
  altered,
  claims,
  forge,
  publicJwk,
  signedByOwnKey,
  signedBySecret,
  unsigned,
} from '../forged-tokens.js';
import { emailMutation, indexes } from '../requests.js';

const UNAUTHENTICATED = '401 UNAUTHENTICATED';

const ALGORITHMS = 'AUTH_ALGORITHMS allows only asymmetric algorithms';
const SIGNATURE = 'jose (jwtVerify with the keys of AUTH_JWKS_URL)';
const CLAIMS = 'jose (jwtVerify checks issuer, audience and times)';

type Tokens = string | readonly string[];

/** A mutation with each of these tokens. */
function token(
  name: string,
  details: string,
  stoppedBy: string,
  tokens: (attacker: Attacker) => Tokens | Promise<Tokens>,
  change: Partial<Attack> = {},
): Attack {
  return {
    name,
    details,
    stage: 'identity',
    stoppedBy,
    response: UNAUTHENTICATED,
    run: async (attacker) => sendEach([await tokens(attacker)].flat(), (each) => sendWith(attacker, each)),
    ...change,
  };
}

const sendWith = (attacker: Attacker, token: string): Promise<string> =>
  attacker.send(emailMutation(), { headers: { authorization: `Bearer ${token}` } });

/** A token of the identity provider with other claims. */
const signed = ({ fixtures }: Attacker, change: Record<string, unknown>): Promise<string> =>
  fixtures.identityProvider.token({ sub: 'mallory', ...change });

const forgedTokens: readonly Attack[] = [
  token(
    'sends a token with the algorithm "none"',
    'An unsigned token with alg none, in several spellings.',
    ALGORITHMS,
    () => ['none', 'None', 'NONE', 'nOnE', ''].map((alg) => forge({ alg }, claims(), unsigned)),
  ),
  token(
    'uses the public key as an HMAC secret, as PEM',
    'Key confusion: HS256 with the provider’s public RSA key in PEM format as the secret.',
    ALGORITHMS,
    (attacker) => {
      const { kid, ...jwk } = publicJwk(attacker);
      const key = createPublicKey({ key: jwk, format: 'jwk' });
      const pems = (['spki', 'pkcs1'] as const).map((type) => key.export({ type, format: 'pem' }));
      return pems.map((pem) => forge({ alg: 'HS256', kid }, claims(), signedBySecret(pem)));
    },
  ),
  token(
    'uses the public key as an HMAC secret, as JWK',
    'Key confusion: HS256 with the text or the modulus of the provider’s public JWK as the secret.',
    ALGORITHMS,
    (attacker) => {
      const jwk = publicJwk(attacker);
      const secrets = [JSON.stringify(jwk), String(jwk.n), Buffer.from(String(jwk.n), 'base64url')];
      return secrets.map((secret) => forge({ alg: 'HS256', kid: jwk.kid }, claims(), signedBySecret(secret)));
    },
  ),
  token('signs a token with an empty secret', 'HS256 with an empty secret.', ALGORITHMS, (attacker) =>
    forge({ alg: 'HS256', kid: publicJwk(attacker).kid }, claims(), signedBySecret('')),
  ),
  token(
    'signs a token with its own key under a known key id',
    'RS256 with a key of the attacker and a kid of the provider.',
    SIGNATURE,
    (attacker) => forge({ alg: 'RS256', kid: publicJwk(attacker).kid }, claims(), signedByOwnKey()),
  ),
  token(
    'signs a token with its own key under an unknown key id',
    'RS256 with a key of the attacker and a kid that the provider does not have.',
    SIGNATURE,
    () => forge({ alg: 'RS256', kid: 'mine' }, claims(), signedByOwnKey()),
  ),
  token(
    'puts its own key into the header of a token',
    'The public key of the attacker as jwk or x5c.',
    SIGNATURE,
    (attacker) => {
      const jwk = OWN_KEY.publicKey.export({ format: 'jwk' });
      const x5c = [OWN_KEY.publicKey.export({ type: 'spki', format: 'der' }).toString('base64')];
      const { kid } = publicJwk(attacker);
      return [{ jwk }, { x5c }, { jwk, kid }, { x5c, kid }].map((header) =>
        forge({ alg: 'RS256', ...header }, claims(), signedByOwnKey()),
      );
    },
  ),
  {
    ...token(
      'puts the URL of its own key into the header of a token',
      'jku and x5u with the URL of a server of the attacker.',
      SIGNATURE,
      () => [],
    ),
    response: `${UNAUTHENTICATED}, not called`,
    run: (attacker) => {
      const { hiddenServer } = attacker.fixtures;
      return hiddenServer.watch(() =>
        sendEach(['jku', 'x5u'], (name) => {
          const header = { alg: 'RS256', kid: 'mine', [name]: `${hiddenServer.url}/keys.json` };
          return sendWith(attacker, forge(header, claims(), signedByOwnKey()));
        }),
      );
    },
  },
  token(
    'sends a token whose key id is a path',
    'A kid such as /dev/null, and a signature with an empty secret or a key of the attacker.',
    SIGNATURE,
    () =>
      ['../../../../dev/null', '/dev/null', 'file:///dev/null'].flatMap((kid) => [
        forge({ alg: 'HS256', kid }, claims(), signedBySecret('')),
        forge({ alg: 'RS256', kid }, claims(), signedByOwnKey()),
      ]),
  ),
  token(
    'sends a token whose key id is SQL or a prototype',
    'A kid such as "\' UNION SELECT", "__proto__", an object, a list and null.',
    SIGNATURE,
    () =>
      ["' UNION SELECT 'x", "x'; DROP TABLE api_keys; --", '__proto__', 'constructor', {}, ['RS256-1'], null].map(
        (kid) => forge({ alg: 'RS256', kid }, claims(), signedByOwnKey()),
      ),
  ),
  token(
    'changes the claims of a valid token',
    'Another sub and more scopes under the original signature.',
    SIGNATURE,
    async (attacker) => altered(await signed(attacker, {}), { sub: 'shop', scope: 'backoffice:read payments:send' }),
  ),
  token(
    'removes the signature of a valid token',
    'A valid token without its signature, and with a shortened one.',
    SIGNATURE,
    async (attacker) => {
      const [header = '', payload = '', signature = ''] = (await signed(attacker, {})).split('.');
      return [`${header}.${payload}.`, `${header}.${payload}`, `${header}.${payload}.${signature.slice(0, -4)}`];
    },
  ),
  token('signs a token with zeros', 'ES256 with r and s of zero.', SIGNATURE, ({ fixtures }) => {
    const kid = fixtures.identityProvider.keySet.keys.find(({ alg }) => alg === 'ES256')?.kid;
    return forge({ alg: 'ES256', kid }, claims(), () => Buffer.alloc(64));
  }),
  token('sends a token with unknown critical extensions', 'crit with b64 or a URL.', SIGNATURE, () =>
    ['b64', 'http://example.com/x'].map((name) =>
      forge({ alg: 'RS256', kid: 'mine', crit: [name], [name]: false }, claims(), signedByOwnKey()),
    ),
  ),
  token(
    'sends text that is not a token',
    'Plain text, JSON, SQL, and tokens with too many or empty parts.',
    'src/server/http/authenticate.ts',
    () =>
      ['x', '..', '....', 'a.b.c', 'a.b.c.d.e', '{}', '0', 'null', 'undefined', 'ey'].concat('%00', '"', "' OR 1=1 --"),
  ),
];

const wrongClaims: readonly Attack[] = [
  token('sends an expired token', 'Tokens that expired 10 seconds and a day ago.', CLAIMS, ({ fixtures }) =>
    Promise.all([-10, -86_400].map((expiresIn) => fixtures.identityProvider.token({}, { expiresIn }))),
  ),
  token('sends a token that never expires', 'A token without exp.', 'src/identity requires exp', ({ fixtures }) =>
    fixtures.identityProvider.token({}, { expiresIn: undefined }),
  ),
  token('sends a token that is not yet valid', 'A token whose nbf is an hour in the future.', CLAIMS, (attacker) =>
    signed(attacker, { nbf: Date.now() / 1_000 + 3_600 }),
  ),
  token(
    'sends a token for another audience',
    'aud of another service, empty, a list, in upper case and shortened.',
    CLAIMS,
    (attacker) =>
      Promise.all(['other', ['other'], [], '', 'payment', 'PAYMENTS'].map((aud) => signed(attacker, { aud }))),
  ),
  token(
    'sends a token of another issuer',
    'iss with another host, without its slash, with a path, and as a list.',
    CLAIMS,
    (attacker) => {
      const issuers = [
        'https://evil.example/',
        'https://identity.example',
        'https://identity.example/x',
        ['https://identity.example/'],
      ];
      return Promise.all(issuers.map((iss) => signed(attacker, { iss })));
    },
  ),
  token(
    'sends a token with an invalid subject',
    'sub that is empty, too long, a number or an object, or contains control, right-to-left or look-alike characters.',
    'src/identity accepts 1 to 255 printable ASCII characters',
    (attacker) => {
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
      return Promise.all(subjects.map((sub) => signed(attacker, { sub })));
    },
  ),
];

/** Unknown key ids share one request for keys in about half a minute. */
const MAX_KEY_REQUESTS = 3;

const floods: readonly Attack[] = [
  {
    ...token(
      'makes the gateway fetch keys with each token',
      '10 tokens with the same unknown kid, and another kid in each repetition.',
      'jose (createRemoteJWKSet with cooldownDuration)',
      () => [],
    ),
    response: `${UNAUTHENTICATED}, keys rarely fetched`,
    repeats: 300,
    run: async (attacker) => {
      const { identityProvider } = attacker.fixtures;
      const forged = forge({ alg: 'RS256', kid: `unknown-${Math.random()}` }, claims(), signedByOwnKey());
      const before = identityProvider.requests;
      const response = await sendEach(indexes(10), () => sendWith(attacker, forged));
      const isRare = identityProvider.requests - before <= MAX_KEY_REQUESTS;
      return `${response}, keys ${isRare ? 'rarely fetched' : 'fetched each time'}`;
    },
  },
  token(
    'sends many forged tokens',
    'A new token in each request, signed with a key of the attacker.',
    SIGNATURE,
    (attacker) =>
      forge({ alg: 'RS256', kid: publicJwk(attacker).kid }, claims({ sub: String(Math.random()) }), signedByOwnKey()),
    { repeats: 500 },
  ),
];

/** Forged tokens, and valid tokens that are not meant for this gateway. */
export const accessTokenAttacks: readonly Attack[] = [...forgedTokens, ...wrongClaims, ...floods];
