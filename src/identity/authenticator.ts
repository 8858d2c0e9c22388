import type { ApiClient } from '../domain/api-client.js';

/** Why nobody was recognised, for the log and the metrics only: callers are told the same whatever it is. */
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

/** unavailable: whoever could tell does not answer, which says nothing about the caller. */
export type AuthenticationResult =
  | { readonly kind: 'known'; readonly client: ApiClient }
  | { readonly kind: 'refused'; readonly reason: AuthenticationFailure }
  | { readonly kind: 'unavailable' };

/** Tells who asks. Neither method ever rejects. */
export interface Authenticator {
  /** By the value of the header `authorization`. */
  authenticate(authorization: string | undefined): Promise<AuthenticationResult>;
  /** Whether what the caller showed still holds, for what goes on after it was shown. While that cannot be told it does. */
  isCurrent(caller: ApiClient): Promise<boolean>;
}
