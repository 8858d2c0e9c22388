import type { PaymentStatus } from '../domain/payment-status.js';

/**
 * Flinks's nine words, both spellings of cancelled, compared without regard to case.
 * Source: docs.flinks.com/api/pay/endpoints/e-transfer/get-payment-requests.
 */
const STATUS_BY_WORD: Readonly<Record<string, PaymentStatus>> = {
  initiated: 'INITIATED',
  processing: 'PROCESSING',
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
export function statusOfWord(word: string): PaymentStatus | undefined {
  const key = word.toLowerCase();
  return Object.hasOwn(STATUS_BY_WORD, key) ? STATUS_BY_WORD[key] : undefined;
}
