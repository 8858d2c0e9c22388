import { randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { PAYMENT_SESSION_STATUSES } from '../../src/domain/payment-status.js';
import { withSandbox } from '../support/fixture.js';
import type { TestGateway } from '../support/gateway.js';
import { CREATION, newInput, pay, paymentIn } from '../support/payments.js';
import { TestPostgres } from '../support/postgres.js';
import { BY_WEBHOOK_ONLY, deliver, inboxEmpty, metricOf, signatureOf } from '../support/webhooks.js';

/** The number of requests in flight. */
const CLIENTS = 32;
/** Genuine events of each payment, each delivered twice; there are as many forged events. */
const EVENTS = 11;

/** Sequences of provider statuses that a payment may have. */
const STATUS_SEQUENCES = [
  ['Initiated', 'Processing', 'Accepted', 'Processed', 'Settled'],
  ['Initiated', 'Accepted', 'Settled'],
  ['Initiated', 'Processing', 'Accepted'],
  ['Initiated', 'Processing'],
  ['Initiated', 'Declined'],
  ['Initiated', 'Processing', 'Failed'],
  ['Initiated', 'Expired', 'Accepted', 'Processed'],
] as const;

interface FollowedPayment {
  readonly id: string;
  readonly sessionId: string;
  readonly statuses: readonly string[];
}

interface Delivery {
  readonly body: Buffer;
  readonly headers: Record<string, string>;
  readonly forged: boolean;
}

const postgres = new TestPostgres();
const { sandbox, start } = withSandbox({ switches: { settleAfterMs: 0 }, services: [postgres] });

/** Does the work for each item, some at a time; returns the results in order. */
async function forEach<T, R>(items: readonly T[], work: (item: T, index: number) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  const left = items.entries();
  const client = async () => {
    for (const [index, item] of left) results[index] = await work(item, index);
  };
  await Promise.all(Array.from({ length: CLIENTS }, client));
  return results;
}

async function createPayment(gateway: TestGateway, index: number): Promise<FollowedPayment> {
  const { id, flinksSessionId: sessionId } = paymentIn(await pay(gateway, CREATION, newInput()));
  return { id, sessionId: sessionId ?? '', statuses: STATUS_SEQUENCES[index % STATUS_SEQUENCES.length] ?? [] };
}

/** The bytes of an event, which differ from those of every other event. */
function bytesOf({ sessionId }: FollowedPayment, status: string): Buffer {
  const when = new Date().toISOString();
  return Buffer.from(JSON.stringify({ sessionId, status, when, nonce: randomUUID() }));
}

/** Events of each status of a payment in turn, repeated. */
function genuineOf(payment: FollowedPayment): Delivery[] {
  return Array.from({ length: EVENTS }, (_, index) => {
    const body = bytesOf(payment, payment.statuses[index % payment.statuses.length] ?? '');
    return { body, headers: { 'x-webhook-signature': signatureOf(body) }, forged: false };
  });
}

/** An event with a status that the payment never has, with one of several invalid signatures. */
function forgedOf(payment: FollowedPayment, index: number): Delivery {
  const status = payment.statuses.includes('Settled') ? 'Failed' : 'Settled';
  const body = bytesOf(payment, status);
  const ways: Omit<Delivery, 'forged'>[] = [
    { body, headers: { 'x-webhook-signature': signatureOf(body, 'not-the-secret-of-ours') } },
    { body, headers: { 'x-webhook-signature': signatureOf(bytesOf(payment, payment.statuses[0] ?? '')) } },
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

/** Each genuine event twice, and half as many forged ones, in random order. */
function floodOf(payments: readonly FollowedPayment[]): Delivery[] {
  const genuine = payments.flatMap(genuineOf);
  const forged = payments.flatMap((payment) => Array.from({ length: EVENTS }, (_, index) => forgedOf(payment, index)));
  return shuffled([...genuine, ...genuine, ...forged]);
}

/** Changes the statuses in the sandbox step by step, each step for all payments. */
async function advanceStatuses(payments: readonly FollowedPayment[]): Promise<void> {
  for (const step of [1, 2, 3, 4])
    await forEach(payments, async ({ sessionId, statuses }) => {
      if (statuses[step] !== undefined) await sandbox.moveTo(sessionId, statuses[step]);
    });
}

interface Found {
  readonly status: string;
  readonly events: readonly { readonly status: string; readonly applied: boolean }[];
}

async function find(gateway: TestGateway, { id }: FollowedPayment): Promise<Found> {
  const query = 'query ($id: ID!) { paymentSession(id: $id) { status events { status applied } } }';
  const { data } = await gateway.post<{ paymentSession: Found }>({ query, variables: { id } });
  if (data === undefined) throw new Error('the payment cannot be read');
  return data.paymentSession;
}

const rankOf = (status: string): number => PAYMENT_SESSION_STATUSES.findIndex((each) => each === status.toUpperCase());
const highestOf = ({ statuses }: FollowedPayment) => PAYMENT_SESSION_STATUSES[Math.max(...statuses.map(rankOf))];

async function sumOf(gateways: readonly TestGateway[], metric: string): Promise<number> {
  const values = await Promise.all(gateways.map((gateway) => metricOf(gateway, metric)));
  return values.reduce((sum, value) => sum + value, 0);
}

describe('a shuffled flood of webhooks, one third duplicates and one third forged', () => {
  it.each([
    { deliveries: 10_032, payments: 304, store: 'PostgreSQL', replicas: 2, webhooks: 'verify' },
    { deliveries: 1_980, payments: 60, store: 'SQLite', replicas: 1, webhooks: 'trust' },
  ])(
    'leaves each payment with its highest status: $deliveries deliveries on $store with webhooks=$webhooks',
    async ({ deliveries, payments: count, store, replicas, webhooks }) => {
      const databaseUrl = store === 'SQLite' ? 'sqlite::memory:' : postgres.databaseUrl();
      const variant = { FLINKS_API_VARIANT: `webhooks=${webhooks}`, LOG_LEVEL: 'info' };
      const environment = { ...BY_WEBHOOK_ONLY, ...variant, DATABASE_URL: databaseUrl };
      const gateways = await Promise.all(Array.from({ length: replicas }, () => start(environment)));
      const gateway = (index: number) => gateways[index % replicas] as TestGateway;
      const payments = await forEach(Array.from({ length: count }), (_, index) => createPayment(gateway(index), index));

      // Statuses change while their events arrive, some before and some after the change.
      const flood = floodOf(payments);
      expect(flood).toHaveLength(deliveries);
      const advancing = advanceStatuses(payments);
      const responses = await forEach(flood, ({ body, headers }, index) => deliver(gateway(index), body, headers));
      await advancing;
      await inboxEmpty(gateway(0));

      expect(flood.filter(({ forged }, index) => responses[index]?.status !== (forged ? 401 : 200))).toEqual([]);
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
