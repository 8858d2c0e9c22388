import { registerEnumType } from 'type-graphql';
import { PAYMENT_STATUSES, areFundsGuaranteed, isFinal } from '../domain/payment-status.js';
import type { PaymentStatus } from '../domain/payment-status.js';
import { enumOf } from './enum-of.js';

export const PaymentStatusEnum = enumOf(PAYMENT_STATUSES);

const DESCRIPTIONS: Readonly<Record<PaymentStatus, string>> = {
  CREATING: 'We are about to ask Flinks.',
  UNKNOWN: 'The call to Flinks may or may not have been executed; it is being found out.',
  INITIATED: 'Flinks has the request; the payer may act.',
  PROCESSING: 'The payer is completing the payment.',
  EXPIRED: 'The payer did not act in time.',
  CANCELLED: 'Cancelled before it was paid.',
  DECLINED: 'The payer refused at the bank.',
  FAILED: 'The payment failed, for instance because the name is not the one the bank knows.',
  ACCEPTED: 'The payer accepted at the bank, and the money is on its way.',
  PROCESSED: 'Flinks has handled the payment; it waits to be settled.',
  SETTLED: 'The transfer to your account is on its way or done.',
};

function describe(status: PaymentStatus): string {
  const final = isFinal(status) ? ' Final: nobody asks any more.' : '';
  return `${DESCRIPTIONS[status]}${areFundsGuaranteed(status) ? ' Funds are guaranteed.' : ''}${final}`;
}

registerEnumType(PaymentStatusEnum, {
  name: 'PaymentStatus',
  description:
    'Where a payment stands: the words of Flinks, and CREATING and UNKNOWN of ours. In the order of their ranks: a payment moves down this list only.',
  valuesConfig: Object.fromEntries(PAYMENT_STATUSES.map((status) => [status, { description: describe(status) }])),
});
