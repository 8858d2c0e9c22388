import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { itInBrowser, launchBrowser } from '../support/browser.js';
import { withGateway } from '../support/fixture.js';
import { FaultyProxy } from '../support/faulty-proxy.js';
import { newInput } from '../support/payments.js';
import { until } from '../support/until.js';

const ROOT = new URL('../../', import.meta.url);

const IMPORTS = {
  '@flinks-pay-graphql/client': '/client/dist/index.js',
  '@flinks-pay-graphql/client/urql': '/client/dist/urql.js',
  '@urql/core': '/node_modules/@urql/core/dist/urql-core.mjs',
  '@0no-co/graphql.web': '/node_modules/@0no-co/graphql.web/dist/graphql.web.mjs',
  graphql: '/node_modules/graphql/index.mjs',
  wonka: '/node_modules/wonka/dist/wonka.mjs',
};

/** The page of a shop that uses the built client package. */
const SHOP = `<!doctype html><title>Shop</title>
<script>globalThis.process = { env: { NODE_ENV: 'production' } }</script>
<script type="importmap">${JSON.stringify({ imports: IMPORTS })}</script>
<script type="module">
  import { CreatePaymentSessionDocument, PaymentIntentions, withIntention } from '@flinks-pay-graphql/client';
  import { paymentIntentionExchange } from '@flinks-pay-graphql/client/urql';
  import { Client, fetchExchange } from '@urql/core';
  const exchanges = [paymentIntentionExchange(new PaymentIntentions()), fetchExchange];
  const client = new Client({ url: '/graphql', exchanges });
  const mutation = withIntention(CreatePaymentSessionDocument);
  globalThis.pay = async (input) => {
    const { data, error } = await client.mutation(mutation, { input }, { paymentIntention: 'order-1042' });
    if (error) throw error;
    return data.createPaymentSession;
  };
</script>`;

function page(path: string): { type: string; body: Buffer | string } | undefined {
  if (path === '/') return { type: 'text/html', body: SHOP };
  if (!/^\/(client\/dist|node_modules)\/[\w@./-]+\.m?js$/.test(path)) return undefined;
  return { type: 'text/javascript', body: readFileSync(new URL(`.${path}`, ROOT)) };
}

const { sandbox, gateway } = withGateway();
let proxy: FaultyProxy;
let browser: Browser | undefined;

beforeAll(async () => {
  proxy = await FaultyProxy.start(gateway.url, page);
});
afterAll(async () => {
  await browser?.close();
  await proxy.close();
});

describe('a page that is reloaded during a payment', () => {
  itInBrowser('gets the payment that was created meanwhile, and so does another tab', async () => {
    browser = await launchBrowser();
    const context = await browser.newContext();
    const open = async () => {
      const tab = await context.newPage();
      await tab.goto(proxy.url);
      await tab.waitForFunction('globalThis.pay !== undefined');
      return tab;
    };
    const { customer, amount } = newInput();
    const paying = `pay(${JSON.stringify({ customer, amount })})`;
    const tab = await open();
    proxy.addFaults({ kind: 'hold' });
    await tab.evaluate(`void ${paying}`);
    await until(() => proxy.executed === 1);
    await tab.reload();
    await tab.waitForFunction('globalThis.pay !== undefined');
    const payment = await tab.evaluate(paying);
    expect(payment).toMatchObject({ __typename: 'CreatePaymentSessionSuccess', replayed: true });
    expect(await (await open()).evaluate(paying)).toEqual(payment);
    expect(await sandbox.sessionsOf(customer)).toHaveLength(1);
  });
});
