import { Field, ID, Int, InterfaceType, ObjectType, registerEnumType } from 'type-graphql';
import type { PaymentStatus } from '../domain/payment-status.js';
import { InputIssue } from './input-issue.type.js';
import { PaymentSession } from './payment-session.type.js';
import { PaymentStatusEnum } from './payment-status.enum.js';

export enum PaymentErrorCode {
  INVALID_INPUT = 'INVALID_INPUT',
  IDEMPOTENCY_KEY_REUSED = 'IDEMPOTENCY_KEY_REUSED',
  IN_PROGRESS = 'IN_PROGRESS',
  PROVIDER_REJECTED = 'PROVIDER_REJECTED',
  PROVIDER_UNAVAILABLE = 'PROVIDER_UNAVAILABLE',
  PROVIDER_MISCONFIGURED = 'PROVIDER_MISCONFIGURED',
  OUTCOME_UNKNOWN = 'OUTCOME_UNKNOWN',
  NOT_FOUND = 'NOT_FOUND',
  NOT_CANCELLABLE = 'NOT_CANCELLABLE',
  STORE_UNAVAILABLE = 'STORE_UNAVAILABLE',
  RATE_LIMITED = 'RATE_LIMITED',
  DUPLICATE_PAYMENT = 'DUPLICATE_PAYMENT',
}

registerEnumType(PaymentErrorCode, {
  name: 'PaymentErrorCode',
  description: 'What went wrong, for programs.',
  valuesConfig: {
    INVALID_INPUT: { description: 'The input breaks rules; nothing was sent. Correct it.' },
    IDEMPOTENCY_KEY_REUSED: {
      description:
        'The key came with another input before, or to the other mutation; nothing was done. A new intention needs a new key.',
    },
    IN_PROGRESS: { description: 'An earlier call with this key is still under way. Repeat the same call.' },
    PROVIDER_REJECTED: { description: 'Flinks refused the request. A person has to look at it.' },
    PROVIDER_UNAVAILABLE: { description: 'Flinks did not answer. Nothing was handed out or sent.' },
    PROVIDER_MISCONFIGURED: {
      description:
        "Flinks does not accept this gateway's settings. Nothing was handed out or sent; an operator has to act.",
    },
    OUTCOME_UNKNOWN: {
      description: 'Flinks may or may not have done it. Not a failure: follow the payment.',
    },
    NOT_FOUND: { description: 'There is no payment of yours with this id.' },
    NOT_CANCELLABLE: { description: 'The payment is over, its money is on the way, or Flinks cannot cancel it.' },
    STORE_UNAVAILABLE: {
      description: 'The store of this gateway does not answer. Nothing was handed out or sent; repeat the same call.',
    },
    RATE_LIMITED: {
      description:
        'You ask for too many payments, or one payer for too many or too much. Nothing was done and the key is free; repeat the same call later.',
    },
    DUPLICATE_PAYMENT: {
      description:
        'You asked the same payer for the same amount with the same reference a short time ago. Nothing was done and the key is free; a person has to decide.',
    },
  },
});

export enum RetryAdvice {
  NEVER = 'NEVER',
  SAME_KEY = 'SAME_KEY',
  NEW_KEY = 'NEW_KEY',
}

registerEnumType(RetryAdvice, {
  name: 'RetryAdvice',
  description: 'Whether the call may be made again. Software repeats SAME_KEY only.',
  valuesConfig: {
    NEVER: { description: 'Do not repeat this call.' },
    SAME_KEY: {
      description:
        'Repeat the same call, with the same idempotencyKey where it takes one, after retryAfterMs where there is one.',
    },
    NEW_KEY: { description: 'Only after a person has looked at it and decided anew, with a new idempotencyKey.' },
  },
});

const RETRY_AFTER = 'Milliseconds to wait before the call is repeated.';

@InterfaceType({
  description:
    'A failure as data. All failures implement it, so that one fragment handles those a client does not know yet.',
})
export abstract class PaymentError {
  @Field(() => PaymentErrorCode, { description: 'What went wrong, for programs.' })
  code!: PaymentErrorCode;

  @Field(() => String, { description: 'What went wrong and what to do, for people.' })
  message!: string;

  @Field(() => RetryAdvice, { description: 'Whether the call may be made again.' })
  retry!: RetryAdvice;

