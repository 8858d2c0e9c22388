import type { OutgoingHttpHeaders } from 'node:http';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { ContextForRequest } from '../request/context.js';
import { sendError } from '../request/error-response.js';
import type { InFlightRequests } from '../request/in-flight-requests.js';
import type { NegotiatedFormat } from '../request/content-negotiation.js';
import type { Framing } from '../request/framing.js';
import { HttpStream } from './http-stream.js';
import { CLOSE_GRACE_MS } from '../request/limits.js';
import type { OperationResult, Operations } from '../graphql/operations.js';
import { requestedOperation } from '../request/requested-operation.js';
import type { ResultStream } from '../graphql/subscription.js';

const NO_OPERATION =
  'Send the document as query, or extensions.persistedQuery, and where needed operationName as text, variables and extensions as JSON objects.';

/** GET and POST of clients that take streams. */
export class StreamingHttp {
  readonly #open = new Map<HttpStream, Promise<void>>();
  #ending = false;

  constructor(
    private readonly operations: Operations,
    private readonly createContext: ContextForRequest,
    private readonly requests: InFlightRequests,
  ) {}

  async answer(
    request: FastifyRequest,
    reply: FastifyReply,
    { framing, json }: NegotiatedFormat,
  ): Promise<FastifyReply> {
    const operation = requestedOperation(request);
    if (operation === undefined) return sendError(reply, 400, 'BAD_REQUEST', NO_OPERATION);
    const context = this.createContext(request);
    const answer = await this.operations.run(operation, context, request.method === 'GET');
    if (answer.kind === 'results') return this.#stream(request, reply, framing, answer.results);
    return answer.kind === 'result' && json !== undefined
      ? sendJson(reply, answer, json)
      : sendFramed(reply, answer, framing);
  }

  /** How many streams are open. */
  get size(): number {
    return this.#open.size;
  }

  /** Ends all streams at once, and resolves when their clients have taken that, or had the time to. */
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
    // Those of the request id and of CORS.
    const over = stream.run(reply.getHeaders() as OutgoingHttpHeaders).finally(() => this.#open.delete(stream));
    this.#open.set(stream, over);
    if (this.#ending) stream.interrupt();
    return reply;
  }
}

/** As Apollo Server's own HTTP would. */
function sendJson(reply: FastifyReply, { result, http }: OperationResult & { kind: 'result' }, contentType: string) {
  for (const [name, value] of http.headers) reply.header(name, value);
  return reply
    .code(http.status ?? 200)
    .type(contentType)
    .send(JSON.stringify(result));
}

/** The protocols of streams have their errors in results: browsers hide what comes with another status. */
function sendFramed(reply: FastifyReply, { result }: Exclude<OperationResult, { kind: 'results' }>, framing: Framing) {
  return reply.headers(framing.headers).send(framing.opening + framing.result(result) + framing.completion);
}
