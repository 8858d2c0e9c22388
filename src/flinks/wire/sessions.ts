import { z } from 'zod';
import type { PaymentDetails } from '../../domain/payment.js';
import { Sensitive } from '../../domain/sensitive.js';
import type { ApiVariant } from '../api-variant.js';
import type { WireRequest } from '../transport.js';
import { wireId, amountField, writeJson } from './wire-json.js';
import type { WireField } from './wire-json.js';

/** The request that starts a session; initiate and sendrequest differ in the path only. */
export function sessionRequest(path: string, order: PaymentDetails, variant: ApiVariant): WireRequest {
  const fields: Record<string, WireField | undefined> = {
    customerName: order.customer.name,
    customerEmail: order.customer.email,
    amount: amountField(order.amount, variant),
    [variant.userIdField]: order.customer.userId,
    [variant.referenceIdField]: order.referenceId,
    [variant.clientUrlsField]: order.clientUrls.length > 0 ? order.clientUrls : undefined,
  };
  return { method: 'POST', path, headers: { 'content-type': 'application/json' }, body: writeJson(fields) };
}

/** The response of both endpoints. The id is documented as a GUID and treated as opaque. */
export const sessionResponse = z
  .object({ sessionId: wireId })
  .transform((reply) => ({ sessionId: new Sensitive(reply.sessionId) }));

/**
 * POST /api/v1/sessions/initiate: creates a session without notifying the payer.
 * Source: docs.flinks.com/api/pay/endpoints/e-transfer/sessions-initiate, in its earlier text; the page now describes
 * V2.
 */
export function initiateRequest(order: PaymentDetails, variant: ApiVariant): WireRequest {
  return sessionRequest('/api/v1/sessions/initiate', order, variant);
}

/**
 * POST /api/v1/sessions/sendrequest: creates a session, and Flinks e-mails the payer. Uses a fresh connection, because
 * a response that is lost here cannot be recovered by a retry.
 * Source: docs.flinks.com/api/pay/endpoints/e-transfer/sessions-sendrequest.
 */
export function buildSendRequest(order: PaymentDetails, variant: ApiVariant): WireRequest {
  return { ...sessionRequest('/api/v1/sessions/sendrequest', order, variant), fresh: true };
}
