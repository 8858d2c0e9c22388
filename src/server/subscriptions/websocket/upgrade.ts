import { STATUS_CODES } from 'node:http';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { GRAPHQL_TRANSPORT_WS_PROTOCOL } from 'graphql-ws';
import { errorResponse } from '../../request/error-response.js';
import { REQUEST_ID_HEADER } from '../../request/request-id.js';

export const TOO_MANY_CONNECTIONS = 'TOO_MANY_CONNECTIONS';

export interface UpgradeRejection {
  readonly status: number;
  readonly code: string;
  readonly message: string;
}

/** Why a request may not become a WebSocket; undefined when it may. `origins`: whose pages may, beside those of the gateway. */
export function rejectUpgrade(
  { url, headers }: IncomingMessage,
  draining: boolean,
  full: boolean,
  origins: ReadonlySet<string>,
): UpgradeRejection | undefined {
  if (url?.split('?')[0] !== '/graphql')
    return { status: 404, code: 'NOT_FOUND', message: 'Nothing is here: connect to /graphql.' };
  if (draining) return { status: 503, code: 'SHUTTING_DOWN', message: 'This replica is shutting down. Connect again.' };
  if (full) return { status: 503, code: TOO_MANY_CONNECTIONS, message: 'No more WebSockets are taken for now.' };
  if (!isOwnOrigin(headers) && !origins.has(headers.origin ?? ''))
    return { status: 403, code: 'FORBIDDEN', message: 'Pages of this origin may not connect.' };
  if (!protocolsOf(headers).includes(GRAPHQL_TRANSPORT_WS_PROTOCOL))
    return { status: 400, code: 'BAD_REQUEST', message: `Use the subprotocol ${GRAPHQL_TRANSPORT_WS_PROTOCOL}.` };
  return undefined;
}

/**
 * Browsers let any page open a WebSocket to anywhere and say which page it is; whatever else pages of other origins send
 * is stopped by the lack of CORS headers. Programs say nothing.
 */
function isOwnOrigin({ origin, host }: IncomingMessage['headers']): boolean {
  return origin === undefined || (URL.canParse(origin) && new URL(origin).host === host);
}

function protocolsOf(headers: IncomingMessage['headers']): string[] {
  return (headers['sec-websocket-protocol'] ?? '').split(',').map((protocol) => protocol.trim());
}

/** Answers as to a plain request, and closes the connection. */
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
