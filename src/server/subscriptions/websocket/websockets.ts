import type { IncomingHttpHeaders, IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { GRAPHQL_TRANSPORT_WS_PROTOCOL } from 'graphql-ws';
import type { FastifyBaseLogger } from 'fastify';
import { WebSocketServer } from 'ws';
import type { WebSocket } from 'ws';
import type { Identified } from '../../../identity/authenticator.js';
import type { Logger } from '../../../lib/logger.js';
import { noteRefusal, refusalOfHeaders } from '../../request/request-guard.js';
import type { Admission } from '../../request/request-guard.js';
import { Slots } from '../../request/concurrency-quota.js';
import { requestIdOf } from '../../request/request-id.js';
import type { ContextOf } from '../callbacks/callback-operations.js';
import { MAX_REQUEST_BYTES, MAX_WEBSOCKETS, MAX_WEBSOCKETS_OF_CALLER } from '../../request/limits.js';
import { LiveSocket } from './live-socket.js';
import type { Operations } from '../../graphql/operations.js';
import { TOO_MANY_CONNECTIONS, refusalOf, refuse } from './upgrade.js';
import type { Refusal } from './upgrade.js';
import { WebSocketConnection } from './websocket-connection.js';

interface Parts {
  readonly log: FastifyBaseLogger;
  readonly admission: Admission;
  readonly contextOf: ContextOf;
  readonly isDraining: () => boolean;
  /** Whose pages may connect, beside those of the gateway. */
  readonly origins: ReadonlySet<string>;
}

/** Operations over WebSockets, by the protocol of graphql-ws. */
export class WebSockets {
  readonly #connections = new Set<WebSocketConnection>();
  readonly #slots = new Slots(MAX_WEBSOCKETS, MAX_WEBSOCKETS_OF_CALLER);
  readonly #server = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    maxPayload: MAX_REQUEST_BYTES,
    handleProtocols: () => GRAPHQL_TRANSPORT_WS_PROTOCOL,
  });

  constructor(
    private readonly operations: Operations,
    private readonly parts: Parts,
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
    const refusal = this.#refusalOf(request, log);
    if (refusal !== undefined) {
      log.info({ transport: 'websocket', status: refusal.status }, 'request');
      refuse(socket, refusal, requestId);
      return;
    }
    this.#server.handleUpgrade(request, socket, head, (webSocket) =>
      this.#open(webSocket, request.headers, requestId, log),
    );
  }

  #refusalOf(request: IncomingMessage, log: Logger): Refusal | undefined {
    const { admission, isDraining, origins } = this.parts;
    const refusal = refusalOf(request, isDraining(), this.size >= MAX_WEBSOCKETS, origins);
    if (refusal?.code === TOO_MANY_CONNECTIONS) noteRefusal(log, admission, 'limit');
    if (refusal !== undefined) return refusal;
    const notAdmitted = refusalOfHeaders(request.headers, admission);
    if (notAdmitted !== undefined) noteRefusal(log, admission, notAdmitted.reason);
    return notAdmitted;
  }

  /** A caller that has too many is sent away for a while. */
  #admit(identified: Identified, webSocket: WebSocket): Identified | { readonly kind: 'too-many' } {
    if (identified.kind !== 'known') return identified;
    const free = this.#slots.take(identified.caller.id);
    if (free === undefined) return { kind: 'too-many' };
    if (webSocket.readyState === webSocket.OPEN) webSocket.once('close', free);
    else free();
    return identified;
  }

  #open(webSocket: WebSocket, { authorization }: IncomingHttpHeaders, requestId: string, log: Logger): void {
    const { admission, contextOf, log: serverLog } = this.parts;
    const connection = new WebSocketConnection(
      new LiveSocket(webSocket),
      this.operations,
      {
        // Browsers can send no headers, and have it in `connection_init`.
        identify: async (shown = authorization) => this.#admit(await admission.identity.identify(shown), webSocket),
        isSigned: (operation) => admission.routerProof.isSigned(operation),
        onRefused: (reason) => noteRefusal(log, admission, reason),
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
