import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { describeInBrowser, launchBrowser } from '../support/browser.js';
import { withGateway } from '../support/fixture.js';
import { until } from '../support/until.js';
import { BY_WEBHOOK_ONLY, sendWebhooksTo } from '../support/webhooks.js';

let browser: Browser;
let page: Page;

/** Requests of pages to other hosts, and the errors and warnings that pages logged. */
const problems: string[] = [];

describeInBrowser('in a browser without internet', () => {
  const { sandbox, gateway } = withGateway({ environment: BY_WEBHOOK_ONLY });

  beforeAll(async () => {
    await sendWebhooksTo(gateway, sandbox);
    browser = await launchBrowser();
    page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
    page.on('console', (message) => {
      if (message.type() !== 'info') problems.push(message.text());
    });
    page.on('pageerror', ({ message }) => problems.push(message));
    await page.context().route(
      (url) => url.origin !== gateway.url,
      (route) => {
        problems.push(route.request().url());
        return route.abort();
      },
    );
  });

  afterAll(() => browser.close());

  it('the start page links to Apollo Sandbox and to GraphiQL', async () => {
    await page.goto(`${gateway.url}/graphql`);
    expect(page.url()).toBe(`${gateway.url}/`);
    expect(await page.getByRole('link', { name: 'Apollo Sandbox' }).getAttribute('href')).toBe(
      `https://studio.apollographql.com/sandbox/explorer?endpoint=${encodeURIComponent(`${gateway.url}/graphql`)}`,
    );
    await page.getByRole('link', { name: 'GraphiQL' }).click();
    await tab('CreatePaymentSession').waitFor();
  });

  it('the example mutation creates a payment, and the example subscription shows its status', async () => {
    await run();
    await until(async () => (await shownResponse()).includes('"CreatePaymentSessionSuccess"'));
    const [id = ''] = /ps_[\da-f-]+/.exec(await shownResponse()) ?? [];
    await tab('PaymentSessionUpdated').click();
    await writeVariables({ id });
    await run();
    await until(async () => (await shownResponse()).includes('"INITIATED"'));
    const [session] = await sandbox.sessions();
    await sandbox.moveTo(session?.sessionId ?? '', 'Accepted');
    await until(async () => (await shownResponse()).includes('"ACCEPTED"'));
  });

  it('GraphiQL restores its tabs after a reload, and keeps documents out of the URL', async () => {
    const names = await page.getByRole('tab').allInnerTexts();
    expect(names).toHaveLength(8);
    await page.reload();
    await tab('PaymentSessionUpdated').waitFor();
    expect(await page.getByRole('tab').allInnerTexts()).toEqual(names);
    expect(page.url()).toBe(`${gateway.url}/graphiql`);
  });

  it('the pages request nothing from other hosts, and log no error or warning', () => {
    expect(problems).toEqual([]);
  });
});

function tab(name: string) {
  return page.getByRole('tablist').getByRole('button', { name, exact: true });
}

function run(): Promise<void> {
  return page.getByRole('button', { name: 'Execute query' }).click();
}

/** Replaces the content of the variables editor. */
async function writeVariables(variables: object): Promise<void> {
  await page.getByRole('region', { name: 'Variables' }).locator('.view-lines').first().click();
  await page.keyboard.press('ControlOrMeta+A');
  await page.keyboard.press('Delete');
  // Typed key by key, because the editor inserts closing quotes and brackets and then lets them be typed over.
  await page.keyboard.type(JSON.stringify(variables));
}

/** The displayed response without white space, because lines may break anywhere. */
async function shownResponse(): Promise<string> {
  return (await page.getByRole('region', { name: 'Result Window' }).innerText()).replace(/\s/g, '');
}
