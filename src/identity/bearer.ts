import type { AuthenticationFailure } from './authenticator.js';

const BEARER = /^bearer +([\x21-\x7e]+)$/i;

/** Reads the credentials in the header `authorization`, or returns why there are none. */
export function tokenIn(
  authorization: string | undefined,
): { readonly token: string } | { readonly reason: AuthenticationFailure } {
  if (authorization === undefined || authorization === '') return { reason: 'missing' };
  const token = BEARER.exec(authorization)?.[1];
  return token === undefined ? { reason: 'malformed' } : { token };
}
