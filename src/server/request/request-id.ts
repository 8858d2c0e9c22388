import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

/** Header of the request id, in requests of the router and in responses. */
export const REQUEST_ID_HEADER = 'x-request-id';

// Accepts the ids that routers generate, and nothing that could forge a log line.
const ACCEPTABLE = /^[A-Za-z0-9._:/+=-]{1,128}$/;

/** Returns the request id that the router sent, if it is well-formed, else a new one. */
export function requestIdOf(request: IncomingMessage): string {
  const given = request.headers[REQUEST_ID_HEADER];
  return typeof given === 'string' && ACCEPTABLE.test(given) ? given : randomUUID();
}
