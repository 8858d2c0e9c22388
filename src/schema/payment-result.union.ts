import { Field, ObjectType, createUnionType } from 'type-graphql';
import {
  DuplicatePaymentError,
  IdempotencyKeyReusedError,
  InvalidInputError,
  OutcomeUnknownError,
  PaymentInProgressError,
  ProviderRejectedError,
  ProviderUnavailableError,
  RateLimitedError,
  StoreUnavailableError,
} from './payment-error.type.js';
import { PaymentSession } from './payment-session.type.js';

const REPLAYED = 'True when an earlier call with this idempotencyKey made the payment, and this one made nothing.';

@ObjectType({ description: 'The payment can be made: hand launchUrl to the payer.' })
export class CreatePaymentSessionSuccess {
  @Field(() => PaymentSession, { description: 'The payment as it is now.' })
  paymentSession!: PaymentSession;

  @Field(() => Boolean, { description: REPLAYED })
  replayed!: boolean;
}

@ObjectType({ description: 'Flinks e-mails the payer.' })
export class SendPaymentRequestSuccess {
  @Field(() => PaymentSession, { description: 'The payment as it is now.' })
  paymentSession!: PaymentSession;

  @Field(() => Boolean, { description: REPLAYED })
  replayed!: boolean;
}

/** Unions tell their members apart by class: resolvers return instances. */
export const CreatePaymentSessionResult = createUnionType({
  name: 'CreatePaymentSessionResult',
  description: 'A creation is never unknown: what was not handed out is harmless, and its key may be used again.',
  types: () =>
    [
      CreatePaymentSessionSuccess,
      InvalidInputError,
      IdempotencyKeyReusedError,
      PaymentInProgressError,
      ProviderRejectedError,
      ProviderUnavailableError,
      StoreUnavailableError,
      RateLimitedError,
      DuplicatePaymentError,
    ] as const,
});

export const SendPaymentRequestResult = createUnionType({
  name: 'SendPaymentRequestResult',
  description: 'What became of the request to e-mail the payer.',
  types: () =>
    [
      SendPaymentRequestSuccess,
      InvalidInputError,
      IdempotencyKeyReusedError,
      PaymentInProgressError,
      ProviderRejectedError,
      ProviderUnavailableError,
      OutcomeUnknownError,
      StoreUnavailableError,
      RateLimitedError,
      DuplicatePaymentError,
    ] as const,
});
