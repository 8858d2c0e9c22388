import type { CreateLinkResult, StartPaymentResult } from '../../domain/payment-results.js';
import type { PaymentInputIssue } from '../validation/payment-input-issue.type.js';
import { intOf } from '../scalars/id.scalar.js';
import {
  DuplicatePaymentError,
  IdempotencyKeyReusedError,
  InvalidPaymentInputError,
  PaymentOutcomeUnknownError,
  PaymentErrorCode,
  IdempotencyKeyInUseError,
  PaymentRejectedError,
  PaymentProviderUnavailableError,
  PaymentRateLimitedError,
  PaymentRetryAdvice,
  PaymentServiceUnavailableError,
} from './payment-error.type.js';
import { PaymentSession } from './payment-session.type.js';
import { instance } from '../typegraphql.js';

/** Suggested wait before a retry, when Flinks does not name one. */
const RETRY_AFTER_MS = 1_000;
/** Suggested wait before a retry, when an operator has to act first. */
const REPAIR_AFTER_MS = 60_000;

/** The error for invalid input. */
export function invalidInput(issues: PaymentInputIssue[], requestId: string): InvalidPaymentInputError {
  return instance(InvalidPaymentInputError, {
    code: PaymentErrorCode.INVALID_INPUT,
    message: 'The input is invalid. Nothing was sent to Flinks. Correct the fields that issues lists.',
    retryAdvice: PaymentRetryAdvice.NEVER,
    requestId,
    issues,
  });
}

/** The error while Flinks is not available. */
export function providerUnavailable(message: string, retryAfterMs: number | undefined, requestId: string) {
  return instance(PaymentProviderUnavailableError, {
    code: PaymentErrorCode.PROVIDER_UNAVAILABLE,
    message,
    retryAdvice: PaymentRetryAdvice.SAME_KEY,
    requestId,
    retryAfterMs: intOf(retryAfterMs ?? RETRY_AFTER_MS),
  });
}

/** The error while Flinks rejects the gateway's own credentials or settings. */
export function providerMisconfigured(message: string, requestId: string) {
  return instance(PaymentProviderUnavailableError, {
    code: PaymentErrorCode.PROVIDER_MISCONFIGURED,
    message,
    retryAdvice: PaymentRetryAdvice.SAME_KEY,
    requestId,
    retryAfterMs: REPAIR_AFTER_MS,
  });
}

/** The error while the gateway cannot reach its database. */
export function serviceUnavailable(message: string, requestId: string) {
  return instance(PaymentServiceUnavailableError, {
    code: PaymentErrorCode.SERVICE_UNAVAILABLE,
    message,
    retryAdvice: PaymentRetryAdvice.SAME_KEY,
    requestId,
  });
}

/** The error for a failed creation. */
export function creationFailure(result: Exclude<CreateLinkResult, { kind: 'succeeded' }>, requestId: string) {
  switch (result.kind) {
    case 'key-reused':
      return instance(IdempotencyKeyReusedError, {
        code: PaymentErrorCode.IDEMPOTENCY_KEY_REUSED,
        message:
          'This idempotencyKey already belongs to the payment in paymentSessionId: it was sent with different input or to the other mutation. Nothing was done. Look at that payment first; if the user wants this one as well, send it with a key of its own.',
        retryAdvice: PaymentRetryAdvice.REVIEW_THEN_NEW_KEY,
        requestId,
        paymentSessionId: result.payment.id,
      });
    case 'in-progress':
      return instance(IdempotencyKeyInUseError, {
        code: PaymentErrorCode.IDEMPOTENCY_KEY_IN_USE,
        message: 'Another call with this idempotencyKey is still in progress. Repeat the same call after retryAfterMs.',
        retryAdvice: PaymentRetryAdvice.SAME_KEY,
        requestId,
        retryAfterMs: intOf(result.retryAfterMs),
      });
    case 'store-unavailable':
      return serviceUnavailable(
        'The gateway cannot reach its database, so this call did nothing. Repeat the same call later.',
        requestId,
      );
    case 'rejected':
      return instance(PaymentRejectedError, {
        code: PaymentErrorCode.PROVIDER_REJECTED,
        message:
          'Flinks rejected this payment. Check name, e-mail address and amount with the payer before you create another one.',
        retryAdvice: PaymentRetryAdvice.REVIEW_THEN_NEW_KEY,
        requestId,
      });
    case 'unavailable':
      return providerUnavailable(
        'Flinks is not available. No payment was started; repeat the same call after retryAfterMs.',
        result.retryAfterMs,
        requestId,
      );
    case 'misconfigured':
      return providerMisconfigured(
        "Flinks rejects this gateway's credentials or settings. No payment was started. Inform the operators of the gateway, then repeat the same call.",
        requestId,
      );
    case 'rate-limited':
      return instance(PaymentRateLimitedError, {
        code: PaymentErrorCode.RATE_LIMITED,
        message:
          'Too many payments by you, or too many e-mails or too high a total for this payer. Nothing was done; repeat the same call after retryAfterMs.',
        retryAdvice: PaymentRetryAdvice.SAME_KEY,
        requestId,
        retryAfterMs: intOf(result.retryAfterMs),
      });
    case 'duplicate':
      return instance(DuplicatePaymentError, {
        code: PaymentErrorCode.DUPLICATE_PAYMENT,
        message:
          'A short time ago you created a payment of the same payer, amount and referenceId: see paymentSession. Nothing was done. If a person wants this payment as well, call again with allowDuplicate: true.',
        retryAdvice: PaymentRetryAdvice.REVIEW_THEN_NEW_KEY,
        requestId,
        paymentSession: PaymentSession.of(result.payment),
      });
  }
}

/** The error for a failed send. */
export function sendFailure(result: Exclude<StartPaymentResult, { kind: 'succeeded' }>, requestId: string) {
  if (result.kind !== 'unknown') return creationFailure(result, requestId);
  return instance(PaymentOutcomeUnknownError, {
    code: PaymentErrorCode.OUTCOME_UNKNOWN,
    message:
      'The payer may already have the e-mail. Do not send another one: follow paymentSession by its id, or ask the payer or Flinks.',
    retryAdvice: PaymentRetryAdvice.NEVER,
    requestId,
    paymentSession: PaymentSession.of(result.payment),
  });
}
