import type { IncomingHttpHeaders } from 'node:http';
import { Pool } from 'undici';
import type { Dispatcher } from 'undici';
import type { Deadline } from '../lib/deadline.js';
import type { Sensitive } from '../domain/sensitive.js';

const MAX_RESPONSE_BYTES = 64 * 1024;
const FRESH_IDLE_MS = 2_000;

export interface WireRequest {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly headers: Readonly<Record<string, string | Sensitive<string>>>;
  readonly body?: Sensitive<string>;
  /** Use no connection that sat idle for more than a few seconds: its server may just have closed it. */
  readonly fresh?: boolean;
}

/**
 * What went over the wire, unjudged. not-sent: no byte of the request left. lost: some of it left and no status came back.
 * answered: a status came back; `body` is undefined when it broke off, was too large or came too late.
 */
export type Exchange =
  | {
      readonly kind: 'not-sent';
      readonly reason: 'no-connection' | 'deadline' | 'not-permitted';
      readonly detail: string;
    }
  | { readonly kind: 'lost'; readonly reason: string }
  | {
      readonly kind: 'answered';
      readonly status: number;
      readonly retryAfter: string | undefined;
      readonly body: string | undefined;
    };

/** HTTP to one upstream host: keep-alive connections, a deadline on every exchange, a size limit on every reply. */
export class Transport {
  readonly #pool: Pool;
  readonly #freshPool: Pool;

  /** `origin`: scheme, host and port. `connections`: at most so many for each of the two pools. */
  constructor(origin: string, connections: number, connectTimeoutMs: number) {
    // Deadlines are ours, so undici's own timers are off.
    const options = { connections, connect: { timeout: connectTimeoutMs }, headersTimeout: 0, bodyTimeout: 0 };
    this.#pool = new Pool(origin, options);
    this.#freshPool = new Pool(origin, {
      ...options,
      keepAliveTimeout: FRESH_IDLE_MS,
      keepAliveMaxTimeout: FRESH_IDLE_MS,
    });
  }

  exchange(request: WireRequest, deadline: Deadline): Promise<Exchange> {
    return new Promise((resolve) => {
      if (deadline.remainingMs() === 0) {
        resolve({ kind: 'not-sent', reason: 'deadline', detail: 'deadline' });
        return;
      }
      const receiver = new Receiver(deadline, resolve);
      const pool = request.fresh === true ? this.#freshPool : this.#pool;
      pool.dispatch(
        {
          method: request.method,
          path: request.path,
          headers: revealAll(request.headers),
          body: request.body?.reveal() ?? null,
        },
        receiver,
      );
    });
  }

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
 * Collects one reply. undici calls `onRequestStart` just before it writes to the socket, which is what tells "certainly not
 * executed" from "unknown"; its higher-level `request` does not pass that on.
 */
class Receiver implements Dispatcher.DispatchHandler {
  #started = false;
  #finished = false;
  #controller: Dispatcher.DispatchController | undefined;
  #head: { status: number; retryAfter: string | undefined } | undefined;
  readonly #chunks: Buffer[] = [];
  #bytes = 0;
  readonly #timer: NodeJS.Timeout;

  constructor(
    deadline: Deadline,
    private readonly resolve: (exchange: Exchange) => void,
  ) {
    // A turn later: where the process was paused, the answer may have come, and timers run before it is read.
    this.#timer = setTimeout(() => setImmediate(() => this.#giveUp('deadline')), deadline.remainingMs());
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    if (this.#finished) {
      // Given up while it waited for a connection: nothing may leave any more.
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
    if (this.#bytes > MAX_RESPONSE_BYTES) this.#giveUp('reply too large');
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
    // Destroys the connection, so the rest of the reply is not read either.
    this.#controller?.abort(new Error(reason));
  }

  #finish(body: string | undefined, reason: string): void {
    if (this.#finished) return;
    this.#finished = true;
    clearTimeout(this.#timer);
    if (this.#head !== undefined) this.resolve({ kind: 'answered', ...this.#head, body });
    else if (this.#started) this.resolve({ kind: 'lost', reason });
    else
      this.resolve({ kind: 'not-sent', reason: reason === 'deadline' ? 'deadline' : 'no-connection', detail: reason });
  }
}
