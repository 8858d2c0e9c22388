import { SCOPES } from '../domain/api-client.js';
import type { ApiClient } from '../domain/api-client.js';
import type { Authenticator } from './authenticator.js';

const ANONYMOUS: ApiClient = { id: 'anonymous', scopes: SCOPES, expiresAt: undefined, apiKey: undefined };

/** Treats everybody as the same client with all scopes, for local development. */
export const anonymousAuthenticator: Authenticator = {
  authenticate: () => Promise.resolve({ kind: 'known', client: ANONYMOUS }),
  isCurrent: () => Promise.resolve(true),
};
