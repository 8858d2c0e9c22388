import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { deliver, metricOf, signatureOf } from '../../support/webhooks.js';
import { sendEach } from '../attack.js';
import type { Attack } from '../attack.js';
import type { Attacker } from '../attacker.js';
import { indexes } from '../requests.js';
import { summarize } from '../responses.js';

const TEN_MEGABYTES = Buffer.alloc(10_000_000);

/** Bodies that are too large as sent or when decompressed, with their content-encoding. */
const LARGE_BODIES = [
  [Buffer.alloc(100_000), 'identity'],
  [gzipSync(TEN_MEGABYTES), 'gzip'],
  [deflateSync(TEN_MEGABYTES), 'deflate'],
  [brotliCompressSync(TEN_MEGABYTES), 'br'],
  [gzipSync(gzipSync(TEN_MEGABYTES)), 'gzip, gzip'],
] as const;

/** A webhook event by which the victim's payment is settled. */
const settlement = ({ victim }: Attacker): string =>
  JSON.stringify({
    sessionId: victim.secrets[1],
    status: 'Settled',
    eventType: 'payment.status',
    timestamp: new Date().toISOString(),
  });

async function post(
  { gateway, victim }: Attacker,
  body: string | Buffer,
  headers: Record<string, string>,
): Promise<string> {
  const response = await deliver(gateway, body, { 'content-type': 'application/json', ...headers });
  return summarize(response.status, response.body, victim.secrets);
}

const SIGNATURES = {
  stage: 'webhook signatures',
  stoppedBy: 'src/flinks/verify-webhook.ts (HMAC of the body, compared in constant time)',
  response: '401 UNAUTHENTICATED',
} as const;

/** An event that settles the victim's payment, with each of these sets of headers. */
function webhook(
  name: string,
  details: string,
  headers: (attacker: Attacker) => readonly Record<string, string>[],
): Attack {
  return {
    name,
    details,
    ...SIGNATURES,
    run: (attacker) => sendEach(headers(attacker), (signed) => post(attacker, settlement(attacker), signed)),
  };
}

const signedWith = (signatures: readonly string[]): Record<string, string>[] =>
  signatures.map((signature) => ({ 'x-webhook-signature': signature }));

/** Webhook events that Flinks did not send. */
export const webhookAttacks: readonly Attack[] = [
  webhook(
    'sends a webhook event without a signature',
    'An event that settles a payment, with no signature or an empty one.',
    () => [{}, { 'x-webhook-signature': '' }, { 'x-flinks-signature': '' }],
  ),
  webhook(
    'sends a webhook event with a wrong signature',
    'Signatures with other secrets, shortened, extended, empty, and with another algorithm.',
    (attacker) => {
      const valid = signatureOf(settlement(attacker));
      return signedWith([
        signatureOf(settlement(attacker), 'another-secret-of-16'),
        signatureOf(settlement(attacker), ''),
        valid.slice(0, -2),
        `${valid}00`,
        valid.replace('sha256=', 'none='),
        'sha256=',
        'sha256=%00',
      ]);
    },
  ),
  webhook(
    'sends a webhook event with the signature of another',
    'Valid signatures of an empty body, of a similar event and of an empty object.',
    (attacker) => signedWith([signatureOf(''), signatureOf(`${settlement(attacker)} `), signatureOf('{}')]),
  ),
  {
    name: 'repeats a webhook event',
    details: 'An event with a valid signature, six times.',
    stage: 'webhook signatures',
    stoppedBy: 'src/payments/webhooks/receive-webhook.ts stores an event once',
    response: '200, stored once',
    run: async (attacker) => {
      const body = JSON.stringify({
        sessionId: 'unknown',
        status: 'Initiated',
        timestamp: new Date().toISOString(),
        nonce: Math.random(),
      });
      const stored = (): Promise<number> => metricOf(attacker.gateway, 'flinks_pay_webhooks_total{result="stored"}');
      const before = await stored();
      const response = await sendEach(indexes(6), () =>
        post(attacker, body, { 'x-webhook-signature': signatureOf(body) }),
      );
      return `${response}, stored ${(await stored()) - before <= 1 ? 'once' : 'each time'}`;
    },
  },
  {
    name: 'sends many webhook events with a wrong signature',
    details: 'An event of 60 kB in each request.',
    ...SIGNATURES,
    repeats: 500,
    run: (attacker) => post(attacker, 'x'.repeat(60_000), { 'x-webhook-signature': signatureOf('') }),
  },
  {
    name: 'sends a webhook event that is too large',
    details: 'A body of 100 kB, and bodies that become 10 MB when they are decompressed.',
    stage: 'http',
    stoppedBy: 'src/server/http/webhooks.ts and src/flinks/wire/webhook-body.ts (64 KiB)',
    response: '413 BAD_REQUEST',
    run: (attacker) =>
      sendEach(LARGE_BODIES, ([body, encoding]) =>
        post(attacker, body, { 'x-webhook-signature': signatureOf(''), 'content-encoding': encoding }),
      ),
  },
];
