import { z } from 'zod';
import type { Sensitive } from '../../domain/sensitive.js';
import { reportedFlinksId } from '../../domain/ids.js';
import type { WireRequest } from '../transport.js';
import { writeJson } from './wire-json.js';

/**
 * POST /api/v1/paymentrequests: activates a session.
 * Source: docs.flinks.com/api/pay/endpoints/e-transfer/post-payment-requests.
 */
export function activateRequest(sessionId: Sensitive<string>): WireRequest {
  const headers = { 'content-type': 'application/json' };
  return { method: 'POST', path: '/api/v1/paymentrequests', headers, body: writeJson({ sessionId }) };
}

/** The session is active even if `requestId` is not a usable id; such an id is then left out. */
export const activateResponse = z
  .object({ requestId: z.string() })
  .transform(({ requestId }) => ({ requestId: reportedFlinksId(requestId) }));

/** The status with which Flinks rejects the activation of a session that already has a payment request [inferred]. */
export const ALREADY_LINKED_STATUS = 409;
