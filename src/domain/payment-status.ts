/**
 * Where a payment stands. CREATING and UNKNOWN are ours, the rest are Flinks's words (flinks-pay-api.md 5.2).
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
