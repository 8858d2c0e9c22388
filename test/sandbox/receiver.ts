import { createHmac } from 'node:crypto';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import { close, listen, portOf } from '../support/loopback.js';
import { until } from '../support/until.js';

export interface Received {
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** The signature that the default secret of the sandbox gives a body. */
export function hmac(body: string, encoding: 'hex' | 'base64'): string {
  return createHmac('sha256', 'sandbox-webhook-secret').update(body).digest(encoding);
}

export function isSigned({ headers, body }: Received): boolean {
  return headers['x-webhook-signature'] === `sha256=${hmac(body, 'hex').toUpperCase()}`;
}

/** What stands where webhooks are sent to; keeps what came, in its order. */
export class Receiver {
  readonly received: Received[] = [];
  /** The HTTP status of every answer; `undefined` leaves the sender without one. */
  answer: number | undefined = 200;

  readonly #server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (chunk: string) => (body += chunk));
    request.on('end', () => {
      this.received.push({ headers: request.headers, body });
      if (this.answer === undefined) response.destroy();
      else response.writeHead(this.answer).end();
    });
  });

  async start(): Promise<this> {
    this.received.length = 0;
    this.answer = 200;
    await listen(this.#server);
    return this;
  }

  async stop(): Promise<void> {
    await close(this.#server);
  }

  get url(): string {
    return `http://127.0.0.1:${portOf(this.#server)}/webhooks`;
  }

  /** Resolves with the events once so many came. */
  async events(count: number): Promise<Record<string, unknown>[]> {
    await until(() => this.received.length >= count);
    return this.received.map(({ body }) => JSON.parse(body) as Record<string, unknown>);
  }

  async listStatuses(count: number): Promise<unknown[]> {
    return (await this.events(count)).map(({ status }) => status);
  }
}
