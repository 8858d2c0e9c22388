import type { Server, ServerOptions } from 'node:http';
import type { OnRejection } from '../request/request-guard.js';

/** Options of Node's HTTP server. TCP keep-alive and the heartbeats of streams detect half-open connections. */
export const HTTP_LIMITS = {
  /** Size of all headers, hence also a limit of their number. Access tokens are a few kB. */
  maxHeaderSize: 16_384,
  /** From the first byte of a request to the end of its headers. A slower client holds connections on purpose. */
  headersTimeout: 10_000,
  /** How late a time limit may take effect. */
  connectionsCheckingInterval: 2_000,
  keepAlive: true,
  keepAliveInitialDelay: 60_000,
} as const satisfies ServerOptions;

/** Time from the first byte of a request to its last. */
export const RECEIVE_TIMEOUT_MS = 30_000;
/** Longer than the usual minute of load balancers, which would send requests into connections that are being closed. */
export const IDLE_TIMEOUT_MS = 72_000;
/** Each costs a file descriptor and about 10 kB. Further connections are closed as soon as they are accepted. */
const MAX_CONNECTIONS = 20_000;

/** Status lines for requests that Node could not parse, by its error codes. */
const STATUS_LINES: Readonly<Record<string, string>> = {
  HPE_HEADER_OVERFLOW: '431 Request Header Fields Too Large',
  HPE_CHUNK_EXTENSIONS_OVERFLOW: '413 Payload Too Large',
  ERR_HTTP_REQUEST_TIMEOUT: '408 Request Timeout',
};

/** The response to a request that Node could not parse. */
export function malformedRequestResponse(code: string): string {
  return `HTTP/1.1 ${STATUS_LINES[code] ?? '400 Bad Request'}\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`;
}

/** Limits the connections of `server`, and counts those that it closes. */
export function limitConnections(server: Server, onRejection: OnRejection): void {
  server.maxConnections = MAX_CONNECTIONS;
  server.on('drop', () => onRejection('connections'));
}
