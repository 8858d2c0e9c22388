import { Field, ObjectType, registerEnumType } from 'type-graphql';
import { FAILURE_REASONS, PAYER_LANGUAGES, failureReason } from '../domain/payment-failure.js';
import type { FailureReason } from '../domain/payment-failure.js';
import type { PaymentSession } from '../domain/payment.js';
import { enumOf } from './enum-of.js';

export const FailureReasonEnum = enumOf(FAILURE_REASONS);

registerEnumType(FailureReasonEnum, {
  name: 'FailureReason',
  description: 'Why a payment came to nothing, as far as Flinks tells.',
  valuesConfig: {
    NAME_MISMATCH: {
      description:
        'The name is not the one that the bank has. The most frequent failure, and one that can be prevented: ask for the name as the bank has it.',
    },
    DECLINED_BY_PAYER: { description: 'The payer refused at the bank.' },
    SIGN_IN_FAILED: { description: 'The payer could not sign in at the bank.' },
    INSUFFICIENT_FUNDS: { description: 'The balance of the account is too low.' },
    LIMIT_EXCEEDED: { description: 'The amount is above what the bank lets the payer send.' },
    NOT_ELIGIBLE: { description: 'Flinks does not offer the payment for this account.' },
    EXPIRED: { description: 'The payer did not act in time.' },
    CANCELLED: { description: 'Cancelled before it was paid.' },
    OTHER: { description: 'Flinks gave no reason that is known here; statusDetails has its words.' },
  },
});

export const PayerLanguageEnum = enumOf(PAYER_LANGUAGES);

registerEnumType(PayerLanguageEnum, {
  name: 'PayerLanguage',
  description: 'Languages in which payers are told.',
  valuesConfig: { EN: { description: 'English.' }, FR: { description: 'French.' } },
});

@ObjectType({ description: 'Why a payment came to nothing. No money was taken, as far as Flinks told.' })
export class PaymentFailure {
  @Field(() => FailureReasonEnum, { description: 'The reason, for programs.' })
  reason!: FailureReason;

  static of({ status, statusDetails }: PaymentSession): PaymentFailure | null {
    const reason = failureReason(status, statusDetails);
    return reason === undefined ? null : Object.assign(new PaymentFailure(), { reason });
  }
}
