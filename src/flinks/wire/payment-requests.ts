import { z } from 'zod';
import { reportedFlinksId } from '../../domain/ids.js';
import type { Sensitive } from '../../domain/sensitive.js';
import type { WireRequest } from '../transport.js';
import { statusFields, toReportedStatus } from './reported-status.js';
import { wireId, postJson } from './wire-json.js';

const PATH = '/api/v1/paymentrequests';

/** Activates a session. Source: docs.flinks.com/api/pay/endpoints/e-transfer/post-payment-requests. */
export function activateRequest(sessionId: Sensitive<string>): WireRequest {
  return postJson(PATH, { sessionId });
}

/** The session is active even if `requestId` is not a usable id; such an id is then left out. */
export const activateResponse = z
  .object({ requestId: z.string() })
  .transform(({ requestId }) => ({ requestId: reportedFlinksId(requestId) }));

/** The status with which Flinks rejects the activation of a session that already has a payment request [inferred]. */
export const ALREADY_LINKED_STATUS = 409;

/** Looks a payment up. Source: docs.flinks.com/api/pay/endpoints/e-transfer/get-payment-requests. */
export function lookupRequest(paymentRequestId: string): WireRequest {
  return { method: 'GET', path: `${PATH}/${encodeURIComponent(paymentRequestId)}`, headers: {} };
}

const optionalId = wireId.optional().catch(undefined);

/** Both published schemas: A calls the request's id `requestId`, B `id`. Only the guide mentions `statusDetails`. */
export const lookupResponse = z
  .object({ ...statusFields, requestId: optionalId, id: optionalId })
  // Under either name it is the id of the requested payment request.
  .transform(({ requestId, id, ...reply }) => ({ ...reply, requestId: requestId ?? id }))
  .refine(({ requestId }) => requestId !== undefined)
  .transform(toReportedStatus);
