import type { PaymentDetails } from '../../domain/payment.js';
import type { ApiVariant } from '../api-variant.js';
import type { WireRequest } from '../transport.js';
import { sessionRequest } from './session.js';

/**
 * POST /api/v1/sessions/sendrequest: creates a session, and Flinks e-mails the payer. Uses a fresh connection, because
 * a response that is lost here cannot be recovered by a retry.
 * Source: docs.flinks.com/api/pay/endpoints/e-transfer/sessions-sendrequest.
 */
export function buildSendRequest(order: PaymentDetails, variant: ApiVariant): WireRequest {
  return { ...sessionRequest('/api/v1/sessions/sendrequest', order, variant), fresh: true };
}
