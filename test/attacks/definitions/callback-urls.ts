import { randomUUID } from 'node:crypto';
import { until } from '../../support/until.js';
import { sendEach } from '../attack.js';
import type { Attack } from '../attack.js';
import type { Attacker } from '../attacker.js';
import { CHANGING_NAMES } from '../changing-names.js';
import { callbackSubscription } from '../requests.js';

const CALLBACKS = 'src/server/subscriptions/callbacks';
const HOST_POLICY = `${CALLBACKS}/callback-destination.ts (SUBSCRIPTION_CALLBACK_HOSTS)`;
const ADDRESS_POLICY = `${CALLBACKS}/callback-destination.ts checks the address of each connection`;

/** Subscribes to the victim's payment as the victim, with results posted to a URL. */
function subscribeTo(attacker: Attacker, subscription: Record<string, unknown>): Promise<string> {
  const { id, authorization } = attacker.victim;
  return attacker.send(callbackSubscription(id, subscription), { headers: { authorization } });
}

const subscribeWith = (attacker: Attacker, callbackUrl: string): Promise<string> =>
  subscribeTo(attacker, {
    callbackUrl,
    subscriptionId: randomUUID(),
    verifier: randomUUID(),
    heartbeatIntervalMs: 0,
  });

/** A subscription with each of these URLs, none of which may be called. */
function callbackUrls(
  name: string,
  details: string,
  stoppedBy: string,
  urls: (attacker: Attacker) => readonly string[],
): Attack {
  return {
    name,
    details,
    stage: 'callback addresses',
    stoppedBy,
    response: '400 CALLBACK_NOT_ALLOWED, not called',
    run: (attacker) =>
      attacker.fixtures.hiddenServer.watch(() => sendEach(urls(attacker), (url) => subscribeWith(attacker, url))),
  };
}

const atHosts =
  (hosts: readonly string[]) =>
  ({ fixtures }: Attacker): string[] =>
    hosts.map((host) => `http://${host}:${fixtures.hiddenServer.port}/`);

