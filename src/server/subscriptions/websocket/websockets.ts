import type { FastifyBaseLogger } from 'fastify';
import { GRAPHQL_TRANSPORT_WS_PROTOCOL } from 'graphql-ws';
import type { IncomingMessage, Server } from 'node:http';
import { STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import type { WebSocket } from 'ws';
import { RequestLog } from '../../../lib/logger.js';
import type { Logger } from '../../../lib/logger.js';
import type { ContextFactory, Operations } from '../../graphql/operations.js';
import { ConcurrencyQuota, MAX_WEBSOCKETS, MAX_WEBSOCKETS_PER_CLIENT } from '../../request/concurrency-quota.js';
import { errorResponse } from '../../request/error-response.js';
import type { HttpError } from '../../request/error-response.js';
import { recordRejection, rejectHeaders } from '../../request/request-guard.js';
import type { RequestGuard } from '../../request/request-guard.js';
import { requestIdOf, REQUEST_ID_HEADER } from '../../request/request-id.js';
import { MAX_REQUEST_BYTES } from '../../request/transport-limits.js';
import { LiveSocket } from './live-socket.js';
import { WebSocketConnection } from './websocket-connection.js';
import type { ConnectionGuard } from './websocket-connection.js';

const NOT_FOUND: HttpError = [404, 'NOT_FOUND', 'Not found. Connect to /graphql.'];
const SHUTTING_DOWN: HttpError = [503, 'SHUTTING_DOWN', 'This replica is shutting down. Connect again.'];
const TOO_MANY: HttpError = [503, 'TOO_MANY_CONNECTIONS', 'Too many WebSockets are open. Connect again later.'];
const FOREIGN_ORIGIN: HttpError = [403, 'FORBIDDEN', 'Pages of this origin may not connect.'];
const OTHER_PROTOCOL: HttpError = [400, 'BAD_REQUEST', `Use the subprotocol ${GRAPHQL_TRANSPORT_WS_PROTOCOL}.`];

/** What decides on connections, and runs with them. */
export interface WebSocketDependencies {
  readonly log: FastifyBaseLogger;
  readonly guard: RequestGuard;
  readonly contextFactory: ContextFactory;
  /** True from the stop signal on. */
  readonly isDraining: () => boolean;
  /** Origins whose pages may call /graphql, in addition to the gateway's own. */
  readonly origins: ReadonlySet<string>;
}

/** Accepts WebSockets and runs operations over them, with the protocol of graphql-ws. */
export class WebSockets {
  readonly #connections = new Set<WebSocketConnection>();
  readonly #quota = new ConcurrencyQuota(MAX_WEBSOCKETS, MAX_WEBSOCKETS_PER_CLIENT);
  readonly #server = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    maxPayload: MAX_REQUEST_BYTES,
    handleProtocols: () => GRAPHQL_TRANSPORT_WS_PROTOCOL,
  });

  constructor(
    private readonly operations: Operations,
    private readonly parts: WebSocketDependencies,
  ) {}

  /** Number of open connections. */
  get size(): number {
    return this.#connections.size;
  }

  /** Handles the upgrade requests of `server`. */
  attach(server: Server): void {
    server.on('upgrade', (request, socket, head) => this.#upgrade(request, socket, head));
  }

  /** Closes each connection once all of its operations but subscriptions are complete. */
  async end(): Promise<void> {
    await Promise.all([...this.#connections].map((connection) => connection.end()));
  }

  #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const requestId = requestIdOf(request);
    const log = new RequestLog(this.parts.log, requestId);
    // Without a listener, an error of a connection that is not a WebSocket yet would end the process.
    socket.on('error', () => socket.destroy());
    const rejection = this.#reject(request, log);
    if (rejection !== undefined) {
      log.info({ event: 'http_request', transport: 'websocket', status: rejection[0] }, 'request');
      sendRejection(socket, rejection, requestId);
      return;
    }
    const { authorization } = request.headers;
    this.#server.handleUpgrade(request, socket, head, (webSocket) =>
      this.#open(webSocket, authorization, requestId, log),
    );
  }

  /** Returns why a request may not open a WebSocket; undefined when it may. */
  #reject({ url, headers }: IncomingMessage, log: Logger): HttpError | undefined {
    const { guard, isDraining, origins } = this.parts;
    if (url?.split('?')[0] !== '/graphql') return NOT_FOUND;
    if (isDraining()) return SHUTTING_DOWN;
    if (this.size >= MAX_WEBSOCKETS) {
      recordRejection(log, guard, 'limit');
      return TOO_MANY;
    }
    if (!isOwnOrigin(headers) && !origins.has(headers.origin ?? '')) return FOREIGN_ORIGIN;
    const protocols = (headers['sec-websocket-protocol'] ?? '').split(',').map((protocol) => protocol.trim());
    if (!protocols.includes(GRAPHQL_TRANSPORT_WS_PROTOCOL)) return OTHER_PROTOCOL;
    const rejection = rejectHeaders(headers, guard);
    if (rejection !== undefined) recordRejection(log, guard, rejection.reason);
    return rejection?.error;
  }

  #open(webSocket: WebSocket, authorization: string | undefined, requestId: string, log: Logger): void {
    const { guard, contextFactory, log: serverLog } = this.parts;
    const connection = new WebSocketConnection(
      new LiveSocket(webSocket),
      this.operations,
      {
        // Browsers cannot send headers, so their credentials come in `connection_init`.
        authenticate: (credentials = authorization) => this.#authenticate(credentials, webSocket),
        isSigned: (operation) => guard.routerAuthenticator.isSigned(operation),
        onRejection: (reason) => recordRejection(log, guard, reason),
      },
      (client, name) => {
        const operationId = `${requestId}/${name}`;
        return contextFactory(client, operationId, new RequestLog(serverLog, operationId));
      },
    );
    this.#connections.add(connection);
    // A message that is too large or malformed; `ws` closes the socket itself.
    webSocket.on('error', ({ message }) =>
      log.info({ event: 'websocket_message_rejected', transport: 'websocket', problem: message }, 'malformed message'),
    );
    const onClose = connection.open();
    webSocket.once('close', (code) => {
      this.#connections.delete(connection);
      onClose();
      const line = { event: 'websocket_closed', transport: 'websocket', code, operations: connection.count };
      log.info(line, 'websocket closed');
    });
  }

  async #authenticate(credentials: string | undefined, socket: WebSocket): ReturnType<ConnectionGuard['authenticate']> {
    const result = await this.parts.guard.authenticator.authenticate(credentials);
    if (result.kind === 'rejected') return { reason: result.reason, isTemporary: false };
    if (result.kind === 'unavailable') return { reason: 'unavailable', isTemporary: true };
    const release = this.#quota.acquire(result.client.id);
    if (release === undefined) return { reason: 'limit', isTemporary: true };
    if (socket.readyState === socket.OPEN) socket.once('close', release);
    else release();
    return result.client;
  }
}

/**
 * Browsers let any page open a WebSocket to any server and send the page's origin; CORS, which stops other requests of
 * foreign pages, does not apply. Programs send no origin.
 */
function isOwnOrigin({ origin, host }: IncomingMessage['headers']): boolean {
  return origin === undefined || (URL.canParse(origin) && new URL(origin).host === host);
}

/** Sends the rejection as a plain HTTP response, and closes the connection. */
function sendRejection(socket: Duplex, [status, code, message]: HttpError, requestId: string): void {
  const body = errorResponse(code, message, requestId);
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}`,
    'connection: close',
    'content-type: application/json; charset=utf-8',
    `content-length: ${Buffer.byteLength(body)}`,
    `${REQUEST_ID_HEADER}: ${requestId}`,
    ...(status === 503 ? ['retry-after: 1'] : []),
  ];
  socket.once('finish', () => socket.destroy());
  socket.end([...head, '', body].join('\r\n'));
}
