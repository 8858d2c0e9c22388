import type { Socket } from 'node:net';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

/** What a client may still take to finish sending a request once the gateway drains. */
const RECEIVE_GRACE_MS = 5_000;

/** The requests that are not answered yet; those of callers that hung up are not among them. */
export class InFlightRequests {
  readonly #requests = new Set<FastifyRequest>();
  readonly #streams = new Set<FastifyRequest>();
  #onChange: (() => void) | undefined;

  watch(app: FastifyInstance): void {
    app.addHook('onRequest', (request, reply, done) => {
      this.#add(request, reply);
      done();
    });
  }

  has(socket: Socket): boolean {
    return [...this.#requests, ...this.#streams].some(({ raw }) => raw.socket === socket);
  }

  /** Its answer is a stream, which nobody has to wait for. */
  markStreaming(request: FastifyRequest): void {
    if (this.#requests.delete(request)) this.#streams.add(request);
    this.#onChange?.();
  }

  /** Resolves when there is none. A request that its client does not finish sending is cut off: nothing of it has run. */
  async whenIdle(): Promise<void> {
    const grace = setTimeout(() => this.#cutUnfinished(), RECEIVE_GRACE_MS);
    while (this.#requests.size > 0) await new Promise<void>((resolve) => (this.#onChange = resolve));
    clearTimeout(grace);
  }

  #add(request: FastifyRequest, reply: FastifyReply): void {
    this.#requests.add(request);
    reply.raw.once('close', () => {
      this.#requests.delete(request);
      this.#streams.delete(request);
      this.#onChange?.();
    });
  }

  #cutUnfinished(): void {
    for (const { raw } of this.#requests) if (!raw.complete) raw.destroy();
  }
}
