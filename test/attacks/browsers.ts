import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Browser } from 'playwright-core';
import { launchBrowser } from '../support/browser.js';
import { until } from '../support/until.js';
import { told } from './responses.js';
import type { World } from './world.js';

/** Of a request, in the log: browsers do not tell of what they hide from pages. */
const STATUS = /^\{.*"status":(\d+).*"msg":"request"\}$/gm;

/** A browser with a page of an attacker open in it, launched when it is first needed. */
export class Browsers {
  #launched: { browser: Browser; server: Server } | undefined;

  /**
   * Runs a script of the attacker's page, which knows `url` and `request`, and gives the statuses that the gateway answered
   * with and, behind them, what the page could make of it.
   */
  async run({ gateway }: World, request: object, script: string): Promise<string> {
    const { browser, server } = await this.#launch();
    const page = await browser.newPage();
    const before = gateway.output.length;
    const statuses = (): string[] =>
      [...gateway.output.slice(before).matchAll(STATUS)].map(([, status]) => status ?? '');
    try {
      await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
      const parameters = `const url = ${JSON.stringify(`${gateway.url}/graphql`)}, request = ${JSON.stringify(request)};`;
      const seen = await page.evaluate(`(async () => { ${parameters} ${script} })().catch((error) => 'fails')`);
      await until(() => statuses().length > 0);
      return [...new Set(statuses()), toWords(seen)].join(' ').trim();
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

function toWords(seen: unknown): string {
  return typeof seen === 'string' ? seen : told(undefined, JSON.stringify(seen), []);
}
