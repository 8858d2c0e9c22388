import type { IncomingHttpHeaders } from 'node:http';
import type { Authenticator, AuthenticationFailure } from '../../identity/authenticator.js';
import type { RouterAuthenticator } from '../../identity/router-authenticator.js';
import type { Logger } from '../../lib/logger.js';
import { isLoopback } from '../../lib/loopback.js';
import type { HttpError } from './error-response.js';

/** Decides which requests are accepted and on whose behalf. */
export interface RequestGuard {
  readonly authenticator: Authenticator;
  /** Recognizes requests of the router by its secret. */
  readonly routerAuthenticator: RouterAuthenticator;
  /** Whether requests must be addressed to a loopback name of this machine. */
  readonly loopbackOnly: boolean;
  readonly onRejection: OnRejection;
}

/**
 * Why a request was rejected: its authentication failed, or
 * - `unavailable`: authentication is temporarily unavailable.
 * - `router`: it did not come through the router.
 * - `host`: its Host header is not a loopback name.
 * - `scope`: the client lacks a scope.
 * - `limit`: the operation, or what the client has open, exceeds a limit.
 * - `connections`: too many connections are open.
 */
export type RejectionReason =
  AuthenticationFailure | 'unavailable' | 'router' | 'host' | 'scope' | 'limit' | 'connections';

/** Called with the reason of every rejection; must not throw. */
export type OnRejection = (reason: RejectionReason) => void;

/** Logs and counts a rejection. The credentials are not logged: they may be valid for somebody. */
export function recordRejection(
  log: Pick<Logger, 'info'>,
  { onRejection }: Pick<RequestGuard, 'onRejection'>,
  reason: RejectionReason,
  details?: { readonly clientId: string },
): void {
  log.info({ event: 'request_rejected', reason, ...details }, 'request rejected');
  onRejection(reason);
}

/** A rejection of an HTTP request; `reason` is the label of the metric and the log line. */
export interface Rejection {
  readonly reason: RejectionReason;
  readonly error: HttpError;
}

/** The rejection of a request without the router's secret. */
export const NOT_THROUGH_ROUTER: Rejection = {
  reason: 'router',
  error: [403, 'FORBIDDEN', 'Requests must be sent through the router.'],
};

const NOT_LOOPBACK_MESSAGE =
  'Authentication is off here, so requests must be addressed to a loopback name of this machine, such as 127.0.0.1.';
const NOT_LOOPBACK: Rejection = { reason: 'host', error: [403, 'FORBIDDEN', NOT_LOOPBACK_MESSAGE] };

/** Returns why a request with these headers is rejected whoever sent it; undefined when it is not. */
export function rejectHeaders(
  headers: IncomingHttpHeaders,
  { routerAuthenticator, loopbackOnly }: RequestGuard,
): Rejection | undefined {
  if (loopbackOnly && !isLoopbackAuthority(headers.host)) return NOT_LOOPBACK;
  return routerAuthenticator.hasSecret(headers['router-authorization']) ? undefined : NOT_THROUGH_ROUTER;
}

/** Guards against DNS rebinding: a page can point its own host name at this machine and be same-origin, not these. */
function isLoopbackAuthority(host = ''): boolean {
  return URL.canParse(`http://${host}/`) && isLoopback(new URL(`http://${host}/`).hostname);
}
