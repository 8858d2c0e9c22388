import type { PaymentDetails } from '../../domain/payment.js';
import type { ApiVariant } from '../api-variant.js';
import type { WireRequest } from '../transport.js';
import { sessionRequest } from './session.js';

/**
 * POST /api/v1/sessions/initiate: creates a session without notifying the payer.
 * Source: docs.flinks.com/api/pay/endpoints/e-transfer/sessions-initiate, in its earlier text; the page now describes
 * V2.
 */
export function initiateRequest(order: PaymentDetails, variant: ApiVariant): WireRequest {
  return sessionRequest('/api/v1/sessions/initiate', order, variant);
}
