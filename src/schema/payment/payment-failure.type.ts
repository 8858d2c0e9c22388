import { Field, ObjectType, registerEnumType } from 'type-graphql';
import { PAYMENT_FAILURE_REASONS, PAYMENT_LANGUAGES, failureReason } from '../../domain/payment-failure.js';
import type { PaymentFailureReason } from '../../domain/payment-failure.js';
import type { PaymentSession } from '../../domain/payment.js';
import { enumOf, instance } from '../typegraphql.js';

/** The reasons as an enum. */
export const PaymentFailureReasonEnum = enumOf(PAYMENT_FAILURE_REASONS);

registerEnumType(PaymentFailureReasonEnum, {
  name: 'PaymentFailureReason',
  description: 'Why a payment was not completed, as reported by Flinks.',
  valuesConfig: {
    NAME_MISMATCH: {
      description:
        "The name differs from the one at the payer's bank. This is the most frequent failure and preventable: ask the payer for the name exactly as the bank has it.",
    },
    DECLINED_BY_PAYER: { description: 'The payer declined the payment at the bank.' },
    SIGN_IN_FAILED: { description: 'The payer could not sign in at the bank.' },
    INSUFFICIENT_FUNDS: { description: "The balance of the payer's account is too low." },
    LIMIT_EXCEEDED: { description: "The amount exceeds the payer's transfer limit at the bank." },
    NOT_ELIGIBLE: { description: 'Flinks does not support payments from this account.' },
    EXPIRED: { description: 'The payer did not pay in time.' },
    CANCELLED: { description: 'The payment was cancelled before it was paid.' },
    OTHER: {
      description: 'Flinks gave no reason, or one that the gateway does not recognise. See providerStatusDetails.',
    },
  },
});

/** The languages as an enum. */
export const PaymentLanguageEnum = enumOf(PAYMENT_LANGUAGES);

registerEnumType(PaymentLanguageEnum, {
  name: 'PaymentLanguage',
  description: 'Languages of messages for payers.',
  valuesConfig: { EN: { description: 'English.' }, FR: { description: 'French.' } },
});

@ObjectType({ description: 'Why a payment was not completed. According to Flinks, no money was taken.' })
export class PaymentFailure {
  @Field(() => PaymentFailureReasonEnum, { description: 'The reason as a code, for programs.' })
  reason!: PaymentFailureReason;

  /** The failure of a payment; null while it may still succeed, or did. */
  static of({ status, statusDetails }: PaymentSession): PaymentFailure | null {
    const reason = failureReason(status, statusDetails);
    return reason === undefined ? null : instance(PaymentFailure, { reason });
  }
}
