import { sendEach } from '../attack.js';
import type { Attack } from '../attack.js';
import type { Attacker, Fixtures } from '../attacker.js';
import { emailMutation } from '../requests.js';

/** A mutation with each of these values as a bearer token, sent to a gateway that expects API keys. */
function apiKey(
  name: string,
  details: string,
  keysOf: (keys: Fixtures['apiKeys'], attacker: Attacker) => readonly string[] | Promise<readonly string[]>,
  change: Partial<Attack> = {},
): Attack {
  return {
    name,
    details,
    stage: 'identity',
    stoppedBy: 'src/identity checks the prefix, the hash and the expiry of a key',
    response: '401 UNAUTHENTICATED',
    gateway: 'keys',
    run: async (attacker) =>
      sendEach(await keysOf(attacker.fixtures.apiKeys, attacker), (key) =>
        attacker.send(emailMutation(), { headers: { authorization: `Bearer ${key}` } }),
      ),
    ...change,
  };
}

/** API keys that are not valid, or not in the right place. */
export const apiKeyAttacks: readonly Attack[] = [
  apiKey('sends a revoked API key', 'A key that was revoked.', (keys) => [keys.revoked]),
  apiKey('sends an expired API key', 'A key that was rotated and has expired.', (keys) => [keys.expired]),
  apiKey(
    'forges an API key',
    'A known prefix with another secret or none, and a valid key shortened, extended and in upper case.',
    (keys) => [
      keys.withOtherSecret(),
      keys.valid.slice(0, -1),
      `${keys.valid}x`,
      keys.valid.toUpperCase(),
      keys.prefix,
    ],
  ),
  apiKey('combines two API keys', 'The secret of one key with the prefix of another.', (keys) => [
    keys.underOtherPrefix(),
  ]),
  apiKey('sends SQL in an API key', 'Quotes, wildcards and NUL in place of the prefix.', (keys) => [
    keys.withPrefix("' OR '1'='1"),
    keys.withPrefix('%'),
    keys.withPrefix('_'.repeat(8)),
    keys.withPrefix('%00'),
  ]),
  apiKey(
    'sends an access token to a gateway that expects API keys',
    'A valid token of an identity provider that this gateway does not use.',
    async (_keys, { fixtures }) => [await fixtures.identityProvider.token({ sub: 'mallory' })],
  ),
  apiKey(
    'sends many wrong API keys',
    'A new known prefix and a new unknown prefix with wrong secrets in each repetition.',
    (keys) => [keys.withOtherSecret(), keys.unknown()],
    { repeats: 1_000 },
  ),
  {
    ...apiKey(
      'sends its API key in the URL',
      'A valid key as the query parameter api_key, apiKey, key or authorization.',
      () => [],
    ),
    run: (attacker) =>
      sendEach(['api_key', 'apiKey', 'key', 'authorization'], (name) =>
        attacker.send(emailMutation(), {
          headers: { authorization: undefined },
          path: `/graphql?${name}=${encodeURIComponent(attacker.fixtures.apiKeys.valid)}`,
        }),
      ),
  },
];
