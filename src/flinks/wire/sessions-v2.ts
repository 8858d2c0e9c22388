import { z } from 'zod';
import type { Sensitive } from '../../domain/sensitive.js';
import type { WireRequest } from '../transport.js';
import { identityFields, identityOf } from './payment-identity.js';

/**
 * POST /api/v2/sessions/{sessionId}/cancel, without a body.
 * Source: docs.flinks.com/api/pay/endpoints/e-transfer/sessions-cancel.
 */
export function cancelRequest(sessionId: Sensitive<string>): WireRequest {
  return { method: 'POST', path: `/api/v2/sessions/${encodeURIComponent(sessionId.reveal())}/cancel`, headers: {} };
}

/** The provider status after the cancellation, its details, and what the response says about the payment. */
export const cancelResponse = z
  .object({ ...identityFields, status: z.string().min(1), statusDetails: z.string().nullish() })
  .transform(({ status, statusDetails, ...reply }) => ({ status, statusDetails, identity: identityOf(reply) }));

/** GET /api/v2/sessions/{sessionId}/details. Source: docs.flinks.com/api/pay/endpoints/e-transfer/sessions-details. */
export function detailsRequest(sessionId: Sensitive<string>): WireRequest {
  return { method: 'GET', path: `/api/v2/sessions/${encodeURIComponent(sessionId.reveal())}/details`, headers: {} };
}

const transactions = z.array(z.object({ status: z.string().min(1) }));

/**
 * `status` is the session's status. The payment's status is that of its last transaction, in V1's terms [inferred],
 * once there is one.
 */
export const detailsResponse = z
  .object({
    ...identityFields,
    status: z.string().min(1),
    statusDetails: z.string().nullish(),
    schedule: z.object({ transactions: transactions.nullish() }).nullish(),
  })
  .transform(({ status, statusDetails, schedule, ...reply }) => ({
    status: schedule?.transactions?.at(-1)?.status ?? status,
    statusDetails,
    identity: identityOf(reply),
  }));
