import { Arg, FieldResolver, Resolver, Root } from 'type-graphql';
import { failureText } from '../domain/payment-failure.js';
import type { PayerLanguage } from '../domain/payment-failure.js';
import { PayerLanguageEnum, PaymentFailure } from '../schema/payment-failure.type.js';

@Resolver(() => PaymentFailure)
export class PaymentFailureResolver {
  @FieldResolver(() => String, { description: 'What to show to the payer.' })
  payerMessage(
    @Root() { reason }: PaymentFailure,
    @Arg('language', () => PayerLanguageEnum, {
      defaultValue: PayerLanguageEnum.EN,
      description: 'The language of the payer.',
    })
    language: PayerLanguage,
  ): string {
    return failureText(reason).payerMessage[language];
  }

  @FieldResolver(() => String, { description: 'What whoever builds or runs the shop can do about it.' })
  merchantHint(@Root() { reason }: PaymentFailure): string {
    return failureText(reason).merchantHint;
  }
}
