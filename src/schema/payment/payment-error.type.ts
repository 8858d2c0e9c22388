import { ID, Int, InterfaceType, ObjectType } from 'type-graphql';
import type { PaymentSessionStatus } from '../../domain/payment-status.js';
import { Field, enumType } from '../typegraphql.js';
import { PaymentInputIssue } from '../validation/payment-input-issue.type.js';
import { PaymentSession, PaymentSessionStatusEnum } from './payment-session.type.js';

const PaymentErrorCodeEnum = enumType({
  name: 'PaymentErrorCode',
  description: 'What went wrong, as a code for programs.',
  values: {
    INVALID_INPUT: 'The input is invalid. Nothing was sent to Flinks; correct the input.',
    IDEMPOTENCY_KEY_REUSED:
      'The idempotencyKey was used before with different input or with the other mutation. Nothing was done. A person has to look at the earlier payment; a different payment needs another key.',
    IDEMPOTENCY_KEY_IN_USE: 'Another call with this idempotencyKey is still in progress. Repeat the same call.',
    PROVIDER_REJECTED: 'Flinks rejected the payment. A person has to review it.',
    PROVIDER_UNAVAILABLE: 'Flinks is not available. No payment was started or cancelled; repeat the same call.',
    PROVIDER_MISCONFIGURED:
      "Flinks rejects this gateway's credentials or settings. No payment was started or cancelled. An operator has to act; then repeat the same call.",
    OUTCOME_UNKNOWN: 'Flinks may or may not have executed the request. This is not a failure: follow the payment.',
    NOT_FOUND: 'You have no payment with this id.',
    NOT_CANCELLABLE: 'The payment is final, its money is on the way, or Flinks cannot cancel it.',
    SERVICE_UNAVAILABLE:
      'The gateway cannot reach its database. This call returned no payment page and sent no e-mail; a cancellation may have reached Flinks. Repeat the same call.',
    RATE_LIMITED:
      'Too many payments by you, or too many e-mails or too high a total for this payer. Nothing was done, and the idempotencyKey stays unused; repeat the same call later.',
    DUPLICATE_PAYMENT:
      'A short time ago you created a payment with the same payer, amount and referenceId. Nothing was done, and the idempotencyKey stays unused; a person has to decide.',
  },
});

const PaymentRetryAdviceEnum = enumType({
  name: 'PaymentRetryAdvice',
  description: 'Whether you may repeat the call. Programs may repeat it on SAME_KEY only.',
  values: {
    NEVER: 'Do not repeat this call.',
    SAME_KEY:
      'Repeat the same call with the same idempotencyKey, if it takes one, after retryAfterMs, if there is one.',
    REVIEW_THEN_NEW_KEY:
      'Never repeat this call automatically: the payer could be charged twice. After a person has reviewed it and decided to pay again, make a new call with a new idempotencyKey (for DUPLICATE_PAYMENT: with allowDuplicate: true, and the same or another key).',
  },
});

const RETRY_AFTER = 'How long to wait before you repeat the call, in milliseconds.';

@InterfaceType({
  description:
    'An error returned as data. All errors of the mutations implement it, so that one fragment also handles errors added later.',
})
export abstract class PaymentError {
  @Field(() => PaymentErrorCodeEnum, 'What went wrong, as a code for programs.')
  code!: keyof typeof PaymentErrorCodeEnum;
  @Field(() => String, 'What went wrong and what to do, for developers. Not meant for payers.')
  message!: string;
  @Field(() => PaymentRetryAdviceEnum, 'Whether you may repeat the call.')
  retryAdvice!: keyof typeof PaymentRetryAdviceEnum;

  @Field(
    () => ID,
    'The id of the HTTP request, as in the response header x-request-id. Quote it when you ask for help.',
  )
  requestId!: string;
}

/** Makes a class a type of error that implements the interface. */
const ErrorType = (description: string): ClassDecorator => ObjectType({ implements: PaymentError, description });

@ErrorType('The input is invalid. Nothing was sent to Flinks. Code INVALID_INPUT, retryAdvice NEVER.')
export class InvalidPaymentInputError extends PaymentError {
  @Field(() => [PaymentInputIssue], 'All problems of the input.')
  issues!: PaymentInputIssue[];
}

