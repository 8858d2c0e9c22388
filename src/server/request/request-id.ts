import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

export const REQUEST_ID_HEADER = 'x-request-id';

// What a router makes, and nothing that could forge a log line.
const ACCEPTABLE = /^[A-Za-z0-9._:/+=-]{1,128}$/;

/** The router's request id where it sent a usable one, else a new one. */
export function requestIdOf(request: IncomingMessage): string {
  const given = request.headers[REQUEST_ID_HEADER];
  return typeof given === 'string' && ACCEPTABLE.test(given) ? given : randomUUID();
}
