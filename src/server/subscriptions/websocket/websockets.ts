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
import type { ContextFactory } from '../callbacks/callback-operations.js';
import { MAX_REQUEST_BYTES, MAX_WEBSOCKETS, MAX_WEBSOCKETS_PER_CLIENT } from '../../request/limits.js';
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
  /** Whose pages may connect, beside those of the gateway. */
  readonly origins: ReadonlySet<string>;
}

/** Operations over WebSockets, by the protocol of graphql-ws. */
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

  /** How many are open. */
  get size(): number {
    return this.#connections.size;
  }

  attach(server: Server): void {
    server.on('upgrade', (request, socket, head) => this.#upgrade(request, socket, head));
  }

  /** Closes every connection as soon as it has answered what is under way on it but subscriptions. */
  async end(): Promise<void> {
    await Promise.all([...this.#connections].map((connection) => connection.end()));
  }

  #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const requestId = requestIdOf(request);
    const log = this.parts.log.child({ requestId });
    // A connection that breaks before it is one; unheard, that would end the process.
    socket.on('error', () => socket.destroy());
    const refusal = this.#reject(request, log);
    if (refusal !== undefined) {
      log.info({ transport: 'websocket', status: refusal.status }, 'request');
      sendRejection(socket, refusal, requestId);
      return;
    }
    this.#server.handleUpgrade(request, socket, head, (webSocket) =>
      this.#open(webSocket, request.headers, requestId, log),
    );
  }

  #reject(request: IncomingMessage, log: Logger): UpgradeRejection | undefined {
    const { guard: admission, isDraining, origins } = this.parts;
    const refusal = rejectUpgrade(request, isDraining(), this.size >= MAX_WEBSOCKETS, origins);
    if (refusal?.code === TOO_MANY_CONNECTIONS) recordRejection(log, admission, 'limit');
    if (refusal !== undefined) return refusal;
    const notAdmitted = rejectHeaders(request.headers, admission);
    if (notAdmitted !== undefined) recordRejection(log, admission, notAdmitted.reason);
    return notAdmitted;
  }

  /** A caller that has too many is sent away for a while. */
  #acquireQuota(
    identified: AuthenticationResult,
    webSocket: WebSocket,
  ): AuthenticationResult | { readonly kind: 'too-many' } {
    if (identified.kind !== 'known') return identified;
    const free = this.#quota.acquire(identified.client.id);
    if (free === undefined) return { kind: 'too-many' };
    if (webSocket.readyState === webSocket.OPEN) webSocket.once('close', free);
    else free();
    return identified;
  }

  #open(webSocket: WebSocket, { authorization }: IncomingHttpHeaders, requestId: string, log: Logger): void {
    const { guard: admission, contextFactory: contextOf, log: serverLog } = this.parts;
    const connection = new WebSocketConnection(
      new LiveSocket(webSocket),
      this.operations,
      {
        // Browsers can send no headers, and have it in `connection_init`.
        authenticate: async (shown = authorization) =>
          this.#acquireQuota(await admission.authenticator.authenticate(shown), webSocket),
        isSigned: (operation) => admission.routerAuthenticator.isSigned(operation),
        onRejection: (reason) => recordRejection(log, admission, reason),
      },
      (caller, name) => {
        const operationId = `${requestId}/${name}`;
        return contextOf(caller, operationId, serverLog.child({ requestId: operationId }));
      },
    );
    this.#connections.add(connection);
    // A message that is too large, or is none: the socket closes by itself.
    webSocket.on('error', ({ message }) => log.info({ transport: 'websocket', problem: message }, 'malformed message'));
    const onClose = connection.open();
    webSocket.once('close', (code) => {
      this.#connections.delete(connection);
      onClose();
      log.info({ transport: 'websocket', code, operations: connection.count }, 'connection');
    });
  }
}
