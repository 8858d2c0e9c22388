import { createServer } from 'node:http';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { print } from 'graphql';
import type { Browser, Page } from 'playwright-core';
import { CreatePaymentSessionDocument, PaymentSessionUpdatedDocument } from '../../client/src/generated/operations.js';
import type { CreatePaymentSessionMutation } from '../../client/src/generated/operations.js';
import { describeInBrowser, launchBrowser } from '../support/browser.js';
import { createVariables } from '../support/examples.js';
import { withGateway } from '../support/fixture.js';
import { close, listen, portOf } from '../support/loopback.js';

/** A frontend that uses no client library. */
const FRONTEND = `
  async function run(url, request) {
    const headers = { 'content-type': 'application/json', 'apollographql-client-name': 'shop', 'x-request-id': 'from-the-shop' };
    const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify(request) });
    return { requestId: response.headers.get('x-request-id'), ...(await response.json()) };
  }

  function watchByEvents(url, { query, variables }) {
    const address = url + '?' + new URLSearchParams({ query, variables: JSON.stringify(variables) });
    return new Promise((resolve) => {
      const source = new EventSource(address);
      const end = (result) => { source.close(); resolve(result); };
      source.addEventListener('next', ({ data }) => end(JSON.parse(data)));
      source.onerror = () => end('refused');
    });
  }

  function watchByWebSocket(url, payload) {
    return new Promise((resolve) => {
      const socket = new WebSocket(url.replace('http', 'ws'), 'graphql-transport-ws');
      const end = (result) => { socket.close(); resolve(result); };
      socket.onopen = () => socket.send('{"type":"connection_init"}');
      socket.onmessage = ({ data }) => {
        const message = JSON.parse(data);
        if (message.type === 'connection_ack') socket.send(JSON.stringify({ type: 'subscribe', id: '1', payload }));
        else end(message.payload);
      };
      socket.onerror = () => end('refused');
    });
  }`;

/** A page with its own origin. */
class Site {
  readonly #server = createServer((_request, response) => {
    response.setHeader('content-type', 'text/html').end('<!doctype html><title>Shop</title>');
  });

  start(): Promise<void> {
    return listen(this.#server);
  }

  stop(): Promise<void> {
    return close(this.#server);
  }

  get origin(): string {
    return `http://127.0.0.1:${portOf(this.#server)}`;
  }
}

describeInBrowser('a page in a browser', () => {
  const [allowed, other] = [new Site(), new Site()];
  const { sandbox, gateway } = withGateway({
    services: [allowed, other],
    environment: () => ({ CORS_ORIGINS: `https://shop.example, ${allowed.origin}/` }),
  });
  let browser: Browser;

  beforeAll(async () => {
    browser = await launchBrowser();
  });
  afterAll(() => browser.close());

  async function open(origin: string): Promise<Page> {
    const page = await browser.newPage();
    await page.goto(origin);
    await page.addScriptTag({ content: FRONTEND });
    return page;
  }

  const call = (page: Page, name: string, query: string, variables: unknown): Promise<unknown> =>
    page.evaluate(`${name}(${JSON.stringify(`${gateway.url}/graphql`)}, ${JSON.stringify({ query, variables })})`);

  const watches = (page: Page, id: string): Promise<unknown[]> =>
    Promise.all(
      ['watchByEvents', 'watchByWebSocket'].map((name) =>
        call(page, name, print(PaymentSessionUpdatedDocument), { id }),
      ),
    );

  it('of an allowed origin can pay and watch the payment', async () => {
    const page = await open(allowed.origin);
    const response = await call(page, 'run', print(CreatePaymentSessionDocument), createVariables());
    const { requestId, data } = response as { requestId: string; data: CreatePaymentSessionMutation };
    expect(requestId).toBe('from-the-shop');
    const result = data.createPaymentSession;
    if (result.__typename !== 'CreatePaymentSessionSuccess') throw new Error(JSON.stringify(result));
    const event = { data: { paymentSessionUpdated: expect.objectContaining({ status: 'INITIATED' }) as object } };
    expect(await watches(page, result.paymentSession.id)).toEqual([event, event]);
  });

  it('of an origin that is not allowed can neither pay nor watch a payment', async () => {
    const before = await sandbox.calls('initiate');
    const page = await open(other.origin);
    await expect(call(page, 'run', print(CreatePaymentSessionDocument), createVariables())).rejects.toThrow(
      'Failed to fetch',
    );
    expect(await sandbox.calls('initiate')).toBe(before);
    expect(await watches(page, 'ps_01a202f2-fc99-76f3-81b5-1118e13d7638')).toEqual(['refused', 'refused']);
  });
});
