import type { LinkAnswer, PaymentAnswer } from '../domain/payment-answer.js';
import type { InputIssue } from './input-issue.type.js';
import { intOf } from './int.js';
import {
  DuplicatePaymentError,
  IdempotencyKeyReusedError,
  InvalidInputError,
  OutcomeUnknownError,
  PaymentErrorCode,
  PaymentInProgressError,
  ProviderRejectedError,
  ProviderUnavailableError,
  RateLimitedError,
  RetryAdvice,
  StoreUnavailableError,
} from './payment-error.type.js';
import { PaymentSession } from './payment-session.type.js';

/** What to wait when Flinks does not say, and when somebody has to repair something first. */
export const RETRY_AFTER_MS = 1_000;
export const REPAIR_AFTER_MS = 60_000;

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

/** What a creation failed with, as the union member that tells callers what to do. */
export function creationFailure(answer: Exclude<LinkAnswer, { kind: 'done' }>, requestId: string) {
  switch (answer.kind) {
    case 'key-reused':
      return Object.assign(new IdempotencyKeyReusedError(), {
        code: PaymentErrorCode.IDEMPOTENCY_KEY_REUSED,
        message:
          'This idempotencyKey already stands for the payment in paymentSessionId: it came with another input, or to the other mutation. Nothing was done. Look at that payment first; if the user wants this one as well, give it a key of its own.',
        retry: RetryAdvice.NEW_KEY,
        requestId,
        paymentSessionId: answer.payment.id,
      });
    case 'in-progress':
      return Object.assign(new PaymentInProgressError(), {
        code: PaymentErrorCode.IN_PROGRESS,
        message: 'An earlier call with this idempotencyKey is still under way. Repeat the same call.',
        retry: RetryAdvice.SAME_KEY,
        requestId,
        retryAfterMs: intOf(answer.retryAfterMs),
      });
    case 'store-unavailable':
      return Object.assign(new StoreUnavailableError(), {
        code: PaymentErrorCode.STORE_UNAVAILABLE,
        message: 'The store of this gateway does not answer, and without it this call did nothing. Repeat it later.',
        retry: RetryAdvice.SAME_KEY,
        requestId,
      });
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
        retryAfterMs: intOf(answer.retryAfterMs ?? RETRY_AFTER_MS),
      });
    case 'misconfigured':
      return Object.assign(new ProviderUnavailableError(), {
        code: PaymentErrorCode.PROVIDER_MISCONFIGURED,
        message:
          "Flinks does not accept this gateway's settings. Nothing was handed out or sent; tell its operators, then repeat the same call.",
        retry: RetryAdvice.SAME_KEY,
        requestId,
        retryAfterMs: REPAIR_AFTER_MS,
      });
    case 'rate-limited':
      return Object.assign(new RateLimitedError(), {
        code: PaymentErrorCode.RATE_LIMITED,
        message:
          'Too many payments, or too many e-mails or too much for this payer. Nothing was done; repeat the same call after retryAfterMs.',
        retry: RetryAdvice.SAME_KEY,
        requestId,
        retryAfterMs: intOf(answer.retryAfterMs),
      });
    case 'duplicate':
      return Object.assign(new DuplicatePaymentError(), {
        code: PaymentErrorCode.DUPLICATE_PAYMENT,
        message:
          'The same payer was asked for the same amount with the same referenceId a short time ago: see paymentSession. Nothing was done. If a person wants this payment as well, call again with allowDuplicate: true.',
        retry: RetryAdvice.NEW_KEY,
        requestId,
        paymentSession: PaymentSession.of(answer.payment),
      });
  }
}

/** What a send failed with, as the union member that tells callers what to do. */
export function sendFailure(answer: Exclude<PaymentAnswer, { kind: 'done' }>, requestId: string) {
  if (answer.kind !== 'unknown') return creationFailure(answer, requestId);
  return Object.assign(new OutcomeUnknownError(), {
    code: PaymentErrorCode.OUTCOME_UNKNOWN,
    message:
      'The payer may have the e-mail already. Do not send another one: follow paymentSession by its id, and ask the payer or Flinks.',
    retry: RetryAdvice.NEVER,
    requestId,
    paymentSession: PaymentSession.of(answer.payment),
  });
}
