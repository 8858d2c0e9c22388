import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { deliver, metricOf, signatureOf } from '../support/webhooks.js';
import { each } from './attack.js';
import type { Attack } from './attack.js';
import { told } from './responses.js';
import type { World } from './world.js';

const SIGNATURES = 'src/flinks/verify-webhook.ts: HMAC over the bytes, compared in constant time';

const JSON_TYPE = { 'content-type': 'application/json' };

const TEN_MEGABYTES = Buffer.alloc(10_000_000);
/** Bodies with their encodings. */
const LARGE = [
  [Buffer.alloc(100_000), 'identity'],
  [gzipSync(TEN_MEGABYTES), 'gzip'],
  [deflateSync(TEN_MEGABYTES), 'deflate'],
  [brotliCompressSync(TEN_MEGABYTES), 'br'],
  [gzipSync(gzipSync(TEN_MEGABYTES)), 'gzip, gzip'],
] as const;

/** That the payment of the victim is settled. */
const news = ({ victim }: World): string =>
  JSON.stringify({
    sessionId: victim.secrets[1],
    status: 'Settled',
    eventType: 'payment.status',
    timestamp: new Date().toISOString(),
  });

async function post(
  { gateway, victim }: World,
  body: string | Buffer,
  headers: Record<string, string>,
): Promise<string> {
  const answer = await deliver(gateway, body, { ...JSON_TYPE, ...headers });
  return told(answer.status, answer.body, victim.secrets);
}

function webhook(name: string, tries: string, headers: (world: World) => readonly Record<string, string>[]): Attack {
  return {
    name,
    tries,
    stage: 'webhook signatures',
    stoppedBy: SIGNATURES,
    answer: '401 UNAUTHENTICATED',
    attack: (world) => each(headers(world), (signed) => post(world, news(world), signed)),
  };
}

export const webhookAttacks: readonly Attack[] = [
  webhook('sends a webhook without a signature', 'a webhook that settles a payment, unsigned', () => [
    {},
    { 'x-webhook-signature': '' },
    { 'x-flinks-signature': '' },
  ]),
  webhook(
    'sends a webhook with a wrong signature',
    'signed with other secrets, cut off, in other spellings',
    (world) => {
      const right = signatureOf(news(world));
      return [
        signatureOf(news(world), 'another-secret-of-16'),
        signatureOf(news(world), ''),
        right.slice(0, -2),
        `${right}00`,
        right.replace('sha256=', 'none='),
        'sha256=',
        'sha256=%00',
      ].map((signature) => ({ 'x-webhook-signature': signature }));
    },
  ),
  webhook(
    'sends a webhook with the signature of another',
    'the signature of another event, and of an empty one',
    (world) =>
      [signatureOf(''), signatureOf(`${news(world)} `), signatureOf('{}')].map((signature) => ({
        'x-webhook-signature': signature,
      })),
  ),
  {
    ...webhook('repeats a webhook', 'a webhook that was rightly signed once, delivered five times more', () => []),
    stoppedBy: 'src/payments/webhooks/receive-webhook.ts: each event once',
    answer: '200, once',
    attack: async (world) => {
      const body = JSON.stringify({
        sessionId: 'unknown',
        status: 'Initiated',
        timestamp: new Date().toISOString(),
        nonce: Math.random(),
      });
      const before = await metricOf(world.gateway, 'flinks_pay_webhooks_total{result="stored"}');
      const answer = await each([1, 2, 3, 4, 5, 6], () =>
        post(world, body, { 'x-webhook-signature': signatureOf(body) }),
      );
      const stored = (await metricOf(world.gateway, 'flinks_pay_webhooks_total{result="stored"}')) - before;
      return `${answer}, ${stored <= 1 ? 'once' : 'each time'}`;
    },
  },
  {
    ...webhook('floods with unsigned webhooks', 'events by the thousand, 60 KB each', () => []),
    repeats: 500,
    attack: (world) => post(world, 'x'.repeat(60_000), { 'x-webhook-signature': signatureOf('') }),
  },
  {
    ...webhook(
      'sends a webhook that is too large',
      '100 KB, and some that become 10 MB when they are unpacked',
      () => [],
    ),
    stage: 'http',
    stoppedBy: 'src/server/http/webhooks.ts and src/flinks/wire/webhook-body.ts: 64 KB',
    answer: '413 BAD_REQUEST',
    attack: (world) =>
      each(LARGE, ([body, encoding]) =>
        post(world, body, { 'x-webhook-signature': signatureOf(''), 'content-encoding': encoding }),
      ),
  },
];
