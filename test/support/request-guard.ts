import { anonymousAuthenticator } from '../../src/identity/authenticator.js';
import { RouterAuthenticator } from '../../src/identity/router-authenticator.js';
import type { RequestGuard } from '../../src/server/request/request-guard.js';

/** A guard that admits every request. */
export const ADMIT_ALL: RequestGuard = {
  authenticator: anonymousAuthenticator,
  routerAuthenticator: new RouterAuthenticator({ header: [], signature: [] }),
  loopbackOnly: false,
  onRejection: () => undefined,
};
