import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Browser } from 'playwright-core';
import { launchBrowser } from '../support/browser.js';
import { until } from '../support/until.js';
import type { Attacker } from './attacker.js';
import { summarize } from './responses.js';

/** The status of a request in the gateway's log. A browser hides it from pages of other sites. */
const STATUS = /^\{.*"status":(\d+).*"msg":"request"\}$/gm;

/** A browser that opens a page of the attacker. It is launched when it is first needed. */
export class Browsers {
  #launched: { browser: Browser; server: Server } | undefined;

  /**
   * Runs a script in the attacker's page, with `url` and `request` as constants. Resolves to the statuses of the gateway's
   * responses, followed by what the script could read.
   */
  async run({ gateway }: Attacker, request: object, script: string): Promise<string> {
    const { browser, server } = await this.#launch();
    const page = await browser.newPage();
    const before = gateway.output.length;
    const statuses = (): string[] =>
      [...gateway.output.slice(before).matchAll(STATUS)].map(([, status]) => status ?? '');
    try {
      await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
      const parameters = `const url = ${JSON.stringify(`${gateway.url}/graphql`)}, request = ${JSON.stringify(request)};`;
      const result = await page.evaluate(`(async () => { ${parameters} ${script} })().catch((error) => 'fetch fails')`);
      await until(() => statuses().length > 0);
      return [[...new Set(statuses())].join(' '), summaryOf(result)].filter((part) => part !== '').join(', ');
    } finally {
      await page.close();
    }
  }

  async close(): Promise<void> {
    await this.#launched?.browser.close();
    this.#launched?.server.close();
  }

  async #launch(): Promise<{ browser: Browser; server: Server }> {
    if (this.#launched !== undefined) return this.#launched;
    const server = createServer((_request, response) => {
      response.setHeader('content-type', 'text/html').end('<!doctype html><title>Win a prize</title>');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    this.#launched = { browser: await launchBrowser(), server };
    return this.#launched;
  }
}

function summaryOf(result: unknown): string {
  return typeof result === 'string' ? result : summarize(undefined, JSON.stringify(result), []);
}
