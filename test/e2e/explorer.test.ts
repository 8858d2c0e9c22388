import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { describeInBrowser, launchBrowser } from '../support/browser.js';
import { withGateway } from '../support/fixture.js';
import { until } from '../support/until.js';
import { BY_WEBHOOK_ONLY, sendWebhooksTo } from '../support/webhooks.js';

let browser: Browser;
let page: Page;

/** What pages asked of other hosts, and what they complained of. */
const trouble: string[] = [];

describeInBrowser('in a browser without internet', () => {
  const { sandbox, gateway } = withGateway({ environment: BY_WEBHOOK_ONLY });

  beforeAll(async () => {
    await sendWebhooksTo(gateway, sandbox);
    browser = await launchBrowser();
    page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
    page.on('console', (message) => {
      if (message.type() !== 'info') trouble.push(message.text());
    });
    page.on('pageerror', ({ message }) => trouble.push(message));
    await page.context().route(
      (url) => url.origin !== gateway.url,
      (route) => {
        trouble.push(route.request().url());
        return route.abort();
      },
    );
  });

  afterAll(() => browser.close());

  it('the start page leads to Apollo Sandbox and to GraphiQL', async () => {
    await page.goto(`${gateway.url}/graphql`);
    expect(page.url()).toBe(`${gateway.url}/`);
    expect(await page.getByRole('link', { name: 'Apollo Sandbox' }).getAttribute('href')).toBe(
      `https://studio.apollographql.com/sandbox/explorer?endpoint=${encodeURIComponent(`${gateway.url}/graphql`)}`,
    );
    await page.getByRole('link', { name: 'GraphiQL' }).click();
    await tab('CreatePaymentSession').waitFor();
  });

  it('the example mutation makes a payment, and its subscription tells of it', async () => {
    await run();
    await until(async () => (await shown()).includes('"CreatePaymentSessionSuccess"'));
    const [id = ''] = /ps_[\da-f-]+/.exec(await shown()) ?? [];
    await tab('PaymentSessionUpdated').click();
    await writeVariables({ id });
    await run();
    await until(async () => (await shown()).includes('"INITIATED"'));
    const [session] = await sandbox.sessions();
    await sandbox.moveTo(session?.sessionId ?? '', 'Accepted');
    await until(async () => (await shown()).includes('"ACCEPTED"'));
  });

  it('the tabs are there again after a reload, and no document is in the address', async () => {
    const names = await page.getByRole('tab').allInnerTexts();
    expect(names).toHaveLength(8);
    await page.reload();
    await tab('PaymentSessionUpdated').waitFor();
    expect(await page.getByRole('tab').allInnerTexts()).toEqual(names);
    expect(page.url()).toBe(`${gateway.url}/graphiql`);
  });

  it('nothing was asked of another host, and nothing refused by the policy', () => {
    expect(trouble).toEqual([]);
  });
});

function tab(name: string) {
  return page.getByRole('tablist').getByRole('button', { name, exact: true });
}

function run(): Promise<void> {
  return page.getByRole('button', { name: 'Execute query' }).click();
}

/** Replaces what is in the editor of variables. */
async function writeVariables(variables: object): Promise<void> {
  await page.getByRole('region', { name: 'Variables' }).locator('.view-lines').first().click();
  await page.keyboard.press('ControlOrMeta+A');
  await page.keyboard.press('Delete');
  // Key by key: the editor closes quotes and brackets by itself, and lets them be typed all the same.
  await page.keyboard.type(JSON.stringify(variables));
}

/** The answer as it stands there, wherever lines are broken. */
async function shown(): Promise<string> {
  return (await page.getByRole('region', { name: 'Result Window' }).innerText()).replace(/\s/g, '');
}
