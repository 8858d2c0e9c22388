import { z } from 'zod';
import { Sensitive } from '../../domain/sensitive.js';
import type { ApiVariant } from '../api-variant.js';
import type { IssuedToken } from '../tokens/token-source.js';
import type { WireRequest } from '../transport.js';

/** The gateway's credentials at Flinks. */
export interface Credentials {
  readonly username: Sensitive<string>;
  readonly password: Sensitive<string>;
}

/** POST /api/v1/authorize, form-encoded. Source: docs.flinks.com/api/pay/endpoints/authorize/authorize. */
export function authorizeRequest(credentials: Credentials, variant: ApiVariant): WireRequest {
  const username = credentials.username.reveal();
  const password = credentials.password.reveal();
  const form = new URLSearchParams({ grant_type: 'client_credentials' });
  const headers: Record<string, string | Sensitive<string>> = { 'content-type': 'application/x-www-form-urlencoded' };
  if (variant.credentials === 'basic') {
    headers.authorization = new Sensitive(`Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`);
  } else {
    form.set('Username', username);
    form.set('Password', password);
  }
  return { method: 'POST', path: '/api/v1/authorize', headers, body: new Sensitive(form.toString()) };
}

// A longer validity is of no use and would overflow timers.
const MAX_TTL_SECONDS = 24 * 3600;

const REJECTION_FIELDS = ['error', 'errors', 'message', 'title', 'detail', 'code', 'flinksCode', 'httpStatusCode'];

/** The token is opaque but must fit a header. `expires_in` is in seconds, never assumed, and capped at one day. */
export const authorizeResponse = z
  .object({ access_token: z.string().regex(/^[\x21-\x7e]+$/), expires_in: z.number().positive() })
  .transform((reply): IssuedToken => ({
    accessToken: new Sensitive(reply.access_token),
    ttlMs: Math.min(reply.expires_in, MAX_TTL_SECONDS) * 1000,
  }));

/** A 200 response with a problem in place of a token, as OAuth servers behind gateways send it [inferred]. */
export const authorizeRejection = z
  .record(z.string(), z.unknown())
  .refine((reply) => (reply.access_token ?? '') === '' && REJECTION_FIELDS.some((field) => reply[field] !== undefined));
