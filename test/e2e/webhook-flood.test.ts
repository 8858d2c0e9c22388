import { randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { PAYMENT_SESSION_STATUSES } from '../../src/domain/payment-status.js';
import { withSandbox } from '../support/fixture.js';
import type { TestGateway } from '../support/gateway.js';
import { CREATION, newInput, pay, paymentIn } from '../support/payments.js';
import { TestPostgres } from '../support/postgres.js';
import { BY_WEBHOOK_ONLY, deliver, inboxEmpty, metricOf, signatureOf } from '../support/webhooks.js';

/** Of requests under way at once. */
const CLIENTS = 32;
/** Genuine events of each payment, each delivered twice; as many forged ones are delivered as there are genuine. */
const EVENTS = 11;

/** What a payment may live through, by Flinks's words. */
const LIVES = [
  ['Initiated', 'Processing', 'Accepted', 'Processed', 'Settled'],
  ['Initiated', 'Accepted', 'Settled'],
  ['Initiated', 'Processing', 'Accepted'],
  ['Initiated', 'Processing'],
  ['Initiated', 'Declined'],
  ['Initiated', 'Processing', 'Failed'],
  ['Initiated', 'Expired', 'Accepted', 'Processed'],
] as const;

interface Lived {
  readonly id: string;
  readonly sessionId: string;
  readonly life: readonly string[];
}

interface Delivery {
  readonly body: Buffer;
  readonly headers: Record<string, string>;
  readonly forged: boolean;
}

const postgres = new TestPostgres();
const { sandbox, start } = withSandbox({ switches: { settleAfterMs: 0 }, services: [postgres] });

/** Does work for each item, some at a time; gives the results in order. */
async function forEach<T, R>(items: readonly T[], work: (item: T, index: number) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  const left = items.entries();
  const client = async () => {
    for (const [index, item] of left) results[index] = await work(item, index);
  };
  await Promise.all(Array.from({ length: CLIENTS }, client));
  return results;
}

async function started(gateway: TestGateway, index: number): Promise<Lived> {
  const { id, flinksSessionId: sessionId } = paymentIn(await pay(gateway, CREATION, newInput()));
  return { id, sessionId: sessionId ?? '', life: LIVES[index % LIVES.length] ?? [] };
}

/** Bytes of an event that no other event has. */
function bytesOf({ sessionId }: Lived, status: string): Buffer {
  const when = new Date().toISOString();
  return Buffer.from(JSON.stringify({ sessionId, status, when, nonce: randomUUID() }));
}

/** An event of each word of a life, and of any of them again. */
function genuineOf(payment: Lived): Delivery[] {
  return Array.from({ length: EVENTS }, (_, index) => {
    const body = bytesOf(payment, payment.life[index % payment.life.length] ?? '');
    return { body, headers: { 'x-webhook-signature': signatureOf(body) }, forged: false };
  });
}

/** An event that would move the payment where it never was, signed in one of the ways that must not do. */
function forgedOf(payment: Lived, index: number): Delivery {
  const word = payment.life.includes('Settled') ? 'Failed' : 'Settled';
  const body = bytesOf(payment, word);
  const ways: Omit<Delivery, 'forged'>[] = [
    { body, headers: { 'x-webhook-signature': signatureOf(body, 'not-the-secret-of-ours') } },
    { body, headers: { 'x-webhook-signature': signatureOf(bytesOf(payment, payment.life[0] ?? '')) } },
    { body, headers: {} },
    { body, headers: { 'x-webhook-signature': `${signatureOf(body).slice(0, -2)}xx` } },
  ];
  return { body, headers: {}, ...ways[index % ways.length], forged: true };
}

function shuffled<T>(items: readonly T[]): T[] {
  return items
    .map((item) => ({ item, at: Math.random() }))
    .sort((a, b) => a.at - b.at)
    .map(({ item }) => item);
}

/** Each genuine event twice, and half as many forged ones, in any order. */
function floodOf(payments: readonly Lived[]): Delivery[] {
  const genuine = payments.flatMap(genuineOf);
  const forged = payments.flatMap((payment) => Array.from({ length: EVENTS }, (_, index) => forgedOf(payment, index)));
  return shuffled([...genuine, ...genuine, ...forged]);
}

/** Moves the payments in the sandbox step by step, all of them the first step before the second. */
async function live(payments: readonly Lived[]): Promise<void> {
  for (const step of [1, 2, 3, 4])
    await forEach(payments, async ({ sessionId, life }) => {
      if (life[step] !== undefined) await sandbox.moveTo(sessionId, life[step]);
    });
}

interface Found {
  readonly status: string;
  readonly events: readonly { readonly status: string; readonly applied: boolean }[];
}

async function find(gateway: TestGateway, { id }: Lived): Promise<Found> {
  const query = 'query ($id: ID!) { paymentSession(id: $id) { status events { status applied } } }';
  const { data } = await gateway.post<{ paymentSession: Found }>({ query, variables: { id } });
  if (data === undefined) throw new Error('the payment cannot be read');
  return data.paymentSession;
}

const rankOf = (status: string): number => PAYMENT_SESSION_STATUSES.findIndex((each) => each === status.toUpperCase());
const highestOf = ({ life }: Lived) => PAYMENT_SESSION_STATUSES[Math.max(...life.map(rankOf))];

async function sumOf(gateways: readonly TestGateway[], metric: string): Promise<number> {
  const values = await Promise.all(gateways.map((gateway) => metricOf(gateway, metric)));
  return values.reduce((sum, value) => sum + value, 0);
}

describe('a flood of deliveries, doubled, shuffled, a third forged', () => {
  it.each([
    { deliveries: 10_032, payments: 304, store: 'PostgreSQL', replicas: 2, webhooks: 'verify' },
    { deliveries: 1_980, payments: 60, store: 'SQLite', replicas: 1, webhooks: 'trust' },
  ])(
    'leaves all where they got to, and moves nothing back: $deliveries on $store, $webhooks',
    async ({ deliveries, payments: count, store, replicas, webhooks }) => {
      const databaseUrl = store === 'SQLite' ? 'sqlite::memory:' : postgres.databaseUrl();
      const profile = { FLINKS_API_VARIANT: `webhooks=${webhooks}`, LOG_LEVEL: 'info' };
      const environment = { ...BY_WEBHOOK_ONLY, ...profile, DATABASE_URL: databaseUrl };
      const gateways = await Promise.all(Array.from({ length: replicas }, () => start(environment)));
      const gateway = (index: number) => gateways[index % replicas] as TestGateway;
      const payments = await forEach(Array.from({ length: count }), (_, index) => started(gateway(index), index));

      // They move while their events come, before and after these tell of it.
      const flood = floodOf(payments);
      expect(flood).toHaveLength(deliveries);
      const living = live(payments);
      const answers = await forEach(flood, ({ body, headers }, index) => deliver(gateway(index), body, headers));
      await living;
      await inboxEmpty(gateway(0));

      expect(flood.filter(({ forged }, index) => answers[index]?.status !== (forged ? 401 : 200))).toEqual([]);
      const found = await forEach(payments, (payment, index) => find(gateway(index), payment));
      expect(found.map(({ status }) => status)).toEqual(payments.map(highestOf));
      for (const { events } of found) {
        const ranks = events.filter(({ applied }) => applied).map(({ status }) => rankOf(status));
        expect(ranks).toEqual([...new Set(ranks)].sort((one, other) => one - other));
      }
      const third = deliveries / 3;
      for (const outcome of ['stored', 'duplicate'])
        expect(await sumOf(gateways, `flinks_pay_webhooks_total{result="${outcome}"}`)).toBe(third);
      if (store === 'PostgreSQL')
        expect(await postgres.query('select state, count(*)::int from webhook_inbox group by state')).toEqual([
          { state: 'DONE', count: third },
        ]);
      await Promise.all(gateways.map((each) => each.kill()));
    },
    180_000,
  );
});
