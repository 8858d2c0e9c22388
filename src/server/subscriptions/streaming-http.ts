import type { OutgoingHttpHeaders } from 'node:http';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { RequestContextFactory } from '../request/context.js';
import { sendError } from '../request/error-response.js';
import type { InFlightRequests } from '../request/in-flight-requests.js';
import type { NegotiatedFormat } from '../request/content-negotiation.js';
import type { Framing } from '../request/framing.js';
import { HttpStream } from './http-stream.js';
import { CLOSE_GRACE_MS } from '../request/transport-limits.js';
import type { OperationResult, Operations } from '../graphql/operations.js';
import { requestedOperation } from '../request/requested-operation.js';
import type { ResultStream } from '../graphql/subscription.js';

const NO_OPERATION =
  'Send the document as query, or extensions.persistedQuery; operationName must be a string, variables and extensions JSON objects.';

/** Handles GET and POST of clients that accept a stream. */
export class StreamingHttp {
  readonly #open = new Map<HttpStream, Promise<void>>();
  #ending = false;

  constructor(
    private readonly operations: Operations,
    private readonly createContext: RequestContextFactory,
    private readonly requests: InFlightRequests,
  ) {}

  /** Runs the operation and sends its result or its stream. */
  async respond(
    request: FastifyRequest,
    reply: FastifyReply,
    { framing, json }: NegotiatedFormat,
  ): Promise<FastifyReply> {
    const operation = requestedOperation(request);
    if (operation === undefined) return sendError(reply, 400, 'BAD_REQUEST', NO_OPERATION);
    const context = this.createContext(request);
    const result = await this.operations.run(operation, context, request.method === 'GET');
    if (result.kind === 'results') return this.#stream(request, reply, framing, result.results);
    return result.kind === 'result' && json !== undefined
      ? sendJson(reply, result, json)
      : sendFramed(reply, result, framing);
  }

  /** Number of open streams. */
  get size(): number {
    return this.#open.size;
  }

  /** Ends all streams; resolves when their clients have received the end, after `CLOSE_GRACE_MS` at the latest. */
  async end(): Promise<void> {
    this.#ending = true;
    for (const stream of this.#open.keys()) stream.interrupt();
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise((resolve) => (timer = setTimeout(resolve, CLOSE_GRACE_MS)));
    await Promise.race([Promise.all(this.#open.values()), late]);
    clearTimeout(timer);
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

/** Responds like Apollo Server's own HTTP layer. */
function sendJson(reply: FastifyReply, { result, http }: OperationResult & { kind: 'result' }, contentType: string) {
  for (const [name, value] of http.headers) reply.header(name, value);
  return reply
    .code(http.status ?? 200)
    .type(contentType)
    .send(JSON.stringify(result));
}

/**
 * Sends errors as results with status 200, as the streaming protocols require: browsers hide the body of any other
 * status.
 */
function sendFramed(reply: FastifyReply, { result }: Exclude<OperationResult, { kind: 'results' }>, framing: Framing) {
  return reply.headers(framing.headers).send(framing.opening + framing.result(result) + framing.completion);
}
