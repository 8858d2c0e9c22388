import { STATUS_CODES } from 'node:http';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { GRAPHQL_TRANSPORT_WS_PROTOCOL } from 'graphql-ws';
import { errorResponse } from '../../request/error-response.js';
import type { Rejection } from '../../request/request-guard.js';
import { REQUEST_ID_HEADER } from '../../request/request-id.js';

/** `extensions.code` when the replica has too many WebSockets. */
export const TOO_MANY_CONNECTIONS = 'TOO_MANY_CONNECTIONS';

/** The HTTP response to a rejected upgrade. */
export type UpgradeRejection = Omit<Rejection, 'reason'>;

/**
 * Returns why a request may not open a WebSocket; undefined when it may. `origins` are the origins whose pages may, in
 * addition to the gateway's own.
 */
export function rejectUpgrade(
  { url, headers }: IncomingMessage,
  { isDraining, isFull, origins }: { isDraining: boolean; isFull: boolean; origins: ReadonlySet<string> },
): UpgradeRejection | undefined {
  if (url?.split('?')[0] !== '/graphql')
    return { status: 404, code: 'NOT_FOUND', message: 'Not found. Connect to /graphql.' };
  if (isDraining)
    return { status: 503, code: 'SHUTTING_DOWN', message: 'This replica is shutting down. Connect again.' };
  if (isFull)
    return { status: 503, code: TOO_MANY_CONNECTIONS, message: 'Too many WebSockets are open. Connect again later.' };
  if (!isOwnOrigin(headers) && !origins.has(headers.origin ?? ''))
    return { status: 403, code: 'FORBIDDEN', message: 'Pages of this origin may not connect.' };
  const protocols = (headers['sec-websocket-protocol'] ?? '').split(',').map((protocol) => protocol.trim());
  if (!protocols.includes(GRAPHQL_TRANSPORT_WS_PROTOCOL))
    return { status: 400, code: 'BAD_REQUEST', message: `Use the subprotocol ${GRAPHQL_TRANSPORT_WS_PROTOCOL}.` };
  return undefined;
}

/**
 * Browsers let any page open a WebSocket to any server and send the page's origin; CORS, which stops other requests of
 * foreign pages, does not apply. Programs send no origin.
 */
function isOwnOrigin({ origin, host }: IncomingMessage['headers']): boolean {
  return origin === undefined || (URL.canParse(origin) && new URL(origin).host === host);
}

/** Sends the rejection as a plain HTTP response, and closes the connection. */
export function sendRejection(socket: Duplex, { status, code, message }: UpgradeRejection, requestId: string): void {
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
