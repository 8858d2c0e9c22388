import { Sensitive } from '../../domain/sensitive.js';
import type { ApiVariant } from '../api-variant.js';

/**
 * Headers of every call but authorize: the token, and the environment name as `BaseURI`.
 * Source: docs.flinks.com/guides/pay/troubleshooting.
 */
export function tokenHeaders(
  token: Sensitive<string>,
  instance: string,
  variant: ApiVariant,
): Record<string, string | Sensitive<string>> {
  const bearer =
    variant.tokenHeader === 'Authorization'
      ? { authorization: new Sensitive(`Bearer ${token.reveal()}`) }
      : { bearertoken: token };
  return { ...bearer, baseuri: instance };
}
