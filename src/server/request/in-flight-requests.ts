import type { Socket } from 'node:net';
import type { FastifyInstance, FastifyRequest } from 'fastify';

/** While the gateway drains: the time that a client gets to finish sending a request. */
const RECEIVE_GRACE_MS = 5_000;

/** Tracks the HTTP requests that still await a response, without those whose clients disconnected. */
export class InFlightRequests {
  readonly #requests = new Set<FastifyRequest>();
  readonly #streams = new Set<FastifyRequest>();
  #onChange: (() => void) | undefined;

  /** Tracks all requests of `app` from now on. */
  watch(app: FastifyInstance): void {
    app.addHook('onRequest', (request, reply, done) => {
      this.#requests.add(request);
      reply.raw.once('close', () => {
        this.#requests.delete(request);
        this.#streams.delete(request);
        this.#onChange?.();
      });
      done();
    });
  }

  /** Whether a request or a stream is open on this connection. */
  has(socket: Socket): boolean {
    return [...this.#requests, ...this.#streams].some(({ raw }) => raw.socket === socket);
  }

  /** Marks the response as a stream, so that `whenIdle` does not wait for its end. */
  markStreaming(request: FastifyRequest): void {
    if (this.#requests.delete(request)) this.#streams.add(request);
    this.#onChange?.();
  }

  /** Resolves when no request is left. Cuts those that clients do not finish sending in time: nothing was executed. */
  async whenIdle(): Promise<void> {
    const grace = setTimeout(() => {
      for (const { raw } of this.#requests) if (!raw.complete) raw.destroy();
    }, RECEIVE_GRACE_MS);
    while (this.#requests.size > 0) await new Promise<void>((resolve) => (this.#onChange = resolve));
    clearTimeout(grace);
  }
}
