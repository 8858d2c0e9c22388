import { ObjectType, createUnionType } from 'type-graphql';
import * as errors from './payment-error.type.js';
import { PaymentSession } from './payment-session.type.js';
import { Field } from '../typegraphql.js';

// Resolvers return instances: TypeGraphQL distinguishes the members of a union by class.

/** Base of the results of all three mutations. */
@ObjectType()
abstract class PaymentSuccess {
  @Field(() => PaymentSession, 'The payment in its current state.')
  paymentSession!: PaymentSession;
}

/** Base of the results of the mutations that take an idempotency key. */
@ObjectType()
abstract class ReplayableSuccess extends PaymentSuccess {
  @Field(
    () => Boolean,
    'True when an earlier call with this idempotencyKey created the payment and this call only returned it.',
  )
  replayed!: boolean;
}

@ObjectType({ description: 'The payment exists: send the payer to paymentSession.paymentUrl.' })
export class CreatePaymentSessionSuccess extends ReplayableSuccess {}

@ObjectType({ description: 'Flinks has created the payment and sends the e-mail to the payer.' })
export class SendPaymentRequestSuccess extends ReplayableSuccess {}

@ObjectType({ description: 'The payment is cancelled, by this call or an earlier one.' })
export class CancelPaymentSessionSuccess extends PaymentSuccess {}

/** A payment page for the payer, or why there is none. */
export const CreatePaymentSessionResult = createUnionType({
  name: 'CreatePaymentSessionResult',
  description:
    'The result of createPaymentSession. Its outcome is never unknown: a session that you did not receive cannot be paid, so you may repeat the call with the same idempotencyKey.',
  types: () =>
    [
      CreatePaymentSessionSuccess,
      errors.InvalidPaymentInputError,
      errors.IdempotencyKeyReusedError,
      errors.IdempotencyKeyInUseError,
      errors.PaymentRejectedError,
      errors.PaymentProviderUnavailableError,
      errors.PaymentServiceUnavailableError,
      errors.PaymentRateLimitedError,
      errors.DuplicatePaymentError,
    ] as const,
});

/** Like `CreatePaymentSessionResult`, with an outcome that may be unknown. */
export const SendPaymentRequestResult = createUnionType({
  name: 'SendPaymentRequestResult',
  description: 'The result of sendPaymentRequest.',
  types: () =>
    [
      SendPaymentRequestSuccess,
      errors.InvalidPaymentInputError,
      errors.IdempotencyKeyReusedError,
      errors.IdempotencyKeyInUseError,
      errors.PaymentRejectedError,
      errors.PaymentProviderUnavailableError,
      errors.PaymentOutcomeUnknownError,
      errors.PaymentServiceUnavailableError,
      errors.PaymentRateLimitedError,
      errors.DuplicatePaymentError,
    ] as const,
});

/** A payment that nobody can pay any more, or why it could not be cancelled. */
export const CancelPaymentSessionResult = createUnionType({
  name: 'CancelPaymentSessionResult',
  description: 'The result of cancelPaymentSession.',
  types: () =>
    [
      CancelPaymentSessionSuccess,
      errors.InvalidPaymentInputError,
      errors.PaymentNotFoundError,
      errors.PaymentNotCancellableError,
      errors.PaymentProviderUnavailableError,
      errors.PaymentOutcomeUnknownError,
      errors.PaymentServiceUnavailableError,
    ] as const,
});
