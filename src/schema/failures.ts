import type { CertainOutcome, Outcome } from '../domain/outcome.js';
import type { InputIssue } from './input-issue.type.js';
import {
  InvalidInputError,
  OutcomeUnknownError,
  PaymentErrorCode,
  ProviderRejectedError,
  ProviderUnavailableError,
  RetryAdvice,
} from './payment-error.type.js';

type Failed<O> = Exclude<O, { kind: 'done' }>;

/** The input's problems as a union member. */
export function invalidInput(issues: InputIssue[], requestId: string): InvalidInputError {
  return Object.assign(new InvalidInputError(), {
    code: PaymentErrorCode.INVALID_INPUT,
    message: 'Correct the fields named in issues. Nothing was sent.',
    retry: RetryAdvice.NEVER,
    requestId,
    issues,
  });
}

/** A failed creation as the union member that tells callers what to do. */
export function creationFailure(outcome: Failed<CertainOutcome<never>>, requestId: string) {
  switch (outcome.kind) {
    case 'refused':
      return Object.assign(new ProviderRejectedError(), {
        code: PaymentErrorCode.PROVIDER_REJECTED,
        message: 'Flinks refused this payment. Check name, e-mail and amount with the payer before you ask again.',
        retry: RetryAdvice.NEW_KEY,
        requestId,
      });
    case 'unavailable':
      return Object.assign(new ProviderUnavailableError(), {
        code: PaymentErrorCode.PROVIDER_UNAVAILABLE,
        message: 'Flinks did not answer as it should. Nothing was handed out or sent; repeat the same call later.',
        retry: RetryAdvice.SAME_KEY,
        requestId,
        retryAfterMs: outcome.retryAfterMs ?? null,
      });
    case 'misconfigured':
      return Object.assign(new ProviderUnavailableError(), {
        code: PaymentErrorCode.PROVIDER_MISCONFIGURED,
        message:
          "Flinks does not accept this gateway's settings. Nothing was handed out or sent; tell its operators, then repeat the same call.",
        retry: RetryAdvice.SAME_KEY,
        requestId,
        retryAfterMs: null,
      });
  }
}

/** A failed send as the union member that tells callers what to do. */
export function sendFailure(outcome: Failed<Outcome<never>>, requestId: string) {
  if (outcome.kind !== 'unknown') return creationFailure(outcome, requestId);
  return Object.assign(new OutcomeUnknownError(), {
    code: PaymentErrorCode.OUTCOME_UNKNOWN,
    message: 'The payer may have the e-mail already. Do not send another one; ask the payer or Flinks first.',
    retry: RetryAdvice.NEVER,
    requestId,
  });
}
