import { createHmac } from 'node:crypto';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import { close, listen, portOf } from '../support/loopback.js';
import { until } from '../support/until.js';

export interface Received {
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** The signature of a body with the default secret of the sandbox. */
export function hmac(body: string, encoding: 'hex' | 'base64'): string {
  return createHmac('sha256', 'sandbox-webhook-secret').update(body).digest(encoding);
}

export function isSigned({ headers, body }: Received): boolean {
  return headers['x-webhook-signature'] === `sha256=${hmac(body, 'hex').toUpperCase()}`;
}

/** A server that receives webhooks and keeps them in order. */
export class Receiver {
  readonly received: Received[] = [];
  /** The HTTP status of every response; `undefined` closes the connection without a response. */
  responseStatus: number | undefined = 200;

  readonly #server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (chunk: string) => (body += chunk));
    request.on('end', () => {
      this.received.push({ headers: request.headers, body });
      if (this.responseStatus === undefined) response.destroy();
      else response.writeHead(this.responseStatus).end();
    });
  });

  async start(): Promise<this> {
    this.received.length = 0;
    this.responseStatus = 200;
    await listen(this.#server);
    return this;
  }

  async stop(): Promise<void> {
    await close(this.#server);
  }

  get url(): string {
    return `http://127.0.0.1:${portOf(this.#server)}/webhooks`;
  }

  /** Resolves with all events as soon as `count` of them have arrived. */
  async events(count: number): Promise<Record<string, unknown>[]> {
    await until(() => this.received.length >= count);
    return this.received.map(({ body }) => JSON.parse(body) as Record<string, unknown>);
  }

  async listStatuses(count: number): Promise<unknown[]> {
    return (await this.events(count)).map(({ status }) => status);
  }
}