/** Subscriptions that would make the gateway call internal servers. */
export const callbackUrlAttacks: readonly Attack[] = [
  callbackUrls(
    'makes the gateway call an internal host',
    'Callback URLs with internal names and addresses that are not in SUBSCRIPTION_CALLBACK_HOSTS.',
    HOST_POLICY,
    atHosts([
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
    ]),
  ),
  callbackUrls(
    'writes an internal address in another form',
    'Callback URLs with 127.0.0.2 in decimal, hexadecimal, octal and short form, as an IPv6 address, and in circled digits.',
    HOST_POLICY,
    atHosts([
      '2130706434',
      '0x7f000002',
      '0177.0.0.2',
      '127.2',
      '[::ffff:127.0.0.2]',
      '[::ffff:7f00:2]',
      '[64:ff9b::7f00:2]',
      '127.0.0.2.',
      '\u2460\u2461\u2466.0.0.2',
    ]),
  ),
  callbackUrls(
    'hides an internal host in a callback URL',
    'An allowed host as user info, and an internal host before a fragment, a backslash or a query.',
    HOST_POLICY,
    ({ fixtures: { router, hiddenServer } }) => {
      const { host } = router;
      const hidden = `127.0.0.2:${hiddenServer.port}`;
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
  callbackUrls('makes the gateway call another port', 'An allowed host with other ports.', HOST_POLICY, () => [
    'http://127.0.0.1/',
    'http://127.0.0.1:22/',
    'http://127.0.0.1:6379/',
    'https://127.0.0.1/',
  ]),
  callbackUrls(
    'makes the gateway use another protocol',
    'Callback URLs with file, ftp, gopher, ws, data and javascript, and without a protocol.',
    HOST_POLICY,
    ({ fixtures: { router } }) => [
      'file:///etc/passwd',
      `ftp://${router.host}/`,
      `gopher://${router.host}/`,
      `ws://${router.host}/`,
      'data:,x',
      'javascript:1',
      '//127.0.0.1/',
      'x',
      `HTTP:${router.host}x`,
    ],
  ),
  callbackUrls(
    'uses an allowed host that resolves to an internal address',
    'A host of SUBSCRIPTION_CALLBACK_HOSTS whose DNS name resolves to 127.0.0.2.',
    ADDRESS_POLICY,
    atHosts(['internal.attacker.example']),
  ),
  callbackUrls(
    'uses an allowed host with two addresses',
    'A host of SUBSCRIPTION_CALLBACK_HOSTS whose DNS name resolves to an allowed and an internal address.',
    ADDRESS_POLICY,
    atHosts(['both.attacker.example']),
  ),
  {
    name: 'redirects the gateway to an internal address',
    details: 'An allowed host that responds with 301, 302, 303, 307 or 308 and an internal address.',
    stage: 'callback addresses',
    stoppedBy: `${CALLBACKS}/callback-endpoint.ts follows no redirects`,
    response: '400 CALLBACK_REFUSED, not called',
    run: (attacker) => {
      const { router, hiddenServer } = attacker.fixtures;
      const location = `${hiddenServer.url}/`;
      return hiddenServer.watch(() =>
        sendEach([301, 302, 303, 307, 308], (status) => {
          router.respond = (_message, response) => void response.writeHead(status, { location }).end();
          return subscribeWith(attacker, router.open().callbackUrl).finally(() => (router.respond = undefined));
        }),
      );
    },
  },
  {
    name: 'changes the address of an allowed host',
    details: 'DNS rebinding: a host that resolves to an allowed address once, and to an internal one from then on.',
    stage: 'callback addresses',
    stoppedBy: ADDRESS_POLICY,
    response: '200, not called',
    run: (attacker) => attacker.fixtures.hiddenServer.watch(() => rebind(attacker)),
  },
  {
    name: 'sends line breaks in a callback URL',
    details: 'CR and LF in the host and in the path.',
    stage: 'callback addresses',
    stoppedBy: `${CALLBACKS} parses the URL, and sends everything else in a JSON body`,
    response: '400 CALLBACK_NOT_ALLOWED | 400 CALLBACK_REFUSED',
    run: (attacker) => {
      const { host } = attacker.fixtures.router;
      return sendEach([`http://${host}\r\nx: y/`, `http://${host}/\r\nx: y HTTP/1.1\r\n`], (url) =>
        subscribeWith(attacker, url),
      );
    },
  },
  {
    name: 'sends an invalid callback subscription',
    details:
      'A URL that is a number or too long, a heartbeat interval of 1 ms, an object as verifier, and an empty id.',
    stage: 'callback addresses',
    stoppedBy: `${CALLBACKS}/registration.ts`,
    response: '400 BAD_REQUEST',
    run: (attacker) => {
      const callbackUrl = `http://${attacker.fixtures.router.host}/`;
      const valid = { callbackUrl, subscriptionId: 'x', verifier: 'y', heartbeatIntervalMs: 0 };
      return sendEach(
        [
          { callbackUrl: 5 },
          { callbackUrl: `${callbackUrl}${'x'.repeat(5_000)}` },
          { heartbeatIntervalMs: 1 },
          { verifier: {} },
          { subscriptionId: '' },
        ],
        (change) => subscribeTo(attacker, { ...valid, ...change }),
      );
    },
  },
];

/** The index of the last changing host name that was used. */
let lastChanging = -1;

/** Resolves once the gateway sent, or refused to send, a second message after the name began to resolve to another address. */
async function rebind(attacker: Attacker): Promise<string> {
  const { router } = attacker.fixtures;
  const name = `changing-${(lastChanging += 1) % CHANGING_NAMES}.attacker.example`;
  const watching = router.open();
  // Without keep-alive the gateway looks the name up for each message.
  router.respond = (_message, response) => void response.setHeader('connection', 'close');
  const response = await subscribeTo(attacker, {
    callbackUrl: `http://${name}:${router.port}/`,
    subscriptionId: watching.id,
    verifier: watching.verifier,
    heartbeatIntervalMs: 0,
  });
  await until(
    () => lookupsOf(attacker, name) > 1 || watching.messagesOf('next').length > 0 || !response.startsWith('200'),
  );
  router.respond = undefined;
  return response;
}

function lookupsOf({ gateway }: Attacker, name: string): number {
  return gateway.output.split(`"lookedUp":"${name}"`).length - 1;
}
