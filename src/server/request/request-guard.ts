import type { IncomingHttpHeaders } from 'node:http';
import { isIPv4 } from 'node:net';
import type { Authenticator } from '../../identity/authenticator.js';
import type { RouterAuthenticator } from '../../identity/router-authenticator.js';
import type { Logger } from '../../lib/logger.js';
import type { OnRejection, RejectionReason } from './rejection.js';

/** What decides who may ask. */
export interface RequestGuard {
  readonly authenticator: Authenticator;
  readonly routerAuthenticator: RouterAuthenticator;
  /** Whether requests have to be addressed to this machine. */
  readonly loopbackOnly: boolean;
  readonly onRejection: OnRejection;
}

/** A request that is refused before anybody asks who sent it. */
export interface HeadersRejection {
  readonly reason: 'router' | 'host';
  readonly status: number;
  readonly code: string;
  readonly message: string;
}

export const NOT_THROUGH_ROUTER: HeadersRejection = {
  reason: 'router',
  status: 403,
  code: 'FORBIDDEN',
  message: 'Ask through the router of the graph.',
};

const NOT_LOOPBACK: HeadersRejection = {
  reason: 'host',
  status: 403,
  code: 'FORBIDDEN',
  message: 'Callers are not identified here, so ask this machine by a name of its own, such as 127.0.0.1.',
};

export const UNAUTHENTICATED = {
  code: 'UNAUTHENTICATED',
  message: 'Send the header authorization: Bearer, with what proves who you are.',
};

/** Why headers let nobody pass, whoever it is. */
export function rejectHeaders(
  headers: IncomingHttpHeaders,
  { routerAuthenticator: routerProof, loopbackOnly }: RequestGuard,
): HeadersRejection | undefined {
  if (loopbackOnly && !isLoopback(headers.host)) return NOT_LOOPBACK;
  return routerProof.hasSecret(headers['router-authorization']) ? undefined : NOT_THROUGH_ROUTER;
}

/** A page can give its own name the address of this machine, and be of the same origin then. It cannot use these names. */
function isLoopback(host = ''): boolean {
  if (!URL.canParse(`http://${host}/`)) return false;
  const { hostname } = new URL(`http://${host}/`);
  return (
    hostname === 'localhost' ||
    hostname.endsWith('.localhost') ||
    hostname === '[::1]' ||
    (isIPv4(hostname) && hostname.startsWith('127.'))
  );
}

/** Nothing of what was shown: it may be somebody's. */
export function recordRejection(
  log: Pick<Logger, 'info'>,
  { onRejection: onRefused }: RequestGuard,
  reason: RejectionReason,
): void {
  log.info({ reason }, 'refused');
  onRefused(reason);
}
