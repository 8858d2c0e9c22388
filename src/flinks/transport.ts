import type { IncomingHttpHeaders } from 'node:http';
import { Pool } from 'undici';
import type { Dispatcher } from 'undici';
import type { Deadline } from '../lib/deadline.js';
import type { Sensitive } from '../domain/sensitive.js';

const MAX_RESPONSE_BYTES = 64 * 1024;
/** Servers commonly close connections after a few idle seconds. */
const FRESH_IDLE_MS = 2_000;

/** An HTTP request to Flinks. */
export interface WireRequest {
  readonly method: 'GET' | 'POST';
  /** Path and query, starting with a slash. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string | Sensitive<string>>>;
  readonly body?: Sensitive<string>;
  /** Do not use a connection that was idle for more than two seconds, because the server may just have closed it. */
  readonly fresh?: boolean;
}

/** The status line and headers of a response, as far as they are used. */
interface ResponseHead {
  readonly status: number;
  readonly retryAfter: string | undefined;
}

type NotExecutedReason = 'no-connection' | 'deadline' | 'not-permitted';

/**
 * The outcome of one HTTP exchange, not yet classified. not-executed: no byte of the request was sent. unknown: a part
 * of it was sent and no status came back. responded: a status came back; `body` is undefined if it was cut off, too
 * large or too late.
 */
export type Exchange =
  | { readonly kind: 'not-executed'; readonly reason: NotExecutedReason; readonly detail: string }
  | { readonly kind: 'unknown'; readonly reason: string }
  | ({ readonly kind: 'responded'; readonly body: string | undefined } & ResponseHead);

/** HTTP to one upstream host: keep-alive connections, a deadline for each exchange, a size limit for each response. */
export class Transport {
  readonly #pool: Pool;
  readonly #freshPool: Pool;

  /** `origin`: scheme, host and port. `connections`: the maximum for each of the two pools. */
  constructor(origin: string, connections: number, connectTimeoutMs: number) {
    // `Receiver` enforces the deadlines, so undici's own timers are off.
    const timeouts = { connect: { timeout: connectTimeoutMs }, headersTimeout: 0, bodyTimeout: 0 };
    // On HTTP/2, one broken connection would leave the outcome of every exchange on it unknown.
    const options = { connections, ...timeouts, allowH2: false };
    this.#pool = new Pool(origin, options);
    const idle = { keepAliveTimeout: FRESH_IDLE_MS, keepAliveMaxTimeout: FRESH_IDLE_MS };
    this.#freshPool = new Pool(origin, { ...options, ...idle });
  }

  /** Makes one exchange, which ends by `deadline`. Never rejects. */
  exchange(request: WireRequest, deadline: Deadline): Promise<Exchange> {
    return new Promise((resolve) => {
      if (deadline.remainingMs() === 0) {
        resolve({ kind: 'not-executed', reason: 'deadline', detail: 'deadline' });
        return;
      }
      const { method, path } = request;
      const receiver = new Receiver(deadline, resolve);
      const pool = request.fresh === true ? this.#freshPool : this.#pool;
      const headers = revealAll(request.headers);
      pool.dispatch({ method, path, headers, body: request.body?.reveal() ?? null }, receiver);
    });
  }

  /** Destroys all connections. */
  async close(): Promise<void> {
    await Promise.all([this.#pool.destroy(), this.#freshPool.destroy()]);
  }
}

function revealAll(headers: WireRequest['headers']): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, typeof value === 'string' ? value : value.reveal()]),
  );
}

/**
 * Collects one response. undici calls `onRequestStart` just before it writes to the socket, which separates "certainly
 * not executed" from "unknown"; its higher-level `request` does not expose that.
 */
class Receiver implements Dispatcher.DispatchHandler {
  #started = false;
  #finished = false;
  #controller: Dispatcher.DispatchController | undefined;
  #head: ResponseHead | undefined;
  readonly #chunks: Buffer[] = [];
  #bytes = 0;
  readonly #timer: NodeJS.Timeout;

  constructor(
    deadline: Deadline,
    private readonly resolve: (exchange: Exchange) => void,
  ) {
    // One turn of the event loop later: after a pause of the process the response may already be there, and timers run
    // before it is read.
    this.#timer = setTimeout(() => setImmediate(() => this.#giveUp('deadline')), deadline.remainingMs());
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    if (this.#finished) {
      // Timed out while waiting for a connection: nothing may be sent any more.
      controller.abort(new Error('deadline'));
      return;
    }
    this.#started = true;
    this.#controller = controller;
  }

  onResponseStart(_controller: Dispatcher.DispatchController, status: number, headers: IncomingHttpHeaders): void {
    this.#head = { status, retryAfter: headers['retry-after'] };
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#bytes += chunk.length;
    if (this.#bytes > MAX_RESPONSE_BYTES) this.#giveUp('response too large');
    else this.#chunks.push(chunk);
  }

  onResponseEnd(): void {
    this.#finish(Buffer.concat(this.#chunks).toString('utf8'), 'no status');
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error & { code?: unknown }): void {
    this.#finish(undefined, typeof error.code === 'string' ? error.code : error.name);
  }

  #giveUp(reason: string): void {
    if (this.#finished) return;
    this.#finish(undefined, reason);
    // Destroys the connection, so that the rest of the response is not read either.
    this.#controller?.abort(new Error(reason));
  }

  #finish(body: string | undefined, reason: string): void {
    if (this.#finished) return;
    this.#finished = true;
    clearTimeout(this.#timer);
    this.resolve(this.#exchange(body, reason));
  }

  #exchange(body: string | undefined, reason: string): Exchange {
    if (this.#head !== undefined) return { kind: 'responded', ...this.#head, body };
    if (this.#started) return { kind: 'unknown', reason };
    return { kind: 'not-executed', reason: reason === 'deadline' ? reason : 'no-connection', detail: reason };
  }
}
