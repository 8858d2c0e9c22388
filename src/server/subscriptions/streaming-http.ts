import type { OutgoingHttpHeaders, ServerResponse } from 'node:http';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Deadline } from '../../lib/deadline.js';
import type { RequestContext } from '../../resolvers/request-context.js';
import type { Operations, SingleResult } from '../graphql/operations.js';
import type { ResultStream } from '../graphql/subscription.js';
import type { Framing, NegotiatedFormat } from '../request/content-negotiation.js';
import { sendError } from '../request/error-response.js';
import type { InFlightRequests } from '../request/in-flight-requests.js';
import { requestedOperation } from '../request/requested-operation.js';
import { CLOSE_GRACE_MS, HEARTBEAT_MS, MAX_STALL_MS } from '../request/transport-limits.js';

const NO_OPERATION =
  'Send the document as query, or extensions.persistedQuery; operationName must be a string, variables and extensions JSON objects.';

/** Handles GET and POST of clients that accept a stream. */
export class StreamingHttp {
  readonly #open = new Map<HttpStream, Promise<void>>();
  #ending = false;

  constructor(
    private readonly operations: Operations,
    private readonly createContext: (request: FastifyRequest) => RequestContext,
    private readonly requests: InFlightRequests,
  ) {}

  /** Runs the operation and sends its result or its stream. */
  async respond(request: FastifyRequest, reply: FastifyReply, format: NegotiatedFormat): Promise<FastifyReply> {
    const operation = requestedOperation(request);
    if (operation === undefined) return sendError(reply, 400, 'BAD_REQUEST', NO_OPERATION);
    const readOnly = request.method === 'GET';
    const result = await this.operations.run(operation, this.createContext(request), { readOnly });
    return result.kind === 'results'
      ? this.#stream(request, reply, format.framing, result.results)
      : sendResult(reply, result, format);
  }

  /** Number of open streams. */
  get size(): number {
    return this.#open.size;
  }

  /** Ends all streams; resolves when their clients have received the end, after `CLOSE_GRACE_MS` at the latest. */
  async end(): Promise<void> {
    this.#ending = true;
    for (const stream of this.#open.keys()) stream.interrupt();
    await Deadline.after(CLOSE_GRACE_MS).race(Promise.all(this.#open.values()), []);
  }

  #stream(request: FastifyRequest, reply: FastifyReply, framing: Framing, results: ResultStream): FastifyReply {
    this.requests.markStreaming(request);
    reply.hijack();
    const stream = new HttpStream(reply.raw, framing, results, request.id);
    // Carries over the headers of the request id and of CORS.
    const ended = stream.run(reply.getHeaders() as OutgoingHttpHeaders).finally(() => this.#open.delete(stream));
    this.#open.set(stream, ended);
    if (this.#ending) stream.interrupt();
    return reply;
  }
}

function sendResult(reply: FastifyReply, outcome: SingleResult, { json, framing }: NegotiatedFormat): FastifyReply {
  const { result } = outcome;
  // With status 200 even for errors, as the streaming protocols require: browsers hide the body of any other status.
  if (outcome.kind === 'failed' || json === undefined)
    return reply.headers(framing.headers).send(framing.opening + framing.result(result) + framing.completion);
  // Like Apollo Server's own HTTP layer.
  const { status = 200, headers } = outcome.http;
  return reply.headers(Object.fromEntries(headers)).code(status).type(json).send(JSON.stringify(result));
}

/** Writes the results of a subscription into the response to an HTTP request. */
class HttpStream {
  readonly #closed: Promise<void>;

  constructor(
    private readonly response: ServerResponse,
    private readonly framing: Framing,
    private readonly results: ResultStream,
    private readonly requestId: string,
  ) {
    this.#closed = new Promise((resolve) => response.once('close', resolve));
  }

  /** Writes until the stream ends, by whichever side. `headers` are sent with those of the framing. */
  async run(headers: OutgoingHttpHeaders): Promise<void> {
    const { response, framing, results } = this;
    if (!this.#isOpen()) {
      await results.return();
      return;
    }
    response.once('close', () => void results.return());
    const heartbeat = setInterval(() => this.#beat(), HEARTBEAT_MS);
    response.writeHead(200, { ...headers, ...framing.headers });
    await this.#write(framing.opening);
    for await (const result of results) await this.#write(framing.result(result));
    clearInterval(heartbeat);
    this.#end(framing.completion);
    await this.#closed;
  }

  /** Ends the stream although results may follow; the client has to subscribe again. */
  interrupt(): void {
    this.#end(this.framing.interruption(this.requestId));
    void this.results.return();
  }

  /** Resolves when the client can receive more or has disconnected. Nothing is buffered for one that does not read. */
  async #write(text: string): Promise<void> {
    const { response } = this;
    // After a disconnect that is not reported yet, a fast source would otherwise keep this loop running.
    if (!this.#isOpen()) return this.#closed;
    if (response.write(text)) return;
    const stalled = this.#dropLater();
    await new Promise<void>((resolve) => {
      const resume = (): void => {
        response.off('drain', resume).off('close', resume);
        resolve();
      };
      response.on('drain', resume).on('close', resume);
    });
    clearTimeout(stalled);
  }

  #end(text: string): void {
    if (!this.#isOpen()) return;
    const stalled = this.#dropLater();
    this.response.once('close', () => clearTimeout(stalled)).end(text);
  }

  #beat(): void {
    if (this.#isOpen() && !this.response.writableNeedDrain) this.response.write(this.framing.heartbeat);
  }

  #isOpen(): boolean {
    return !this.response.destroyed && !this.response.writableEnded;
  }

  #dropLater(): NodeJS.Timeout {
    return setTimeout(() => this.response.destroy(), MAX_STALL_MS);
  }
}
