import { PAYMENT_SESSION_STATUSES, areFundsGuaranteed, isFinal } from '../../domain/payment-status.js';
import type { PaymentSessionStatus } from '../../domain/payment-status.js';
import { enumType } from '../typegraphql.js';

const DESCRIPTIONS: Readonly<Record<PaymentSessionStatus, string>> = {
  CREATING: 'The gateway has stored the payment and is about to call Flinks.',
  OUTCOME_UNKNOWN:
    'Flinks may or may not have executed the call. The gateway is determining the outcome; the payment is not failed.',
  INITIATED: 'Flinks has accepted the request, and the payer can pay.',
  PROCESSING: 'The payer is completing the payment at the bank.',
  EXPIRED: 'The payer did not pay in time.',
  CANCELLED: 'The payment was cancelled before it was paid.',
  DECLINED: 'The payer declined the payment at the bank.',
  FAILED: 'The payment failed, for example because the name differs from the one at the bank. See failure.',
  ACCEPTED: 'The payer accepted the payment at the bank, and the money is on its way.',
  PROCESSED: 'Flinks has processed the payment, which now waits for settlement.',
  SETTLED: 'The transfer to your account is under way or completed.',
};

function describe(status: PaymentSessionStatus): string {
  const final = isFinal(status) ? ' Final: the gateway no longer polls it.' : '';
  return `${DESCRIPTIONS[status]}${areFundsGuaranteed(status) ? ' Funds are guaranteed.' : ''}${final}`;
}

/** The statuses as an enum, in the order of their ranks. */
export const PaymentSessionStatusEnum = enumType({
  name: 'PaymentSessionStatus',
  description:
    "The status of a payment: Flinks's statuses, preceded by CREATING and OUTCOME_UNKNOWN of this gateway. Listed by rank: a payment only ever moves down this list.",
  values: Object.fromEntries(
    PAYMENT_SESSION_STATUSES.map((status) => [status, describe(status)]),
  ) as typeof DESCRIPTIONS,
});
