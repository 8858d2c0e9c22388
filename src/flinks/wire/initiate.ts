import type { PaymentOrder } from '../../domain/payment.js';
import type { UpstreamProfile } from '../profile.js';
import type { WireRequest } from '../transport.js';
import { sessionRequest } from './session.js';

/** POST /api/v1/sessions/initiate: makes a session and tells nobody. Source: flinks-pay-api.md 4.1 [ET-INIT-V1]. */
export function initiateRequest(order: PaymentOrder, profile: UpstreamProfile): WireRequest {
  return sessionRequest('/api/v1/sessions/initiate', order, profile);
}
