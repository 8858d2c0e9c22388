import { Field, ID, InputType, ObjectType, createUnionType } from 'type-graphql';
import { ExactId } from '../validation/id-rules.js';
import type { IdInput } from '../scalars/id.scalar.js';
import {
  InvalidPaymentInputError,
  PaymentNotCancellableError,
  PaymentNotFoundError,
  PaymentOutcomeUnknownError,
  PaymentProviderUnavailableError,
  PaymentServiceUnavailableError,
} from './payment-error.type.js';
import { PaymentSession } from './payment-session.type.js';

@InputType({
  description: 'The input of cancelPaymentSession. It needs no idempotency key: repeating the call is safe.',
})
export class CancelPaymentSessionInput {
  @Field(() => ID, { description: 'The id of a PaymentSession.' })
  @ExactId()
  id!: IdInput;
}

@ObjectType({ description: 'The payment is cancelled, by this call or an earlier one.' })
export class CancelPaymentSessionSuccess {
  @Field(() => PaymentSession, { description: 'The payment in its current state.' })
  paymentSession!: PaymentSession;
}

/** Resolvers return instances: TypeGraphQL distinguishes the members of a union by class. */
export const CancelPaymentSessionResult = createUnionType({
  name: 'CancelPaymentSessionResult',
  description: 'The result of cancelPaymentSession.',
  types: () =>
    [
      CancelPaymentSessionSuccess,
      InvalidPaymentInputError,
      PaymentNotFoundError,
      PaymentNotCancellableError,
      PaymentProviderUnavailableError,
      PaymentOutcomeUnknownError,
      PaymentServiceUnavailableError,
    ] as const,
});
