import type { AuthenticationFailure } from './authenticator.js';

const BEARER = /^bearer +([\x21-\x7e]+)$/i;

/** What is shown in the header `authorization`, or why that is nothing. */
export function tokenIn(
  authorization: string | undefined,
): { readonly token: string } | { readonly reason: AuthenticationFailure } {
  if (authorization === undefined || authorization === '') return { reason: 'missing' };
  const token = BEARER.exec(authorization)?.[1];
  return token === undefined ? { reason: 'malformed' } : { token };
}
