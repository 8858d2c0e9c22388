/**
 * Where a payment stands. CREATING and UNKNOWN are ours, the rest are Flinks's words.
 * Source: docs.flinks.com/api/pay/endpoints/e-transfer/get-payment-requests.
 * UNKNOWN: a call to Flinks may or may not have been executed.
 */
export const PAYMENT_STATUSES = [
  'CREATING',
  'INITIATED',
  'PROCESSING',
  'ACCEPTED',
  'PROCESSED',
  'SETTLED',
  'CANCELLED',
  'EXPIRED',
  'DECLINED',
  'FAILED',
  'UNKNOWN',
] as const;
export type PaymentStatus = (typeof PAYMENT_STATUSES)[number];

/** Statuses that no news can move any more. */
export const FINAL_STATUSES: readonly PaymentStatus[] = ['SETTLED', 'CANCELLED', 'EXPIRED', 'DECLINED', 'FAILED'];

export function isFinal(status: PaymentStatus): boolean {
  return FINAL_STATUSES.includes(status);
}
