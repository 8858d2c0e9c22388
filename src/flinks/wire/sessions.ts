import { z } from 'zod';
import type { PaymentDetails } from '../../domain/payment.js';
import { Sensitive } from '../../domain/sensitive.js';
import type { ApiVariant } from '../api-variant.js';
import type { WireRequest } from '../transport.js';
import { statusFields, toReportedStatus } from './reported-status.js';
import { amountField, postJson, wireId } from './wire-json.js';

/**
 * POST /api/v1/sessions/initiate: creates a session without notifying the payer. Source:
 * docs.flinks.com/api/pay/endpoints/e-transfer/sessions-initiate, in its earlier text; the page now describes V2.
 */
export function initiateRequest(order: PaymentDetails, variant: ApiVariant): WireRequest {
  return sessionRequest('/api/v1/sessions/initiate', order, variant);
}

/**
 * POST /api/v1/sessions/sendrequest: creates a session, and Flinks e-mails the payer. Uses a fresh connection, because
 * no retry can recover a lost response. Source: docs.flinks.com/api/pay/endpoints/e-transfer/sessions-sendrequest.
 */
export function sendRequest(order: PaymentDetails, variant: ApiVariant): WireRequest {
  return { ...sessionRequest('/api/v1/sessions/sendrequest', order, variant), fresh: true };
}

function sessionRequest(path: string, order: PaymentDetails, variant: ApiVariant): WireRequest {
  return postJson(path, {
    customerName: order.customer.name,
    customerEmail: order.customer.email,
    amount: amountField(order.amount, variant),
    [variant.userIdField]: order.customer.userId,
    [variant.referenceIdField]: order.referenceId,
    [variant.clientUrlsField]: order.clientUrls.length > 0 ? order.clientUrls : undefined,
  });
}

/** The response of both endpoints. */
export const sessionResponse = z
  .object({ sessionId: wireId })
  .transform((reply) => ({ sessionId: new Sensitive(reply.sessionId) }));

/** POST /api/v2/sessions/{sessionId}/cancel. Source: docs.flinks.com/api/pay/endpoints/e-transfer/sessions-cancel. */
export function cancelRequest(sessionId: Sensitive<string>): WireRequest {
  return { method: 'POST', path: sessionPath(sessionId, 'cancel'), headers: {} };
}

/** The status after the cancellation. */
export const cancelResponse = z.object(statusFields).transform(toReportedStatus);

/** GET /api/v2/sessions/{sessionId}/details. Source: docs.flinks.com/api/pay/endpoints/e-transfer/sessions-details. */
export function detailsRequest(sessionId: Sensitive<string>): WireRequest {
  return { method: 'GET', path: sessionPath(sessionId, 'details'), headers: {} };
}

function sessionPath(sessionId: Sensitive<string>, action: string): string {
  return `/api/v2/sessions/${encodeURIComponent(sessionId.reveal())}/${action}`;
}

const transactions = z.array(z.object({ status: z.string().min(1) }));

/** `status` is the session's. The payment's is that of the last transaction, if any, in V1's terms [inferred]. */
export const detailsResponse = z
  .object({ ...statusFields, schedule: z.object({ transactions: transactions.nullish() }).nullish() })
  .transform(({ schedule, status, ...reply }) =>
    toReportedStatus({ ...reply, status: schedule?.transactions?.at(-1)?.status ?? status }),
  );
