import { z } from 'zod';
import type { WireRequest } from '../transport.js';
import { identityFields, identityOf } from './payment-identity.js';
import { wireId } from './wire-json.js';

/** GET /api/v1/paymentrequests/{requestId}. Source: docs.flinks.com/api/pay/endpoints/e-transfer/get-payment-requests. */
export function lookupRequest(paymentRequestId: string): WireRequest {
  return { method: 'GET', path: `/api/v1/paymentrequests/${encodeURIComponent(paymentRequestId)}`, headers: {} };
}

/**
 * Accepts both published schemas: A calls the request's id `requestId`, B `id`. `statusDetails` is in neither schema,
 * but in the guide.
 */
export const lookupResponse = z
  .object({
    ...identityFields,
    requestId: wireId.optional().catch(undefined),
    id: wireId.optional().catch(undefined),
    status: z.string().min(1),
    statusDetails: z.string().nullish(),
  })
  .refine((reply) => (reply.requestId ?? reply.id) !== undefined)
  .transform(({ status, statusDetails, requestId, id, ...reply }) => ({
    status,
    statusDetails,
    // Under either name it is the id of the requested payment request.
    identity: identityOf({ ...reply, requestId: requestId ?? id }),
  }));
