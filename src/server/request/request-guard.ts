import type { IncomingHttpHeaders } from 'node:http';
import { isIPv4 } from 'node:net';
import type { Identity } from '../../identity/authenticator.js';
import type { RouterProof } from '../../identity/router-authenticator.js';
import type { Logger } from '../../lib/logger.js';
import type { OnRefused, RefusedFor } from './rejection.js';

/** What decides who may ask. */
export interface Admission {
  readonly identity: Identity;
  readonly routerProof: RouterProof;
  /** Whether requests have to be addressed to this machine. */
  readonly loopbackOnly: boolean;
  readonly onRefused: OnRefused;
}

/** A request that is refused before anybody asks who sent it. */
export interface HeadersRefusal {
  readonly reason: 'router' | 'host';
  readonly status: number;
  readonly code: string;
  readonly message: string;
}

export const NOT_THROUGH_ROUTER: HeadersRefusal = {
  reason: 'router',
  status: 403,
  code: 'FORBIDDEN',
  message: 'Ask through the router of the graph.',
};

const NOT_LOOPBACK: HeadersRefusal = {
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
export function refusalOfHeaders(
  headers: IncomingHttpHeaders,
  { routerProof, loopbackOnly }: Admission,
): HeadersRefusal | undefined {
  if (loopbackOnly && !isLoopback(headers.host)) return NOT_LOOPBACK;
  return routerProof.holdsSecret(headers['router-authorization']) ? undefined : NOT_THROUGH_ROUTER;
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
export function noteRefusal(log: Pick<Logger, 'info'>, { onRefused }: Admission, reason: RefusedFor): void {
  log.info({ reason }, 'refused');
  onRefused(reason);
}
