import { Arg, ObjectType } from 'type-graphql';
import { FAILURE_TEXTS, failureReason } from '../../domain/payment-failure.js';
import type { PaymentFailureReason, PaymentLanguage } from '../../domain/payment-failure.js';
import type { PaymentSession } from '../../domain/payment.js';
import { Field, enumType } from '../typegraphql.js';

const PaymentFailureReasonEnum = enumType<PaymentFailureReason>({
  name: 'PaymentFailureReason',
  description: 'Why a payment was not completed, as a code for programs.',
  values: {
    NAME_MISMATCH:
      "The name differs from the one at the payer's bank. This is the most frequent failure. You can prevent it: ask the payer for the name exactly as the bank has it.",
    DECLINED_BY_PAYER: 'The payer declined the payment at the bank.',
    SIGN_IN_FAILED: 'The payer could not sign in at the bank.',
    INSUFFICIENT_FUNDS: "The balance of the payer's account is too low.",
    LIMIT_EXCEEDED: "The amount exceeds the payer's transfer limit at the bank.",
    NOT_ELIGIBLE: 'Flinks does not support payments from this account.',
    EXPIRED: 'The payer did not pay in time, or the outcome was unknown and no daily file contains the payment.',
    CANCELLED: 'The payment was cancelled before it was paid.',
    OTHER: 'Flinks gave no reason, or one that the gateway does not recognize. See providerStatusDetails.',
  },
});

const PaymentLanguageEnum = enumType<PaymentLanguage>({
  name: 'PaymentLanguage',
  description: 'Languages of messages for payers.',
  values: { EN: 'English.', FR: 'French.' },
});

@ObjectType({ description: 'Why a payment was not completed. According to Flinks, no money was taken.' })
export class PaymentFailure {
  @Field(() => PaymentFailureReasonEnum, 'The reason as a code, for programs.')
  reason!: PaymentFailureReason;

  @Field(() => String, 'The message to show to the payer.')
  payerMessage(
    @Arg('language', () => PaymentLanguageEnum, { defaultValue: 'EN', description: 'The language of the message.' })
    language: PaymentLanguage,
  ): string {
    return FAILURE_TEXTS[this.reason][language];
  }

  @Field(() => String, 'What the merchant can do about it, in English.')
  merchantMessage(): string {
    return FAILURE_TEXTS[this.reason].merchant;
  }

  /** The failure of a payment; null while it may still succeed, or did. */
  static of({ status, statusDetails }: PaymentSession): PaymentFailure | null {
    const reason = failureReason(status, statusDetails);
    return reason === undefined ? null : Object.assign(new PaymentFailure(), { reason });
  }
}