@ErrorType('Flinks rejected the payment. Code PROVIDER_REJECTED, retryAdvice REVIEW_THEN_NEW_KEY.')
export class PaymentRejectedError extends PaymentError {}

@ErrorType(
  'Flinks did not execute the request, and no payment was started or cancelled. Code PROVIDER_UNAVAILABLE or PROVIDER_MISCONFIGURED, retryAdvice SAME_KEY.',
)
export class PaymentProviderUnavailableError extends PaymentError {
  // Non-null, although Flinks rarely names a wait: one query can select retryAfterMs of several errors only if the
  // types are equal.
  @Field(() => Int, RETRY_AFTER)
  retryAfterMs!: number;
}

@ErrorType(
  'The idempotencyKey was used before with different input or with the other mutation. Nothing was done. Code IDEMPOTENCY_KEY_REUSED, retryAdvice REVIEW_THEN_NEW_KEY.',
)
export class IdempotencyKeyReusedError extends PaymentError {
  @Field(
    () => ID,
    'The id of the payment that the key belongs to. That payment may be in progress, or Flinks may never have received it: read it before you create another one.',
  )
  paymentSessionId!: string;
}

@ErrorType(
  'Another call with this idempotencyKey is still in progress, and this call stopped waiting for it. Code IDEMPOTENCY_KEY_IN_USE, retryAdvice SAME_KEY.',
)
export class IdempotencyKeyInUseError extends PaymentError {
  @Field(() => Int, RETRY_AFTER)
  retryAfterMs!: number;
}

@ErrorType(
  'The gateway cannot reach its database. This call returned no payment page and sent no e-mail; a cancellation may have reached Flinks. Repeat the same call. Code SERVICE_UNAVAILABLE, retryAdvice SAME_KEY.',
)
export class PaymentServiceUnavailableError extends PaymentError {}

@ErrorType(
  "The gateway did not receive Flinks's response. After sendPaymentRequest, the payer may or may not have the e-mail, and the gateway never sends it again. After cancelPaymentSession, the payment may or may not be cancelled. This is not a failure: follow the payment by its id. Code OUTCOME_UNKNOWN, retryAdvice NEVER.",
)
export class PaymentOutcomeUnknownError extends PaymentError {
  @Field(
    () => PaymentSession,
    'The payment. After sendPaymentRequest, its status is OUTCOME_UNKNOWN until the outcome is known. After cancelPaymentSession, it keeps the status that it had until the outcome is known.',
  )
  paymentSession!: PaymentSession;
}

@ErrorType('You have no payment with this id. Code NOT_FOUND, retryAdvice NEVER.')
export class PaymentNotFoundError extends PaymentError {}

@ErrorType(
  'The payment cannot be cancelled: it is final, its money is on the way, or Flinks cannot cancel it. Code NOT_CANCELLABLE, retryAdvice NEVER.',
)
export class PaymentNotCancellableError extends PaymentError {
  @Field(() => PaymentSessionStatusEnum, 'The status that prevented the cancellation.')
  status!: PaymentSessionStatus;
  @Field(() => PaymentSession, 'The payment in its current state.')
  paymentSession!: PaymentSession;
}

@ErrorType(
  'Too many payments by you, or too many e-mails or too high a total for this payer. Nothing was done, and the idempotencyKey stays unused. Repeated calls with a key that already has a payment are never limited. Code RATE_LIMITED, retryAdvice SAME_KEY.',
)
export class PaymentRateLimitedError extends PaymentError {
  @Field(() => Int, RETRY_AFTER)
  retryAfterMs!: number;
}

@ErrorType(
  'A short time ago you created a payment with the same payer, amount and referenceId under another idempotencyKey. Nothing was done, and this idempotencyKey stays unused. If a person wants both payments, call again with allowDuplicate: true, with this or another key. Code DUPLICATE_PAYMENT, retryAdvice REVIEW_THEN_NEW_KEY.',
)
export class DuplicatePaymentError extends PaymentError {
  @Field(() => PaymentSession, 'The earlier payment.')
  paymentSession!: PaymentSession;
}
