import { SCOPES } from '../domain/api-client.js';
import type { ApiClient } from '../domain/api-client.js';
import type { Authenticator } from './authenticator.js';

const ANONYMOUS: ApiClient = { id: 'anonymous', scopes: SCOPES, expiresAt: undefined, apiKey: undefined };

/** Everybody is the same caller and may do everything: for a machine of one's own. */
export const anonymousAuthenticator: Authenticator = {
  authenticate: () => Promise.resolve({ kind: 'known', client: ANONYMOUS }),
  isCurrent: () => Promise.resolve(true),
};
