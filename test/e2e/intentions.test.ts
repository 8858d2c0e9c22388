import { randomUUID } from 'node:crypto';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { ApolloLink } from '@apollo/client';
import { HttpLink } from '@apollo/client/link/http';
import { RetryLink } from '@apollo/client/link/retry';
import { PaymentIntentionLink } from '../../client/src/apollo.js';
import { PaymentIntentions } from '../../client/src/intentions.js';
import { withGateway } from '../support/fixture.js';
import { FrontDoor } from '../support/front-door.js';
import type { Mishap } from '../support/front-door.js';
import type { TestGateway } from '../support/gateway.js';
import { SHOPS, shopOf, throughApollo } from '../support/intention-clients.js';
import type { Created, KeylessInput, Shop } from '../support/intention-clients.js';
import { BLOCKED, PageStorage } from '../support/page-storage.js';
import { newInput } from '../support/payments.js';
import { until } from '../support/until.js';

const { sandbox, gateway, start } = withGateway();
let door: FrontDoor;

beforeEach(async () => {
  door = await FrontDoor.start(gateway.url);
});
afterEach(async () => {
  await door.close();
  await sandbox.clearFaults();
});

const ONCE = { maxAttempts: 1, maxTimeMs: 0 };

/** The input of another payment, without a key. */
function keyless(): KeylessInput {
  const { customer, amount, referenceId = null } = newInput();
  return { customer, amount, referenceId };
}

function paymentIn(created: Created): { id: string; replayed: boolean } {
  if (created.__typename !== 'CreatePaymentSessionSuccess') throw new Error(JSON.stringify(created));
  return { id: created.paymentSession.id, replayed: created.replayed };
}

/** How many sessions there are for the payer. */
async function sessionsOf({ customer }: KeylessInput): Promise<number> {
  return (await sandbox.sessionsOf(customer)).length;
}

const keysSent = () => door.requests.map((body) => (/"idempotencyKey":"([^"]+)"/.exec(body) ?? [])[1]);

const REFUSALS: readonly (readonly [string, Mishap])[] = [
  ['503 with HTML', { kind: 'refuse', status: 503, type: 'text/html', body: '<h1>Busy</h1>' }],
  ['429 with text', { kind: 'refuse', status: 429, type: 'text/plain', body: 'Slow down' }],
  [
    '503 with errors',
    {
      kind: 'refuse',
      status: 503,
      type: 'application/graphql-response+json',
      body: '{"errors":[{"message":"Shutting down","extensions":{"code":"SHUTTING_DOWN"}}]}',
    },
  ],
  ['half an answer', { kind: 'refuse', status: 200, type: 'application/json', body: '{"data":{"createPay' }],
];

