import { openIdentity } from '../../src/identity/open-identity.js';
import { RouterProof } from '../../src/identity/router-proof.js';
import type { Admission } from '../../src/server/admission.js';

/** Lets everybody pass. */
export const ADMITS_ALL: Admission = {
  identity: openIdentity,
  routerProof: new RouterProof([], []),
  loopbackOnly: false,
  onRefused: () => undefined,
};
