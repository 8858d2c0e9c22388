import type { PaymentDetails } from '../../domain/payment.js';
import type { ApiVariant } from '../api-variant.js';
import type { WireRequest } from '../transport.js';
import { sessionRequest } from './session.js';

/**
 * POST /api/v1/sessions/sendrequest: makes a session, and Flinks e-mails the payer.
 * Source: docs.flinks.com/api/pay/endpoints/e-transfer/sessions-sendrequest.
 * It takes a fresh connection, because an answer that is lost here cannot be asked for again.
 */
export function buildSendRequest(order: PaymentDetails, variant: ApiVariant): WireRequest {
  return { ...sessionRequest('/api/v1/sessions/sendrequest', order, variant), fresh: true };
}