describe.each(SHOPS)('%s with intentions', (_, open) => {
  let storage: PageStorage;
  let shop: Shop;

  beforeEach(() => {
    storage = new PageStorage();
    shop = open(door.url, new PaymentIntentions(storage));
  });

  it('makes up for a lost answer with the same payment', async () => {
    const input = keyless();
    door.next({ kind: 'lose' });
    expect(paymentIn(await shop.create('order-1', input))).toMatchObject({ replayed: true });
    expect(await sessionsOf(input)).toBe(1);
  });

  it.each(REFUSALS)('repeats after %s', async (_label, refusal) => {
    const input = keyless();
    door.next(refusal);
    expect(paymentIn(await shop.create('order-1', input))).toMatchObject({ replayed: false });
    expect(new Set(keysSent()).size).toBe(1);
    expect(await sessionsOf(input)).toBe(1);
  });

  it.each([
    ['a 400', { kind: 'refuse', status: 400, type: 'text/plain', body: 'No' } as const],
    [
      'errors',
      { kind: 'refuse', status: 200, type: 'application/json', body: '{"errors":[{"message":"No"}]}' } as const,
    ],
  ])('does not repeat after %s', async (_label, refusal) => {
    door.next(refusal);
    await expect(shop.create('order-1', keyless())).rejects.toThrow();
    expect(door.requests).toHaveLength(1);
  });

  it('gets the same payment after a reload that lost the answer', async () => {
    const input = keyless();
    door.next({ kind: 'lose' });
    await expect(open(door.url, new PaymentIntentions(storage), ONCE).create('order-1', input)).rejects.toThrow();
    const reloaded = open(door.url, new PaymentIntentions(storage));
    expect(paymentIn(await reloaded.create('order-1', input))).toMatchObject({ replayed: true });
    expect(await sessionsOf(input)).toBe(1);
  });

  it('makes one payment of a double click, in one tab or two', async () => {
    const input = keyless();
    const otherTab = open(door.url, new PaymentIntentions(storage));
    const clicks = [shop, shop, otherTab].map((tab) => tab.create('order-1', input));
    const ids = (await Promise.all(clicks)).map((created) => paymentIn(created).id);
    expect(new Set(ids).size).toBe(1);
    expect(await sessionsOf(input)).toBe(1);
  });

  it('repeats SAME_KEY until Flinks answers again', async () => {
    const input = keyless();
    // As many as the gateway tries.
    await sandbox.addFault({ endpoint: 'initiate', kind: 'status', status: 429, count: 5 });
    expect(paymentIn(await shop.create('order-1', input))).toMatchObject({ replayed: false });
    expect(new Set(keysSent()).size).toBe(1);
    expect(door.requests.length).toBeGreaterThan(1);
    expect(await sessionsOf(input)).toBe(1);
  });

  it('never repeats a send whose outcome is unknown', async () => {
    const input = keyless();
    await sandbox.addFault({ endpoint: 'sendrequest', kind: 'cut', when: 'after-work' });
    expect(await shop.send('order-1', input)).toMatchObject({ code: 'OUTCOME_UNKNOWN', retryAdvice: 'NEVER' });
    expect(door.requests).toHaveLength(1);
    expect(await sandbox.mailsTo(input.customer)).toBe(1);
  });

  it('keeps the key when the input is corrected, and refuses another one', async () => {
    const input = keyless();
    const bad = { ...input, amount: { ...input.amount, value: '0' } };
    expect(await shop.create('order-1', bad)).toMatchObject({ code: 'INVALID_INPUT' });
    expect(paymentIn(await shop.create('order-1', input))).toMatchObject({ replayed: false });
    const other = { ...input, amount: { ...input.amount, value: '9.99' } };
    expect(await shop.create('order-1', other)).toMatchObject({
      code: 'IDEMPOTENCY_KEY_REUSED',
      retryAdvice: 'REVIEW_THEN_NEW_KEY',
    });
    expect(new Set(keysSent()).size).toBe(1);
    expect(door.requests).toHaveLength(3);
  });

  it('makes another payment when a person has decided anew', async () => {
    const input = keyless();
    const intentions = new PaymentIntentions(storage);
    const tab = open(door.url, intentions);
    const first = paymentIn(await tab.create('order-1', input));
    expect(paymentIn(await tab.create('order-1', input))).toEqual({ id: first.id, replayed: true });
    intentions.renew('order-1');
    const second = paymentIn(await tab.create('order-1', input));
    expect(second.replayed).toBe(false);
    expect(second.id).not.toBe(first.id);
  });

  it('sends nothing without a name or a key', async () => {
    await expect(shop.create(undefined, keyless())).rejects.toThrow(
      'The payment has no idempotency key. Name the intention',
    );
    expect(door.requests).toEqual([]);
  });

  it('makes one payment though the storage is blocked', async () => {
    const input = keyless();
    const blocked = open(door.url, new PaymentIntentions(BLOCKED));
    door.next({ kind: 'lose' });
    const [first, second] = [await blocked.create('order-1', input), await blocked.create('order-1', input)];
    expect(paymentIn(first).id).toBe(paymentIn(second).id);
    expect(await sessionsOf(input)).toBe(1);
  });

  it('repeats an error that it does not know by its advice, and hands it over', async () => {
    const answer = (retryAdvice: string) => {
      const error = { __typename: 'BrandNewError', code: 'BRAND_NEW', message: '', retryAdvice, requestId: '1' };
      const body = JSON.stringify({ data: { createPaymentSession: error } });
      return { kind: 'refuse', status: 200, type: 'application/json', body } as const;
    };
    door.next(answer('SAME_KEY'), answer('NEVER'));
    expect(await shop.create('order-1', keyless())).toMatchObject({ code: 'BRAND_NEW', retryAdvice: 'NEVER' });
    expect(door.requests).toHaveLength(2);
  });

  it('gives up within its bounds, and hands over the last answer', async () => {
    await sandbox.addFault({ endpoint: 'initiate', kind: 'status', status: 429, count: 10 });
    const hasty = open(door.url, new PaymentIntentions(storage), { maxAttempts: 2, maxTimeMs: 60_000 });
    expect(await hasty.create('order-1', keyless())).toMatchObject({ code: 'PROVIDER_UNAVAILABLE' });
    expect(door.requests).toHaveLength(2);
  });
});

