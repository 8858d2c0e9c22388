import { Arg, FieldResolver, Resolver, Root } from 'type-graphql';
import { FAILURE_TEXTS } from '../domain/payment-failure.js';
import type { PaymentLanguage } from '../domain/payment-failure.js';
import { PaymentLanguageEnum, PaymentFailure } from '../schema/payment/payment-failure.type.js';

/** Resolves the messages of a payment's failure. */
@Resolver(() => PaymentFailure)
export class PaymentFailureResolver {
  @FieldResolver(() => String, { description: 'The message to show to the payer.' })
  payerMessage(
    @Root() { reason }: PaymentFailure,
    @Arg('language', () => PaymentLanguageEnum, {
      defaultValue: PaymentLanguageEnum.EN,
      description: 'The language of the message.',
    })
    language: PaymentLanguage,
  ): string {
    return FAILURE_TEXTS[reason][language];
  }

  @FieldResolver(() => String, { description: 'What the merchant can do about it, in English.' })
  merchantMessage(@Root() { reason }: PaymentFailure): string {
    return FAILURE_TEXTS[reason].merchant;
  }
}
