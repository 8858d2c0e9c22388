import type { IncomingHttpHeaders, IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { GRAPHQL_TRANSPORT_WS_PROTOCOL } from 'graphql-ws';
import type { FastifyBaseLogger } from 'fastify';
import { WebSocketServer } from 'ws';
import type { WebSocket } from 'ws';
import type { AuthenticationResult } from '../../../identity/authenticator.js';
import type { Logger } from '../../../lib/logger.js';
import { recordRejection, rejectHeaders } from '../../request/request-guard.js';
import type { RequestGuard } from '../../request/request-guard.js';
import { ConcurrencyQuota } from '../../request/concurrency-quota.js';
import { requestIdOf } from '../../request/request-id.js';
import type { ContextFactory } from '../../request/context.js';
import { MAX_REQUEST_BYTES, MAX_WEBSOCKETS, MAX_WEBSOCKETS_PER_CLIENT } from '../../request/transport-limits.js';
import { LiveSocket } from './live-socket.js';
import type { Operations } from '../../graphql/operations.js';
import { TOO_MANY_CONNECTIONS, rejectUpgrade, sendRejection } from './upgrade.js';
import type { UpgradeRejection } from './upgrade.js';
import { WebSocketConnection } from './websocket-connection.js';

interface WebSocketDependencies {
  readonly log: FastifyBaseLogger;
  readonly guard: RequestGuard;
  readonly contextFactory: ContextFactory;
  readonly isDraining: () => boolean;
  /** Origins whose pages may connect, in addition to the gateway's own. */
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
    this.#server.handleUpgrade(request, socket, head, (webSocket) =>
      this.#open(webSocket, request.headers, requestId, log),
    );
  }

  #reject(request: IncomingMessage, log: Logger): UpgradeRejection | undefined {
    const { guard, isDraining, origins } = this.parts;
    const rejection = rejectUpgrade(request, isDraining(), this.size >= MAX_WEBSOCKETS, origins);
    if (rejection?.code === TOO_MANY_CONNECTIONS) recordRejection(log, guard, 'limit');
    if (rejection !== undefined) return rejection;
    const headersRejection = rejectHeaders(request.headers, guard);
    if (headersRejection !== undefined) recordRejection(log, guard, headersRejection.reason);
    return headersRejection;
  }

  /** A client with too many connections is rejected for a while. */
  #acquireQuota(
    authenticated: AuthenticationResult,
    webSocket: WebSocket,
  ): AuthenticationResult | { readonly kind: 'too-many' } {
    if (authenticated.kind !== 'known') return authenticated;
    const release = this.#quota.acquire(authenticated.client.id);
    if (release === undefined) return { kind: 'too-many' };
    if (webSocket.readyState === webSocket.OPEN) webSocket.once('close', release);
    else release();
    return authenticated;
  }

  #open(webSocket: WebSocket, { authorization }: IncomingHttpHeaders, requestId: string, log: Logger): void {
    const { guard, contextFactory, log: serverLog } = this.parts;
    const connection = new WebSocketConnection(
      new LiveSocket(webSocket),
      this.operations,
      {
        // Browsers cannot send headers, so their credentials come in `connection_init`.
        authenticate: async (credentials = authorization) =>
          this.#acquireQuota(await guard.authenticator.authenticate(credentials), webSocket),
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
      log.info(
        { event: 'websocket_closed', transport: 'websocket', code, operations: connection.count },
        'websocket closed',
      );
    });
  }
}
