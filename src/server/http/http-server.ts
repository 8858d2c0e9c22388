import type { ApolloServer } from '@apollo/server';
import { fastifyApolloHandler } from '@as-integrations/fastify';
import { LogController, fastify } from 'fastify';
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { RequestContext } from '../../resolvers/request-context.js';
import { UNEXPECTED_ERROR, logUnexpectedError } from '../graphql/errors.js';
import { Operations } from '../graphql/operations.js';
import { ConcurrencyQuota, MAX_SUBSCRIPTIONS, MAX_SUBSCRIPTIONS_PER_CLIENT } from '../request/concurrency-quota.js';
import { acceptsJson, negotiate } from '../request/content-negotiation.js';
import { sendError } from '../request/error-response.js';
import { InFlightRequests } from '../request/in-flight-requests.js';
import { REQUEST_ID_HEADER, requestIdOf } from '../request/request-id.js';
import { MAX_REQUEST_BYTES } from '../request/transport-limits.js';
import { CallbackHttp, callbackOperationIn } from '../subscriptions/callbacks/callback-http.js';
import type { Callbacks } from '../subscriptions/callbacks/callback-http.js';
import { StreamingHttp } from '../subscriptions/streaming-http.js';
import { WebSockets } from '../subscriptions/websocket/websockets.js';
import type { WebSocketDependencies } from '../subscriptions/websocket/websockets.js';
import { addAuthentication, clientOf } from './authenticate.js';
import { addCors } from './cors.js';
import { addExplorer, opensInBrowser } from './explorer/explorer.js';
import { finalizeResponse } from './finalize-response.js';
import * as limits from './node-http-options.js';
import { addMonitoring } from './monitoring.js';
import type { Monitored } from './monitoring.js';
import { HttpRequest, closePipelinedResponses } from './node-workarounds.js';
import { addWebhooks } from './webhooks.js';
import type { WebhookDeliveries } from './webhooks.js';

interface HttpServerDependencies extends Monitored, WebSocketDependencies {
  readonly apollo: ApolloServer<RequestContext>;
  /** Whether the pages for developers are served. */
  readonly explorer: boolean;
  /** Undefined when callback subscriptions are disabled. */
  readonly callbacks: Callbacks | undefined;
  /** Undefined when webhooks are disabled. */
  readonly webhooks: WebhookDeliveries | undefined;
}

const NOT_ACCEPTABLE =
  'Accept application/graphql-response+json, application/json, text/event-stream or multipart/mixed;subscriptionSpec=1.0.';

/** Messages for errors of Fastify's by status. They quote nothing of the request. */
const REQUEST_PROBLEMS: Readonly<Record<number, string>> = {
  400: 'The body is not valid JSON.',
  413: 'The body is too large.',
  415: 'Send content-type: application/json.',
};

/** The HTTP server with its streams and WebSockets. */
export type HttpServer = ReturnType<typeof createHttpServer>;

/** Creates the HTTP server: routes, size and time limits, request ids, and a log line for each request. */
export function createHttpServer(dependencies: HttpServerDependencies) {
  const { apollo, guard, isDraining } = dependencies;
  const requests = new InFlightRequests();
  const app = createFastify(dependencies, requests);
  requests.watch(app);
  closePipelinedResponses(app);
  addRequestIds(app);
  addDraining(app, isDraining);
  addErrors(app);
  const subscriptions = new ConcurrencyQuota(MAX_SUBSCRIPTIONS, MAX_SUBSCRIPTIONS_PER_CLIENT);
  const operations = new Operations(apollo, subscriptions, guard.onRejection);
  const createContext = (request: FastifyRequest) =>
    dependencies.contextFactory(clientOf(request), request.id, request.log);
  const streams = new StreamingHttp(operations, createContext, requests);
  const sockets = new WebSockets(operations, dependencies);
  addGraphql(app, streams, createContext, dependencies);
  sockets.attach(app.server);
  limits.limitConnections(app.server, guard.onRejection);
  if (dependencies.explorer) addExplorer(app);
  addMonitoring(app, dependencies);
  if (dependencies.webhooks !== undefined) addWebhooks(app, dependencies.webhooks);
  return {
    /** The Fastify instance, not listening yet. */
    app,
    /** Number of open WebSockets, HTTP streams and subscriptions. */
    open: () => ({ websocket: sockets.size, http: streams.size, subscription: subscriptions.size }),
    /** Ends all streams at once; resolves when no request is in flight, on HTTP or on a WebSocket. */
    drained: async () => {
      await Promise.all([streams.end(), sockets.end(), requests.whenIdle()]);
    },
  };
}

