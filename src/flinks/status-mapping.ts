import type { PaymentSessionStatus } from '../domain/payment-status.js';

/**
 * Flinks's nine words, both spellings of cancelled, and V2's word for a payer who is at it, compared without regard to case. V2's
 * "Completed" is not among them: it is said of a session, and does not tell whether the money moved.
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

/** The status a word of Flinks's stands for; undefined for a word that is not listed, which is no news. */
export function toPaymentStatus(providerStatus: string): PaymentSessionStatus | undefined {
  const key = providerStatus.toLowerCase();
  return Object.hasOwn(STATUS_BY_PROVIDER_STATUS, key) ? STATUS_BY_PROVIDER_STATUS[key] : undefined;
}
