import type { AuthenticationFailure } from '../../identity/authenticator.js';

/**
 * Why a request was refused. unavailable: it could not be told who asks. router, host: it did not come as it has to. limit: it, or
 * what is open, is too much. connections: of those there are too many.
 */
export type RejectionReason =
  AuthenticationFailure | 'unavailable' | 'router' | 'host' | 'scope' | 'limit' | 'connections';

/** Told of every refusal; must not throw. */
export type OnRejection = (reason: RejectionReason) => void;
