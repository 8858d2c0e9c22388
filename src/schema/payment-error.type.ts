import { Field, ID, Int, InterfaceType, ObjectType, registerEnumType } from 'type-graphql';
import { InputIssue } from './input-issue.type.js';

export enum PaymentErrorCode {
  INVALID_INPUT = 'INVALID_INPUT',
  PROVIDER_REJECTED = 'PROVIDER_REJECTED',
  PROVIDER_UNAVAILABLE = 'PROVIDER_UNAVAILABLE',
  PROVIDER_MISCONFIGURED = 'PROVIDER_MISCONFIGURED',
  OUTCOME_UNKNOWN = 'OUTCOME_UNKNOWN',
}

registerEnumType(PaymentErrorCode, {
  name: 'PaymentErrorCode',
  description: 'What went wrong, for programs.',
  valuesConfig: {
    INVALID_INPUT: { description: 'The input breaks rules; nothing was sent. Correct it.' },
    PROVIDER_REJECTED: { description: 'Flinks refused the request. A person has to look at it.' },
    PROVIDER_UNAVAILABLE: { description: 'Flinks did not answer. Nothing was handed out or sent.' },
    PROVIDER_MISCONFIGURED: {
      description:
        "Flinks does not accept this gateway's settings. Nothing was handed out or sent; an operator has to act.",
    },
    OUTCOME_UNKNOWN: { description: 'Flinks may or may not have written to the payer. Not a failure.' },
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
      description: 'Nothing was executed: the same call may be repeated as it is, after retryAfterMs where given.',
    },
    NEW_KEY: { description: 'Only after a person has looked at it and decided anew.' },
  },
});

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
  @Field(() => Int, { nullable: true, description: 'Milliseconds to wait before the call is repeated, where known.' })
  retryAfterMs!: number | null;
}

@ObjectType({
  implements: PaymentError,
  description:
    'The answer of Flinks was lost: the payer may have the e-mail or may not. Not a failure, and never sent again by this gateway. OUTCOME_UNKNOWN, NEVER.',
})
export class OutcomeUnknownError extends PaymentError {}