describe.each(SHOPS)('%s at a gateway that limits', (_, open) => {
  let strict: TestGateway;
  let shop: Shop;

  beforeAll(async () => {
    strict = await start({
      DUPLICATE_DETECTION_WINDOW: '1h',
      RATE_LIMIT_EMAILS_PER_PAYER: '1/1h',
    });
  });
  beforeEach(async () => {
    await door.close();
    door = await FrontDoor.start(strict.url);
    shop = open(door.url, new PaymentIntentions(new PageStorage()));
  });

  it('hands a duplicate over at once, to a person who may allow it', async () => {
    const input = keyless();
    const { id } = paymentIn(await shop.create('order-1', input));
    expect(await shop.create('order-2', input)).toMatchObject({
      code: 'DUPLICATE_PAYMENT',
      retryAdvice: 'REVIEW_THEN_NEW_KEY',
      paymentSession: { id },
    });
    expect(door.requests).toHaveLength(2);
    const allowed = paymentIn(await shop.create('order-2', { ...input, allowDuplicate: true }));
    expect(allowed).toMatchObject({ replayed: false });
    expect(paymentIn(await shop.create('order-2', input))).toEqual({ id: allowed.id, replayed: true });
    expect(await sessionsOf(input)).toBe(2);
  });

  it('hands a limited call over when it would have to wait for too long', async () => {
    const input = { ...keyless(), allowDuplicate: true };
    expect(await shop.send('order-1', input)).toMatchObject({ replayed: false });
    expect(await shop.send('order-2', input)).toMatchObject({ code: 'RATE_LIMITED', retryAdvice: 'SAME_KEY' });
    expect(await shop.send('order-1', input)).toMatchObject({ replayed: true });
    expect(door.requests).toHaveLength(3);
    expect(await sandbox.mailsTo(input.customer)).toBe(1);
  });
});

describe('Apollo Client', () => {
  const sending = () => new HttpLink({ uri: `${door.url}/graphql` });
  const retrying = () => new RetryLink({ delay: { initial: 20 } });
  const intending = () => new PaymentIntentionLink(new PaymentIntentions(new PageStorage()));

  it.each([
    ['behind', () => [intending(), retrying(), sending()]],
    ['before', () => [retrying(), intending(), sending()]],
  ])('is not harmed by a RetryLink %s the link', async (_, links) => {
    const input = keyless();
    door.next({ kind: 'lose' }, { kind: 'lose' });
    expect(paymentIn(await shopOf(links()).create('order-1', input))).toMatchObject({ replayed: true });
    expect(new Set(keysSent()).size).toBe(1);
    expect(await sessionsOf(input)).toBe(1);
  });

  it('is safe without the link, with a key made by hand', async () => {
    const input = keyless();
    const idempotencyKey = randomUUID();
    const addKey = new ApolloLink((operation, forward) => {
      operation.variables = { input: { ...input, idempotencyKey } };
      return forward(operation);
    });
    const shop = shopOf([addKey, retrying(), sending()]);
    door.next({ kind: 'lose' });
    const clicks = await Promise.all([shop.create(undefined, input), shop.create(undefined, input)]);
    expect(new Set(clicks.map((created) => paymentIn(created).id)).size).toBe(1);
    expect(await sessionsOf(input)).toBe(1);
  });

  it('repeats nothing that the application has aborted', async () => {
    const abort = new AbortController();
    const shop = throughApollo(door.url, new PaymentIntentions(new PageStorage()));
    door.next({ kind: 'refuse', status: 503, type: 'text/plain', body: 'Busy' });
    const paying = shop.create('order-1', keyless(), abort.signal);
    await until(() => door.requests.length === 1);
    abort.abort();
    await expect(paying).rejects.toThrow(/abort/i);
    expect(door.requests).toHaveLength(1);
  });
});
