import type { Server, ServerOptions } from 'node:http';
import type { OnRejection } from '../request/rejection.js';

/** What Fastify hands to Node. A half-open connection is found by TCP, or by the signs of life of streams. */
export const HTTP_LIMITS = {
  /** Also the limit of the number of headers. Tokens of identity providers are a few kB. */
  maxHeaderSize: 16_384,
  /** From the first byte of a request to the end of its headers; whoever takes longer holds connections on purpose. */
  headersTimeout: 10_000,
  /** How long after a time limit it may be noticed. */
  connectionsCheckingInterval: 2_000,
  keepAlive: true,
  keepAliveInitialDelay: 60_000,
} as const satisfies ServerOptions;

/** From the first byte of a request to its last. */
export const RECEIVE_TIMEOUT_MS = 30_000;
/** Longer than balancers keep theirs, commonly a minute, or they would send into connections that are being closed. */
export const IDLE_TIMEOUT_MS = 72_000;
/** Each costs a file descriptor and some 10 kB; more are closed as soon as they are made. */
const MAX_CONNECTIONS = 20_000;

/** Refusals of requests that could not be read, by the codes of Node. */
const STATUS_LINES: Readonly<Record<string, string>> = {
  HPE_HEADER_OVERFLOW: '431 Request Header Fields Too Large',
  HPE_CHUNK_EXTENSIONS_OVERFLOW: '413 Payload Too Large',
  ERR_HTTP_REQUEST_TIMEOUT: '408 Request Timeout',
};

/** The answer to a request that could not be read. */
export function malformedRequestResponse(code: string): string {
  return `HTTP/1.1 ${STATUS_LINES[code] ?? '400 Bad Request'}\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`;
}

export function limitConnections(server: Server, onRefused: OnRejection): void {
  server.maxConnections = MAX_CONNECTIONS;
  server.on('drop', () => onRefused('connections'));
}
