import { randomUUID } from 'node:crypto';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { ApolloLink } from '@apollo/client';
import { HttpLink } from '@apollo/client/link/http';
import { RetryLink } from '@apollo/client/link/retry';
import { PaymentIntentionLink } from '../../client/src/apollo.js';
import { PaymentIntentions } from '../../client/src/intentions.js';
import { withGateway } from '../support/fixture.js';
import { FaultyProxy } from '../support/faulty-proxy.js';
import type { ProxyFault } from '../support/faulty-proxy.js';
import type { TestGateway } from '../support/gateway.js';
import { SHOPS, shopOverLinks, throughApollo } from '../support/intention-clients.js';
import type { Created, KeylessInput, Shop } from '../support/intention-clients.js';
import { BLOCKED, PageStorage } from '../support/page-storage.js';
import { newInput } from '../support/payments.js';
import { until } from '../support/until.js';

const { sandbox, gateway, start } = withGateway();
let proxy: FaultyProxy;

beforeEach(async () => {
  proxy = await FaultyProxy.start(gateway.url);
});
afterEach(async () => {
  await proxy.close();
  await sandbox.clearFaults();
});

const ONCE = { maxAttempts: 1, maxTimeMs: 0 };

/** The input of a new payment, without a key. */
function keyless(): KeylessInput {
  const { customer, amount, referenceId = null } = newInput();
  return { customer, amount, referenceId };
}

function paymentIn(created: Created): { id: string; replayed: boolean } {
  if (created.__typename !== 'CreatePaymentSessionSuccess') throw new Error(JSON.stringify(created));
  return { id: created.paymentSession.id, replayed: created.replayed };
}

/** The number of Flinks sessions of the payer. */
async function sessionCount({ customer }: KeylessInput): Promise<number> {
  return (await sandbox.sessionsOf(customer)).length;
}

const keysSent = () => proxy.requests.map((body) => (/"idempotencyKey":"([^"]+)"/.exec(body) ?? [])[1]);

const REPEATABLE_FAILURES: readonly (readonly [string, ProxyFault])[] = [
  ['503 with HTML', { kind: 'reject', status: 503, type: 'text/html', body: '<h1>Busy</h1>' }],
  ['429 with text', { kind: 'reject', status: 429, type: 'text/plain', body: 'Slow down' }],
  [
    '503 with errors',
    {
      kind: 'reject',
      status: 503,
      type: 'application/graphql-response+json',
      body: '{"errors":[{"message":"Shutting down","extensions":{"code":"SHUTTING_DOWN"}}]}',
    },
  ],
  ['a truncated response', { kind: 'reject', status: 200, type: 'application/json', body: '{"data":{"createPay' }],
];

