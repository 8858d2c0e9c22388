import { Field, ObjectType, createUnionType } from 'type-graphql';
import {
  InvalidInputError,
  OutcomeUnknownError,
  ProviderRejectedError,
  ProviderUnavailableError,
} from './payment-error.type.js';
import { PaymentSession } from './payment-session.type.js';

@ObjectType({ description: 'The payment can be made: hand launchUrl to the payer.' })
export class CreatePaymentSessionSuccess {
  @Field(() => PaymentSession, { description: 'The payment.' })
  paymentSession!: PaymentSession;
}

@ObjectType({ description: 'Flinks e-mails the payer.' })
export class SendPaymentRequestSuccess {
  @Field(() => PaymentSession, { description: 'The payment.' })
  paymentSession!: PaymentSession;
}

/** Unions tell their members apart by class: resolvers return instances. */
export const CreatePaymentSessionResult = createUnionType({
  name: 'CreatePaymentSessionResult',
  description: 'A creation is never unknown: what was not handed out is harmless.',
  types: () =>
    [CreatePaymentSessionSuccess, InvalidInputError, ProviderRejectedError, ProviderUnavailableError] as const,
});

export const SendPaymentRequestResult = createUnionType({
  name: 'SendPaymentRequestResult',
  description: 'What became of the request to e-mail the payer.',
  types: () =>
    [
      SendPaymentRequestSuccess,
      InvalidInputError,
      ProviderRejectedError,
      ProviderUnavailableError,
      OutcomeUnknownError,
    ] as const,
});
