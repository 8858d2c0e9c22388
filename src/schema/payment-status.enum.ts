import { registerEnumType } from 'type-graphql';
import { PAYMENT_STATUSES } from '../domain/payment-status.js';
import type { PaymentStatus } from '../domain/payment-status.js';
import { enumOf } from './enum-of.js';

export const PaymentStatusEnum = enumOf(PAYMENT_STATUSES);

const DESCRIPTIONS: Readonly<Record<PaymentStatus, string>> = {
  CREATING: 'We are about to ask Flinks.',
  INITIATED: 'Flinks has the request; the payer may act.',
  PROCESSING: 'The payer is completing the payment.',
  ACCEPTED: 'The payer accepted at the bank. Funds are guaranteed from here on.',
  PROCESSED: 'Flinks has handled the payment; it waits to be settled.',
  SETTLED: 'The transfer to your account is on its way or done. Final.',
  CANCELLED: 'Cancelled before it was paid. Final.',
  EXPIRED: 'The payer did not act in time. Final.',
  DECLINED: 'The payer refused at the bank. Final.',
  FAILED: 'The payment failed, for instance because the name is not the one the bank knows. Final.',
  UNKNOWN: 'The call to Flinks may or may not have been executed; it is being found out.',
};

registerEnumType(PaymentStatusEnum, {
  name: 'PaymentStatus',
  description: 'Where a payment stands: the words of Flinks, and CREATING and UNKNOWN of ours.',
  valuesConfig: Object.fromEntries(
    Object.entries(DESCRIPTIONS).map(([status, description]) => [status, { description }]),
  ),
});
