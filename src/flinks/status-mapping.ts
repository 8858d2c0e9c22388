import type { PaymentSessionStatus } from '../domain/payment-status.js';

/**
 * Flinks's nine statuses, both spellings of cancelled, and V2's status for a payer who is currently paying; compared
 * case-insensitively. V2's "Completed" is left out: it describes a session and does not say whether the money moved.
 * Source: docs.flinks.com/api/pay/endpoints/e-transfer/get-payment-requests and sessions-details.
 */
const STATUS_BY_PROVIDER_STATUS: Readonly<Record<string, PaymentSessionStatus>> = {
  initiated: 'INITIATED',
  processing: 'PROCESSING',
  inprogress: 'PROCESSING',
  accepted: 'ACCEPTED',
  processed: 'PROCESSED',
  settled: 'SETTLED',
  cancelled: 'CANCELLED',
  canceled: 'CANCELLED',
  expired: 'EXPIRED',
  declined: 'DECLINED',
  failed: 'FAILED',
};

/** Maps a provider status to a payment status. Returns undefined for an unrecognized one, which changes nothing. */
export function toPaymentStatus(providerStatus: string): PaymentSessionStatus | undefined {
  const key = providerStatus.toLowerCase();
  return Object.hasOwn(STATUS_BY_PROVIDER_STATUS, key) ? STATUS_BY_PROVIDER_STATUS[key] : undefined;
}
