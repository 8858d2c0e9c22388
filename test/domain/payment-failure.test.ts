import { describe, expect, it } from '@jest/globals';
import {
  FAILURE_TEXTS,
  PAYMENT_FAILURE_REASONS,
  PAYMENT_LANGUAGES,
  failureReason,
} from '../../src/domain/payment-failure.js';
import { PAYMENT_SESSION_STATUSES } from '../../src/domain/payment-status.js';

describe('the failure reason of a payment', () => {
  it.each([
    ['EXPIRED', 'EXPIRED'],
    ['CANCELLED', 'CANCELLED'],
    ['DECLINED', 'DECLINED_BY_PAYER'],
    ['FAILED', 'OTHER'],
  ] as const)('with status %s is %s when Flinks reports no details', (status, reason) => {
    expect(failureReason(status, undefined)).toBe(reason);
  });

  it.each([
    ['EFT0401', 'SIGN_IN_FAILED'],
    ['EFT0402', 'NOT_ELIGIBLE'],
    ['EFT0403', 'NAME_MISMATCH'],
    ['Error eft0403: see guide', 'NAME_MISMATCH'],
    ['EFT0404', 'INSUFFICIENT_FUNDS'],
    ['EFT0501', 'CANCELLED'],
    ['EFT0601', 'EXPIRED'],
    ['Customer name does not match the account', 'NAME_MISMATCH'],
    ['Name mismatch', 'NAME_MISMATCH'],
    ['identity mismatch', 'NAME_MISMATCH'],
    ['Insufficient funds', 'INSUFFICIENT_FUNDS'],
    ['Daily limit exceeded', 'LIMIT_EXCEEDED'],
    ['amount over the sending limit', 'LIMIT_EXCEEDED'],
    ['Login failed', 'SIGN_IN_FAILED'],
    ['wrong credentials', 'SIGN_IN_FAILED'],
    ['Account not eligible', 'NOT_ELIGIBLE'],
    ['declined by the customer', 'DECLINED_BY_PAYER'],
    ['EFT9999', 'OTHER'],
    ['XEFT0403', 'OTHER'],
    ['unlimited rename', 'OTHER'],
    ['', 'OTHER'],
  ] as const)('with status details %j is %s', (details, reason) => {
    expect(failureReason('FAILED', details)).toBe(reason);
  });

  it('is undefined while the payment may still be paid, and when it was paid', () => {
    const statuses = PAYMENT_SESSION_STATUSES.filter((status) => failureReason(status, 'EFT0403') === undefined);
    expect(statuses).toEqual([
      'CREATING',
      'OUTCOME_UNKNOWN',
      'INITIATED',
      'PROCESSING',
      'ACCEPTED',
      'PROCESSED',
      'SETTLED',
    ]);
  });

  it.each(PAYMENT_FAILURE_REASONS)('%s has a different message for payers and for merchants', (reason) => {
    const texts = ([...PAYMENT_LANGUAGES, 'merchant'] as const).map((reader) => FAILURE_TEXTS[reason][reader]);
    for (const text of texts) expect(text).toMatch(/^[A-Z].{30,}\.$/u);
    expect(new Set(texts).size).toBe(3);
  });
});
