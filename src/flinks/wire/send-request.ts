import type { PaymentOrder } from '../../domain/payment.js';
import type { UpstreamProfile } from '../profile.js';
import type { WireRequest } from '../transport.js';
import { sessionRequest } from './session.js';

/**
 * POST /api/v1/sessions/sendrequest: makes a session, and Flinks e-mails the payer.
 * Source: docs.flinks.com/api/pay/endpoints/e-transfer/sessions-sendrequest.
 * It takes a fresh connection, because an answer that is lost here cannot be asked for again.
 */
export function sendRequestRequest(order: PaymentOrder, profile: UpstreamProfile): WireRequest {
  return { ...sessionRequest('/api/v1/sessions/sendrequest', order, profile), fresh: true };
}