function createFastify({ log }: HttpServerDependencies, requests: InFlightRequests): FastifyInstance {
  return fastify({
    loggerInstance: log,
    genReqId: requestIdOf,
    logController: new LogController({ requestIdLogLabel: 'requestId', disableRequestLogging: true }),
    http: { IncomingMessage: HttpRequest, ...limits.HTTP_LIMITS },
    bodyLimit: MAX_REQUEST_BYTES,
    requestTimeout: limits.RECEIVE_TIMEOUT_MS,
    keepAliveTimeout: limits.IDLE_TIMEOUT_MS,
    // `addDraining` rejects requests while draining, with an error in the common shape.
    return503OnClosing: false,
    clientErrorHandler: (error, socket) => {
      // The error holds the bytes that were received, so only its code is logged.
      log.info({ event: 'request_malformed', code: error.code }, 'malformed HTTP request');
      // While a request is in flight on the connection, this would be taken for the response to it.
      if (socket.writable && !requests.has(socket)) socket.end(limits.malformedRequestResponse(error.code));
      else socket.destroy();
    },
    // Detected before routing, so no hook runs; for example a path that cannot be decoded.
    frameworkErrors: (_error, request, reply: FastifyReply) => {
      request.log.info({ event: 'http_request', method: request.method, route: 'none', status: 400 }, 'request');
      sendError(reply.header(REQUEST_ID_HEADER, request.id), 400, 'BAD_REQUEST', 'The URL cannot be decoded.');
    },
  });
}

function addRequestIds(app: FastifyInstance): void {
  app.addHook('onRequest', async (request, reply) => {
    reply.header(REQUEST_ID_HEADER, request.id);
    // `close` also fires when the client disconnects before the response.
    reply.raw.once('close', () => logRequest(request, reply));
  });
}

function logRequest({ log, method, routeOptions }: FastifyRequest, { raw, statusCode, elapsedTime }: FastifyReply) {
  // The route, not the URL: a query string may hold variables.
  const route = routeOptions.url ?? 'none';
  const hungUp = raw.writableFinished ? {} : { hungUp: true };
  const line = { event: 'http_request', method, route, status: statusCode, ms: Math.round(elapsedTime), ...hungUp };
  log[route.startsWith('/health') ? 'debug' : 'info'](line, 'request');
}

function addDraining(app: FastifyInstance, isDraining: () => boolean): void {
  app.addHook('onSend', async (_request, reply) => {
    if (isDraining()) reply.header('connection', 'close');
  });
  // After `onRequest`, where the CORS headers are set that let a page in a browser read this response.
  app.addHook('preParsing', async (request, reply) => {
    if (!isDraining() || request.routeOptions.url?.startsWith('/health') === true) return;
    reply.header('retry-after', '1');
    await sendError(reply, 503, 'SHUTTING_DOWN', 'This replica is shutting down. Retry the request.');
  });
}

function addErrors(app: FastifyInstance): void {
  app.setNotFoundHandler((_request, reply) => sendError(reply, 404, 'NOT_FOUND', 'Not found. POST to /graphql.'));
  app.setErrorHandler((error: FastifyError, request, reply) => {
    const { statusCode = 500 } = error;
    const problem = REQUEST_PROBLEMS[statusCode];
    if (problem !== undefined) return sendError(reply, statusCode, 'BAD_REQUEST', problem);
    logUnexpectedError(request.log, error);
    return sendError(reply, 500, UNEXPECTED_ERROR.extensions.code, UNEXPECTED_ERROR.message);
  });
}

/** Number of Host headers. Node uses the first one, while a proxy in front of it may have used another. */
function countHosts({ raw }: FastifyRequest): number {
  return raw.rawHeaders.filter((name, index) => index % 2 === 0 && name.toLowerCase() === 'host').length;
}

function addGraphql(
  app: FastifyInstance,
  streams: StreamingHttp,
  createContext: (request: FastifyRequest) => RequestContext,
  { guard, apollo, callbacks, explorer, origins }: HttpServerDependencies,
): void {
  const callbackHttp = new CallbackHttp(callbacks, createContext);
  const handleWithApollo = fastifyApolloHandler(apollo, {
    context: (request) => Promise.resolve(createContext(request)),
  });
  const respond = (request: FastifyRequest, reply: FastifyReply) => {
    const { headers, method } = request;
    // Apollo Server would execute the operation first, and then not send its result.
    if (method === 'POST' && !acceptsJson(headers.accept)) return sendError(reply, 406, 'BAD_REQUEST', NOT_ACCEPTABLE);
    return handleWithApollo.call(app, request, reply);
  };
  // CORS applies to /graphql only, hence a scope of its own.
  void app.register(
    async (scope) => {
      await addCors(scope, origins);
      // The Fastify integration builds a URL from it, and would report an internal error.
      scope.addHook('onRequest', async (request, reply) => {
        if (URL.canParse(`http://${request.hostname}/`) && countHosts(request) === 1) return;
        await sendError(reply, 400, 'BAD_REQUEST', 'Send one Host header that names a host.');
      });
      addAuthentication(scope, guard);
      scope.route({
        url: '',
        method: ['GET', 'POST', 'OPTIONS'],
        handler: (request, reply) => {
          if (explorer && opensInBrowser(request)) return reply.redirect('/');
          const subscription = callbackOperationIn(request);
          if (subscription !== undefined) return callbackHttp.respond(request, reply, subscription);
          const accepted = ['GET', 'POST'].includes(request.method) ? negotiate(request.headers.accept) : undefined;
          return accepted === undefined ? respond(request, reply) : streams.respond(request, reply, accepted);
        },
        onSend: async (_request, reply, body) => finalizeResponse(reply, body),
      });
    },
    { prefix: '/graphql' },
  );
}
