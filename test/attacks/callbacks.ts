import { randomUUID } from 'node:crypto';
import { until } from '../support/until.js';
import { each } from './attack.js';
import type { Attack } from './attack.js';
import { WATCH } from './requests.js';
import { CHANGING_NAMES } from './names.js';
import type { World } from './world.js';

const LIST = 'src/server/subscriptions/callbacks/callback-destination.ts: SUBSCRIPTION_CALLBACK_HOSTS';
const ADDRESSES = 'src/server/subscriptions/callbacks: the address that is connected to is checked';

/** Asks, as the victim, to be called back at an address. */
function callAt(world: World, callbackUrl: string): Promise<string> {
  const subscription = { callbackUrl, subscriptionId: randomUUID(), verifier: randomUUID(), heartbeatIntervalMs: 0 };
  const body = { query: WATCH, variables: { id: world.victim.id }, extensions: { subscription } };
  return world.ask(body, { headers: { authorization: world.victim.authorization } });
}

/** What is answered, and whether the server that nobody may call was called. */
async function unvisited(world: World, attack: () => Promise<string>): Promise<string> {
  const { hidden } = world.around;
  const before = hidden.visits;
  const answer = await attack();
  return `${answer}, ${hidden.visits === before ? 'not called' : 'called'}`;
}

function callback(
  name: string,
  tries: string,
  stoppedBy: string,
  answer: string,
  urls: (world: World) => readonly string[],
): Attack {
  return {
    name,
    tries,
    stage: 'callback addresses',
    stoppedBy,
    answer: `${answer}, not called`,
    attack: (world) => unvisited(world, () => each(urls(world), (url) => callAt(world, url))),
  };
}

const NOT_ALLOWED = '400 CALLBACK_NOT_ALLOWED';
const UNREACHABLE = '400 CALLBACK_NOT_ALLOWED';

const portOf = ({ around }: World): number => around.hidden.port;

