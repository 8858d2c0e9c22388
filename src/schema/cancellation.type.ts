import { Field, ID, InputType, ObjectType, createUnionType } from 'type-graphql';
import { ExactId } from './id-rules.js';
import type { IdInput } from './id.scalar.js';
import {
  InvalidInputError,
  NotCancellableError,
  NotFoundError,
  OutcomeUnknownError,
  ProviderUnavailableError,
  StoreUnavailableError,
} from './payment-error.type.js';
import { PaymentSession } from './payment-session.type.js';

@InputType({
  description: 'Which payment to cancel. It needs no key: the state of the payment tells what is left to do.',
})
export class CancelPaymentSessionInput {
  @Field(() => ID, { description: 'The id of a PaymentSession.' })
  @ExactId()
  id!: IdInput;
}

@ObjectType({ description: 'The payment is cancelled, by this call or before.' })
export class CancelPaymentSessionSuccess {
  @Field(() => PaymentSession, { description: 'The payment as it is now.' })
  paymentSession!: PaymentSession;
}

export const CancelPaymentSessionResult = createUnionType({
  name: 'CancelPaymentSessionResult',
  description: 'What became of the request to cancel a payment.',
  types: () =>
    [
      CancelPaymentSessionSuccess,
      InvalidInputError,
      NotFoundError,
      NotCancellableError,
      ProviderUnavailableError,
      OutcomeUnknownError,
      StoreUnavailableError,
    ] as const,
});
