import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
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

  private constructor(
    readonly url: string,
    private readonly server: Server,
  ) {}

  static async start(): Promise<Receiver> {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const receiver = new Receiver(`http://127.0.0.1:${(server.address() as AddressInfo).port}/webhooks`, server);
    server.on('request', (request, response) => {
      let body = '';
      request.setEncoding('utf8').on('data', (chunk: string) => (body += chunk));
      request.on('end', () => {
        receiver.received.push({ headers: request.headers, body });
        if (receiver.answer === undefined) response.destroy();
        else response.writeHead(receiver.answer).end();
      });
    });
    return receiver;
  }

  /** Resolves with the events once so many came. */
  async events(count: number): Promise<Record<string, unknown>[]> {
    await until(() => this.received.length >= count);
    return this.received.map(({ body }) => JSON.parse(body) as Record<string, unknown>);
  }

  async listStatuses(count: number): Promise<unknown[]> {
    return (await this.events(count)).map(({ status }) => status);
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, 'close');
  }
}
