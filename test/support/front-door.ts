import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { close, listen, portOf } from './loopback.js';

/** What becomes of one request to /graphql: `pass` in the end, unless something is to happen to it. */
export type Mishap =
  /** The gateway does the work, and the connection is cut in place of the answer. */
  | { readonly kind: 'lose' }
  /** The gateway does the work, and nobody is ever told. */
  | { readonly kind: 'hold' }
  /** It never reaches the gateway. */
  | { readonly kind: 'refuse'; readonly status: number; readonly type: string; readonly body: string };

/** Another path's content, or undefined when there is none. */
type Pages = (path: string) => { readonly type: string; readonly body: Buffer | string } | undefined;

/** What stands between browsers and the gateway: passes on what is sent to /graphql, and serves pages. */
export class FrontDoor {
  readonly #mishaps: Mishap[] = [];
  /** The bodies that came to /graphql. */
  readonly requests: string[] = [];
  #worked = 0;

  private constructor(
    private readonly server: Server,
    private readonly gatewayUrl: string,
    private readonly pages: Pages,
  ) {
    server.on('request', (request, response) => void this.#answer(request, response));
  }

  static async start(gatewayUrl: string, pages: Pages = () => undefined): Promise<FrontDoor> {
    const server = createServer();
    const door = new FrontDoor(server, gatewayUrl, pages);
    await listen(server);
    return door;
  }

  get url(): string {
    return `http://127.0.0.1:${portOf(this.server)}`;
  }

  /** How many requests the gateway has answered. */
  get worked(): number {
    return this.#worked;
  }

  /** From now on these happen, one to each request. */
  next(...mishaps: readonly Mishap[]): void {
    this.#mishaps.push(...mishaps);
  }

  async close(): Promise<void> {
    await close(this.server);
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (request.url === '/graphql') {
      await this.#pass(await buffer(request), request.headers, response);
      return;
    }
    const page = this.pages(request.url ?? '');
    response.writeHead(page === undefined ? 404 : 200, { 'content-type': page?.type ?? 'text/plain' }).end(page?.body);
  }

  async #pass(body: Buffer, headers: IncomingMessage['headers'], response: ServerResponse): Promise<void> {
    this.requests.push(body.toString());
    const mishap = this.#mishaps.shift();
    if (mishap?.kind === 'refuse') {
      response.writeHead(mishap.status, { 'content-type': mishap.type }).end(mishap.body);
      return;
    }
    const sent = { 'content-type': headers['content-type'] ?? '', accept: headers.accept ?? '' };
    const answer = await fetch(`${this.gatewayUrl}/graphql`, { method: 'POST', headers: sent, body });
    const text = await answer.text();
    this.#worked += 1;
    if (mishap?.kind === 'hold') return;
    if (mishap?.kind === 'lose') response.destroy();
    else response.writeHead(answer.status, { 'content-type': answer.headers.get('content-type') ?? '' }).end(text);
  }
}
