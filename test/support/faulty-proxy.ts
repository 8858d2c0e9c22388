import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { close, listen, portOf } from './loopback.js';

/** A fault of the proxy, which affects one request to /graphql. */
export type ProxyFault =
  /** The gateway executes the request, and the connection is closed instead of a response. */
  | { readonly kind: 'lose' }
  /** The gateway executes the request, and no response is ever sent. */
  | { readonly kind: 'hold' }
  /** The proxy responds, and the request does not reach the gateway. */
  | { readonly kind: 'reject'; readonly status: number; readonly type: string; readonly body: string };

/** Returns the page at a path other than /graphql, or undefined if there is none. */
type Pages = (path: string) => { readonly type: string; readonly body: Buffer | string } | undefined;

/** An HTTP proxy in front of the gateway that rejects requests or loses responses on demand. It also serves pages. */
export class FaultyProxy {
  readonly #faults: ProxyFault[] = [];
  /** The bodies of the requests to /graphql. */
  readonly requests: string[] = [];
  #executed = 0;

  private constructor(
    private readonly server: Server,
    private readonly gatewayUrl: string,
    private readonly pages: Pages,
  ) {
    server.on('request', (request, response) => void this.#handle(request, response));
  }

  static async start(gatewayUrl: string, pages: Pages = () => undefined): Promise<FaultyProxy> {
    const server = createServer();
    const proxy = new FaultyProxy(server, gatewayUrl, pages);
    await listen(server);
    return proxy;
  }

  get url(): string {
    return `http://127.0.0.1:${portOf(this.server)}`;
  }

  /** The number of requests that the gateway has executed. */
  get executed(): number {
    return this.#executed;
  }

  /** Applies these faults to the next requests, one to each. */
  addFaults(...faults: readonly ProxyFault[]): void {
    this.#faults.push(...faults);
  }

  async close(): Promise<void> {
    await close(this.server);
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (request.url === '/graphql') {
      await this.#forward(await buffer(request), request.headers, response);
      return;
    }
    const page = this.pages(request.url ?? '');
    response.writeHead(page === undefined ? 404 : 200, { 'content-type': page?.type ?? 'text/plain' }).end(page?.body);
  }

  async #forward(body: Buffer, headers: IncomingMessage['headers'], response: ServerResponse): Promise<void> {
    this.requests.push(body.toString());
    const fault = this.#faults.shift();
    if (fault?.kind === 'reject') {
      response.writeHead(fault.status, { 'content-type': fault.type }).end(fault.body);
      return;
    }
    const forwarded = { 'content-type': headers['content-type'] ?? '', accept: headers.accept ?? '' };
    const upstream = await fetch(`${this.gatewayUrl}/graphql`, { method: 'POST', headers: forwarded, body });
    const text = await upstream.text();
    this.#executed += 1;
    if (fault?.kind === 'hold') return;
    if (fault?.kind === 'lose') response.destroy();
    else response.writeHead(upstream.status, { 'content-type': upstream.headers.get('content-type') ?? '' }).end(text);
  }
}
