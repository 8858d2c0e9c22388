import type { ApiClient } from '../domain/api-client.js';
import { SCOPES } from '../domain/api-client.js';

/** Why authentication failed. For the log and the metrics only: the response to clients is the same for all. */
export type AuthenticationFailure =
  | 'missing'
  | 'malformed'
  | 'unknown_key'
  | 'bad_signature'
  | 'wrong_issuer'
  | 'wrong_audience'
  | 'algorithm_not_allowed'
  | 'expired'
  | 'not_yet_valid'
  | 'revoked'
  | 'bad_claims';

/** `unavailable`: the store or identity provider did not respond, which says nothing about the client. */
export type AuthenticationResult =
  | { readonly kind: 'known'; readonly client: ApiClient }
  | { readonly kind: 'rejected'; readonly reason: AuthenticationFailure }
  | { readonly kind: 'unavailable' };

/** Identifies clients. Neither method rejects. */
export interface Authenticator {
  /** Identifies the client by the value of the header `authorization`. */
  authenticate(authorization: string | undefined): Promise<AuthenticationResult>;
  /** Whether the client's credentials are still valid, for operations that last. True while that is unknown. */
  isCurrent(client: ApiClient): Promise<boolean>;
}

const ANONYMOUS: ApiClient = { id: 'anonymous', scopes: SCOPES, expiresAt: undefined, apiKey: undefined };

/** Treats everybody as the same client with all scopes, for local development. */
export const anonymousAuthenticator: Authenticator = {
  authenticate: () => Promise.resolve({ kind: 'known', client: ANONYMOUS }),
  isCurrent: () => Promise.resolve(true),
};

const BEARER = /^bearer +([\x21-\x7e]+)$/i;

/** Reads the credentials in the header `authorization`, or returns why there are none. */
export function tokenIn(
  authorization: string | undefined,
): { readonly token: string } | { readonly reason: AuthenticationFailure } {
  if (authorization === undefined || authorization === '') return { reason: 'missing' };
  const token = BEARER.exec(authorization)?.[1];
  return token === undefined ? { reason: 'malformed' } : { token };
}