describe.each(SHOPS)('%s with intentions', (_, open) => {
  let storage: PageStorage;
  let shop: Shop;

  beforeEach(() => {
    storage = new PageStorage();
    shop = open(proxy.url, new PaymentIntentions(storage));
  });

  it('gets the same payment when it repeats a call whose response was lost', async () => {
    const input = keyless();
    proxy.addFaults({ kind: 'lose' });
    expect(paymentIn(await shop.create('order-1', input))).toMatchObject({ replayed: true });
    expect(await sessionCount(input)).toBe(1);
  });

  it.each(REPEATABLE_FAILURES)('repeats a call after %s', async (_label, failure) => {
    const input = keyless();
    proxy.addFaults(failure);
    expect(paymentIn(await shop.create('order-1', input))).toMatchObject({ replayed: false });
    expect(new Set(keysSent()).size).toBe(1);
    expect(await sessionCount(input)).toBe(1);
  });

  it.each([
    ['a 400', { kind: 'reject', status: 400, type: 'text/plain', body: 'No' } as const],
    [
      'errors',
      { kind: 'reject', status: 200, type: 'application/json', body: '{"errors":[{"message":"No"}]}' } as const,
    ],
  ])('does not repeat a call after %s', async (_label, failure) => {
    proxy.addFaults(failure);
    await expect(shop.create('order-1', keyless())).rejects.toThrow();
    expect(proxy.requests).toHaveLength(1);
  });

  it('gets the same payment after a reload that lost the response', async () => {
    const input = keyless();
    proxy.addFaults({ kind: 'lose' });
    await expect(open(proxy.url, new PaymentIntentions(storage), ONCE).create('order-1', input)).rejects.toThrow();
    const reloaded = open(proxy.url, new PaymentIntentions(storage));
    expect(paymentIn(await reloaded.create('order-1', input))).toMatchObject({ replayed: true });
    expect(await sessionCount(input)).toBe(1);
  });

  it('creates one payment for a double click, in one tab or two', async () => {
    const input = keyless();
    const otherTab = open(proxy.url, new PaymentIntentions(storage));
    const clicks = [shop, shop, otherTab].map((tab) => tab.create('order-1', input));
    const ids = (await Promise.all(clicks)).map((created) => paymentIn(created).id);
    expect(new Set(ids).size).toBe(1);
    expect(await sessionCount(input)).toBe(1);
  });

  it('repeats a call with the advice SAME_KEY until Flinks accepts it', async () => {
    const input = keyless();
    // The gateway makes this number of tries for one call.
    await sandbox.addFault({ endpoint: 'initiate', kind: 'status', status: 429, count: 5 });
    expect(paymentIn(await shop.create('order-1', input))).toMatchObject({ replayed: false });
    expect(new Set(keysSent()).size).toBe(1);
    expect(proxy.requests.length).toBeGreaterThan(1);
    expect(await sessionCount(input)).toBe(1);
  });

  it('never repeats a send whose outcome is unknown', async () => {
    const input = keyless();
    await sandbox.addFault({ endpoint: 'sendrequest', kind: 'cut', when: 'after-work' });
    expect(await shop.send('order-1', input)).toMatchObject({ code: 'OUTCOME_UNKNOWN', retryAdvice: 'NEVER' });
    expect(proxy.requests).toHaveLength(1);
    expect(await sandbox.mailsTo(input.customer)).toBe(1);
  });

  it('keeps the key for corrected input, and gets an error for different input', async () => {
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
    expect(proxy.requests).toHaveLength(3);
  });

  it('creates another payment after the intention was renewed', async () => {
    const input = keyless();
    const intentions = new PaymentIntentions(storage);
    const tab = open(proxy.url, intentions);
    const first = paymentIn(await tab.create('order-1', input));
    expect(paymentIn(await tab.create('order-1', input))).toEqual({ id: first.id, replayed: true });
    intentions.renew('order-1');
    const second = paymentIn(await tab.create('order-1', input));
    expect(second.replayed).toBe(false);
    expect(second.id).not.toBe(first.id);
  });

  it('sends nothing without a name of the intention or a key', async () => {
    await expect(shop.create(undefined, keyless())).rejects.toThrow(
      'The payment has no idempotency key. Name the intention',
    );
    expect(proxy.requests).toEqual([]);
  });

  it('creates one payment although the storage is blocked', async () => {
    const input = keyless();
    const blocked = open(proxy.url, new PaymentIntentions(BLOCKED));
    proxy.addFaults({ kind: 'lose' });
    const [first, second] = [await blocked.create('order-1', input), await blocked.create('order-1', input)];
    expect(paymentIn(first).id).toBe(paymentIn(second).id);
    expect(await sessionCount(input)).toBe(1);
  });

  it('follows the advice of an error that it does not know, and returns the error', async () => {
    const responseWith = (retryAdvice: string) => {
      const error = { __typename: 'BrandNewError', code: 'BRAND_NEW', message: '', retryAdvice, requestId: '1' };
      const body = JSON.stringify({ data: { createPaymentSession: error } });
      return { kind: 'reject', status: 200, type: 'application/json', body } as const;
    };
    proxy.addFaults(responseWith('SAME_KEY'), responseWith('NEVER'));
    expect(await shop.create('order-1', keyless())).toMatchObject({ code: 'BRAND_NEW', retryAdvice: 'NEVER' });
    expect(proxy.requests).toHaveLength(2);
  });

  it('stops at its bounds, and returns the last result', async () => {
    await sandbox.addFault({ endpoint: 'initiate', kind: 'status', status: 429, count: 10 });
    const bounded = open(proxy.url, new PaymentIntentions(storage), { maxAttempts: 2, maxTimeMs: 60_000 });
    expect(await bounded.create('order-1', keyless())).toMatchObject({ code: 'PROVIDER_UNAVAILABLE' });
    expect(proxy.requests).toHaveLength(2);
  });
});

