import { Field, ObjectType, createUnionType } from 'type-graphql';
import {
  DuplicatePaymentError,
  IdempotencyKeyReusedError,
  InvalidPaymentInputError,
  PaymentOutcomeUnknownError,
  IdempotencyKeyInUseError,
  PaymentRejectedError,
  PaymentProviderUnavailableError,
  PaymentRateLimitedError,
  PaymentServiceUnavailableError,
} from './payment-error.type.js';
import { PaymentSession } from './payment-session.type.js';

const REPLAYED =
  'True when an earlier call with this idempotencyKey created the payment and this call only returned it.';

@ObjectType({ description: 'The payment session exists: send the payer to paymentSession.paymentUrl.' })
export class CreatePaymentSessionSuccess {
  @Field(() => PaymentSession, { description: 'The payment in its current state.' })
  paymentSession!: PaymentSession;

  @Field(() => Boolean, { description: REPLAYED })
  replayed!: boolean;
}

@ObjectType({ description: 'Flinks has accepted the request and e-mails the payer.' })
export class SendPaymentRequestSuccess {
  @Field(() => PaymentSession, { description: 'The payment in its current state.' })
  paymentSession!: PaymentSession;

  @Field(() => Boolean, { description: REPLAYED })
  replayed!: boolean;
}

/** Resolvers return instances: TypeGraphQL distinguishes the members of a union by class. */
export const CreatePaymentSessionResult = createUnionType({
  name: 'CreatePaymentSessionResult',
  description:
    'The result of createPaymentSession. Its outcome is never unknown: a session that you did not receive cannot be paid, so you may repeat the call with the same idempotencyKey.',
  types: () =>
    [
      CreatePaymentSessionSuccess,
      InvalidPaymentInputError,
      IdempotencyKeyReusedError,
      IdempotencyKeyInUseError,
      PaymentRejectedError,
      PaymentProviderUnavailableError,
      PaymentServiceUnavailableError,
      PaymentRateLimitedError,
      DuplicatePaymentError,
    ] as const,
});

/** Like `CreatePaymentSessionResult`, with an outcome that may be unknown. */
export const SendPaymentRequestResult = createUnionType({
  name: 'SendPaymentRequestResult',
  description: 'The result of sendPaymentRequest.',
  types: () =>
    [
      SendPaymentRequestSuccess,
      InvalidPaymentInputError,
      IdempotencyKeyReusedError,
      IdempotencyKeyInUseError,
      PaymentRejectedError,
      PaymentProviderUnavailableError,
      PaymentOutcomeUnknownError,
      PaymentServiceUnavailableError,
      PaymentRateLimitedError,
      DuplicatePaymentError,
    ] as const,
});