export const callbackAttacks: readonly Attack[] = [
  callback(
    'is called back in the private network',
    'internal names and numbers that are on no list',
    LIST,
    NOT_ALLOWED,
    (world) =>
      [
        'localhost',
        '127.0.0.2',
        '10.0.0.1',
        '192.168.0.1',
        '172.16.0.1',
        '169.254.169.254',
        'metadata.google.internal',
        '0.0.0.0',
        '[::1]',
        '[fd00::1]',
        '[fe80::1]',
      ].map((host) => `http://${host}:${portOf(world)}/`),
  ),
  callback(
    'writes an internal address in other numbers',
    'decimal, hex, octal, short, IPv6-mapped',
    LIST,
    NOT_ALLOWED,
    (world) =>
      [
        '2130706434',
        '0x7f000002',
        '0177.0.0.2',
        '127.2',
        '[::ffff:127.0.0.2]',
        '[::ffff:7f00:2]',
        '[64:ff9b::7f00:2]',
        '127.0.0.2.',
        '\u2460\u2461\u2466.0.0.2',
      ].map((host) => `http://${host}:${portOf(world)}/`),
  ),
  callback(
    'hides the host behind user info',
    'an allowed host before @, an internal one behind it',
    LIST,
    NOT_ALLOWED,
    (world) => {
      const { host } = world.around.router;
      const hidden = `127.0.0.2:${portOf(world)}`;
      return [
        `http://${host}@${hidden}/`,
        `http://${host}:80@${hidden}/`,
        `http://${hidden}#@${host}/`,
        `http://${hidden}\\@${host}/`,
        `http://${hidden}/?@${host}/`,
        `http://x:y@${host}/`,
      ];
    },
  ),
  callback('is called back at another port', 'an allowed host with other ports', LIST, NOT_ALLOWED, () => [
    'http://127.0.0.1/',
    'http://127.0.0.1:22/',
    'http://127.0.0.1:6379/',
    'https://127.0.0.1/',
  ]),
  callback('is called back by another protocol', 'file, ftp, gopher, data, javascript', LIST, NOT_ALLOWED, (world) => [
    'file:///etc/passwd',
    `ftp://${world.around.router.host}/`,
    `gopher://${world.around.router.host}/`,
    `ws://${world.around.router.host}/`,
    'data:,x',
    'javascript:1',
    '//127.0.0.1/',
    'x',
    `HTTP:${world.around.router.host}x`,
  ]),
  callback(
    'is called back by an allowed name that leads inside',
    'a name of the list that resolves to an internal address',
    ADDRESSES,
    UNREACHABLE,
    (world) => [`http://internal.attacker.example:${portOf(world)}/`],
  ),
  callback(
    'is called back by a name with two addresses',
    'an allowed address and an internal one at once',
    ADDRESSES,
    UNREACHABLE,
    (world) => [`http://both.attacker.example:${portOf(world)}/`],
  ),
  {
    ...callback(
      'is redirected inside',
      'an allowed host that responds 302, 307 and 308 with an internal address',
      'src/server/subscriptions/callbacks/callback-endpoint.ts: redirects are not followed',
      '400 CALLBACK_REFUSED',
      () => [],
    ),
    attack: (world) => {
      const { router } = world.around;
      const location = `http://127.0.0.2:${portOf(world)}/`;
      return unvisited(world, () =>
        each([301, 302, 303, 307, 308], (status) => {
          router.answer = (_message, response) => void response.writeHead(status, { location }).end();
          return callAt(world, router.open().callbackUrl).finally(() => (router.answer = undefined));
        }),
      );
    },
  },
  {
    ...callback(
      'changes its address after it was checked',
      'DNS rebinding: an allowed address first, an internal one from then on',
      ADDRESSES,
      '200 null',
      () => [],
    ),
    answer: '200, not called',
    attack: (world) => unvisited(world, () => rebind(world)),
  },
  {
    ...callback(
      'breaks lines in what a callback sends',
      'CR and LF in the URL, the id and the verifier',
      'src/server/subscriptions/callbacks: all of it goes into a JSON body',
      '',
      () => [],
    ),
    answer: '400 CALLBACK_NOT_ALLOWED | 400 CALLBACK_REFUSED',
    attack: (world) => {
      const { host } = world.around.router;
      return each([`http://${host}\r\nx: y/`, `http://${host}/\r\nx: y HTTP/1.1\r\n`], (url) => callAt(world, url));
    },
  },
  {
    ...callback(
      'asks for callbacks that are none',
      'URLs of other types, without end, heartbeats of no time',
      'src/server/subscriptions/callbacks/registration.ts',
      '',
      () => [],
    ),
    answer: '400 BAD_REQUEST',
    attack: (world) =>
      each(
        [
          { callbackUrl: 5 },
          { callbackUrl: `http://${world.around.router.host}/${'x'.repeat(5_000)}` },
          { heartbeatIntervalMs: 1 },
          { verifier: {} },
          { subscriptionId: '' },
        ],
        (change) => {
          const subscription = {
            callbackUrl: `http://${world.around.router.host}/`,
            subscriptionId: 'x',
            verifier: 'y',
            heartbeatIntervalMs: 0,
            ...change,
          };
          return world.ask(
            { query: WATCH, variables: { id: world.victim.id }, extensions: { subscription } },
            { headers: { authorization: world.victim.authorization } },
          );
        },
      ),
  },
];

/** Of the names that lead inside from the second time on, how many were used. */
let changed = -1;

/** Resolves when a second message went out, or was held back, after the name began to lead inside. */
async function rebind(world: World): Promise<string> {
  const { router } = world.around;
  const name = `changing-${(changed += 1) % CHANGING_NAMES}.attacker.example`;
  const watching = router.open();
  const { id: subscriptionId, verifier } = watching;
  const callbackUrl = `http://${name}:${router.port}/`;
  const subscription = { callbackUrl, subscriptionId, verifier, heartbeatIntervalMs: 0 };
  // Each message on a connection of its own, so that each looks the name up.
  router.answer = (_message, response) => void response.setHeader('connection', 'close');
  const body = { query: WATCH, variables: { id: world.victim.id }, extensions: { subscription } };
  const answer = await world.ask(body, { headers: { authorization: world.victim.authorization } });
  await until(() => lookupsOf(world, name) > 1 || watching.of('next').length > 0 || !answer.startsWith('200'));
  router.answer = undefined;
  return answer;
}

function lookupsOf({ gateway }: World, name: string): number {
  return gateway.output.split(`"lookedUp":"${name}"`).length - 1;
}