  @Field(() => ID, {
    description: 'The id of the HTTP request, as in its x-request-id; quote it when you ask for help.',
  })
  requestId!: string;
}

@ObjectType({
  implements: PaymentError,
  description: 'The input breaks rules. Nothing was sent to Flinks. INVALID_INPUT, NEVER.',
})
export class InvalidInputError extends PaymentError {
  @Field(() => [InputIssue], { description: 'Every problem at once.' })
  issues!: InputIssue[];
}

@ObjectType({
  implements: PaymentError,
  description: 'Flinks looked at the request and refused it. PROVIDER_REJECTED, NEW_KEY.',
})
export class ProviderRejectedError extends PaymentError {}

@ObjectType({
  implements: PaymentError,
  description:
    'Flinks could not be made to do it, and nothing was handed out or sent. PROVIDER_UNAVAILABLE or PROVIDER_MISCONFIGURED, SAME_KEY.',
})
export class ProviderUnavailableError extends PaymentError {
  // Not null, although Flinks rarely tells: with another type than in PaymentInProgressError no query could ask for both.
  @Field(() => Int, { description: RETRY_AFTER })
  retryAfterMs!: number;
}

@ObjectType({
  implements: PaymentError,
  description:
    'The idempotencyKey was used for another input, or with the other mutation: one key is one intention. Nothing was done. IDEMPOTENCY_KEY_REUSED, NEW_KEY.',
})
export class IdempotencyKeyReusedError extends PaymentError {
  @Field(() => ID, {
    description:
      'The id of the payment that the key stands for. It may be under way, or may never have been made at Flinks. Look at it before you make another one.',
  })
  paymentSessionId!: string;
}

@ObjectType({
  implements: PaymentError,
  description:
    'An earlier call with this idempotencyKey is still under way, and this one could not wait for it any longer. IN_PROGRESS, SAME_KEY.',
})
export class PaymentInProgressError extends PaymentError {
  @Field(() => Int, { description: RETRY_AFTER })
  retryAfterMs!: number;
}

@ObjectType({
  implements: PaymentError,
  description:
    'The store of this gateway does not answer, and without it nothing is handed out or sent. STORE_UNAVAILABLE, SAME_KEY.',
})
export class StoreUnavailableError extends PaymentError {}

@ObjectType({
  implements: PaymentError,
  description:
    'The answer of Flinks was lost. Of a send: the payer may have the e-mail or may not, and it is never sent again by this gateway. Of a cancellation: the payment may be cancelled or not. Not a failure: follow the payment by its id. OUTCOME_UNKNOWN, NEVER.',
})
export class OutcomeUnknownError extends PaymentError {
  @Field(() => PaymentSession, {
    description: 'The payment; after a send of status UNKNOWN until news of it arrives.',
  })
  paymentSession!: PaymentSession;
}

@ObjectType({ implements: PaymentError, description: 'There is no payment of yours with this id. NOT_FOUND, NEVER.' })
export class NotFoundError extends PaymentError {}

@ObjectType({
  implements: PaymentError,
  description:
    'The payment cannot be cancelled: it is over, its money is on the way, or Flinks does not cancel it. NOT_CANCELLABLE, NEVER.',
})
export class NotCancellableError extends PaymentError {
  @Field(() => PaymentStatusEnum, { description: 'The status that was met.' })
  status!: PaymentStatus;

  @Field(() => PaymentSession, { description: 'The payment as it is now.' })
  paymentSession!: PaymentSession;
}

@ObjectType({
  implements: PaymentError,
  description:
    'You ask for too many payments, or one payer for too many or too much by e-mail. Nothing was done, and the idempotencyKey is free. A repeat of a call that made a payment is never limited. RATE_LIMITED, SAME_KEY.',
})
export class RateLimitedError extends PaymentError {
  @Field(() => Int, { description: RETRY_AFTER })
  retryAfterMs!: number;
}

@ObjectType({
  implements: PaymentError,
  description:
    'With another idempotencyKey you asked the same payer for the same amount with the same referenceId a short time ago. Nothing was done, and the idempotencyKey is free. If a person wants both payments, call again with allowDuplicate: true. DUPLICATE_PAYMENT, NEW_KEY.',
})
export class DuplicatePaymentError extends PaymentError {
  @Field(() => PaymentSession, { description: 'The earlier payment.' })
  paymentSession!: PaymentSession;
}
