import { z } from 'zod';
import type { Sensitive } from '../../domain/sensitive.js';
import { reportedFlinksId } from '../../domain/reported-id.js';
import type { WireRequest } from '../transport.js';
import { writeJson } from './wire-json.js';

/** POST /api/v1/paymentrequests: activates a session. Source: docs.flinks.com/api/pay/endpoints/e-transfer/post-payment-requests. */
export function activateRequest(sessionId: Sensitive<string>): WireRequest {
  const headers = { 'content-type': 'application/json' };
  return { method: 'POST', path: '/api/v1/paymentrequests', headers, body: writeJson({ sessionId }) };
}

/** Active it is, whatever the id is worth: one that is none names no payment request. */
export const activateResponse = z
  .object({ requestId: z.string() })
  .transform(({ requestId }) => ({ requestId: reportedFlinksId(requestId) }));

/** The answer to a session that has its payment request already [inferred]. */
export const ALREADY_LINKED_STATUS = 409;
