import type { AuthenticationFailure } from '../../identity/authenticator.js';

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
