import { openIdentity } from '../../src/identity/anonymous-authenticator.js';
import { RouterProof } from '../../src/identity/router-authenticator.js';
import type { Admission } from '../../src/server/request/request-guard.js';

/** Lets everybody pass. */
export const ADMITS_ALL: Admission = {
  identity: openIdentity,
  routerProof: new RouterProof([], []),
  loopbackOnly: false,
  onRefused: () => undefined,
};
