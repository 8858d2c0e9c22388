import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import type { FastifyBaseLogger } from 'fastify';
import { GRAPHQL_TRANSPORT_WS_PROTOCOL } from 'graphql-ws';
import { WebSocketServer } from 'ws';
import type { WebSocket } from 'ws';
import type { Logger } from '../../../lib/logger.js';
import type { ContextFactory, Operations } from '../../graphql/operations.js';
import { ConcurrencyQuota } from '../../request/concurrency-quota.js';
import { recordRejection, rejectHeaders } from '../../request/request-guard.js';
import type { RequestGuard } from '../../request/request-guard.js';
import { requestIdOf } from '../../request/request-id.js';
import { MAX_REQUEST_BYTES, MAX_WEBSOCKETS, MAX_WEBSOCKETS_PER_CLIENT } from '../../request/transport-limits.js';
import { LiveSocket } from './live-socket.js';
import { TOO_MANY_CONNECTIONS, rejectUpgrade, sendRejection } from './upgrade.js';
import type { UpgradeRejection } from './upgrade.js';
import { WebSocketConnection } from './websocket-connection.js';
import type { ConnectionGuard } from './websocket-connection.js';

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
    const log = this.parts.log.child({ requestId });
    // Without a listener, an error of a connection that is not a WebSocket yet would end the process.
    socket.on('error', () => socket.destroy());
    const rejection = this.#reject(request, log);
    if (rejection !== undefined) {
      log.info({ event: 'http_request', transport: 'websocket', status: rejection.status }, 'request');
      sendRejection(socket, rejection, requestId);
      return;
    }
    const { authorization } = request.headers;
    this.#server.handleUpgrade(request, socket, head, (webSocket) =>
      this.#open(webSocket, authorization, requestId, log),
    );
  }

  #reject(request: IncomingMessage, log: Logger): UpgradeRejection | undefined {
    const { guard, isDraining, origins } = this.parts;
    const isFull = this.size >= MAX_WEBSOCKETS;
    const rejection = rejectUpgrade(request, { isDraining: isDraining(), isFull, origins });
    if (rejection?.code === TOO_MANY_CONNECTIONS) recordRejection(log, guard, 'limit');
    if (rejection !== undefined) return rejection;
    const headersRejection = rejectHeaders(request.headers, guard);
    if (headersRejection !== undefined) recordRejection(log, guard, headersRejection.reason);
    return headersRejection;
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
        return contextFactory(client, operationId, serverLog.child({ requestId: operationId }));
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

  async #authenticate(
    credentials: string | undefined,
    webSocket: WebSocket,
  ): ReturnType<ConnectionGuard['authenticate']> {
    const result = await this.parts.guard.authenticator.authenticate(credentials);
    if (result.kind === 'rejected') return { reason: result.reason, isTemporary: false };
    if (result.kind === 'unavailable') return { reason: 'unavailable', isTemporary: true };
    const release = this.#quota.acquire(result.client.id);
    if (release === undefined) return { reason: 'limit', isTemporary: true };
    if (webSocket.readyState === webSocket.OPEN) webSocket.once('close', release);
    else release();
    return result.client;
  }
}