describe.each(SHOPS)('%s at a gateway with limits', (_, open) => {
  let limitedGateway: TestGateway;
  let shop: Shop;

  beforeAll(async () => {
    limitedGateway = await start({
      DUPLICATE_DETECTION_WINDOW: '1h',
      RATE_LIMIT_EMAILS_PER_PAYER: '1/1h',
    });
  });
  beforeEach(async () => {
    await proxy.close();
    proxy = await FaultyProxy.start(limitedGateway.url);
    shop = open(proxy.url, new PaymentIntentions(new PageStorage()));
  });

  it('returns a duplicate at once, so that the application can allow it', async () => {
    const input = keyless();
    const { id } = paymentIn(await shop.create('order-1', input));
    expect(await shop.create('order-2', input)).toMatchObject({
      code: 'DUPLICATE_PAYMENT',
      retryAdvice: 'REVIEW_THEN_NEW_KEY',
      paymentSession: { id },
    });
    expect(proxy.requests).toHaveLength(2);
    const allowed = paymentIn(await shop.create('order-2', { ...input, allowDuplicate: true }));
    expect(allowed).toMatchObject({ replayed: false });
    expect(paymentIn(await shop.create('order-2', input))).toEqual({ id: allowed.id, replayed: true });
    expect(await sessionCount(input)).toBe(2);
  });

  it('returns a rate limit error if the delay is too long', async () => {
    const input = { ...keyless(), allowDuplicate: true };
    expect(await shop.send('order-1', input)).toMatchObject({ replayed: false });
    expect(await shop.send('order-2', input)).toMatchObject({ code: 'RATE_LIMITED', retryAdvice: 'SAME_KEY' });
    expect(await shop.send('order-1', input)).toMatchObject({ replayed: true });
    expect(proxy.requests).toHaveLength(3);
    expect(await sandbox.mailsTo(input.customer)).toBe(1);
  });
});

describe('Apollo Client', () => {
  const httpLink = () => new HttpLink({ uri: `${proxy.url}/graphql` });
  const retryLink = () => new RetryLink({ delay: { initial: 20 } });
  const intentionLink = () => new PaymentIntentionLink(new PaymentIntentions(new PageStorage()));

  it.each([
    ['behind', () => [intentionLink(), retryLink(), httpLink()]],
    ['before', () => [retryLink(), intentionLink(), httpLink()]],
  ])('creates one payment with a RetryLink %s the intention link', async (_, links) => {
    const input = keyless();
    proxy.addFaults({ kind: 'lose' }, { kind: 'lose' });
    expect(paymentIn(await shopOverLinks(links()).create('order-1', input))).toMatchObject({ replayed: true });
    expect(new Set(keysSent()).size).toBe(1);
    expect(await sessionCount(input)).toBe(1);
  });

  it('creates one payment without the intention link if the application sets the key', async () => {
    const input = keyless();
    const idempotencyKey = randomUUID();
    const addKey = new ApolloLink((operation, forward) => {
      operation.variables = { input: { ...input, idempotencyKey } };
      return forward(operation);
    });
    const shop = shopOverLinks([addKey, retryLink(), httpLink()]);
    proxy.addFaults({ kind: 'lose' });
    const clicks = await Promise.all([shop.create(undefined, input), shop.create(undefined, input)]);
    expect(new Set(clicks.map((created) => paymentIn(created).id)).size).toBe(1);
    expect(await sessionCount(input)).toBe(1);
  });

  it('does not repeat a call that the application has aborted', async () => {
    const abort = new AbortController();
    const shop = throughApollo(proxy.url, new PaymentIntentions(new PageStorage()));
    proxy.addFaults({ kind: 'reject', status: 503, type: 'text/plain', body: 'Busy' });
    const paying = shop.create('order-1', keyless(), abort.signal);
    await until(() => proxy.requests.length === 1);
    abort.abort();
    await expect(paying).rejects.toThrow(/abort/i);
    expect(proxy.requests).toHaveLength(1);
  });
});
