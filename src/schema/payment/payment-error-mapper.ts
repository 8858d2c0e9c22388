import type { CancelPaymentResult, CreateLinkResult, StartPaymentResult } from '../../domain/payment-results.js';
import type { ProviderUnavailable } from '../../domain/provider-result.js';
import { intOf } from '../scalars/scalars.js';
import { instance } from '../typegraphql.js';
import type { PaymentInputIssue } from '../validation/payment-input-issue.type.js';
import * as errors from './payment-error.type.js';
import { PaymentSession } from './payment-session.type.js';

/** Suggested wait before a retry, when Flinks does not name one. */
const RETRY_AFTER_MS = 1_000;
/** Suggested wait before a retry, when an operator has to act first. */
const REPAIR_AFTER_MS = 60_000;

/** The error for invalid input. */
export function invalidInput(issues: PaymentInputIssue[], requestId: string): errors.InvalidPaymentInputError {
  return instance(errors.InvalidPaymentInputError, {
    ...common('INVALID_INPUT', 'NEVER', requestId),
    message: 'The input is invalid. Nothing was sent to Flinks. Correct the fields that issues lists.',
    issues,
  });
}

/** The error for a failed creation. */
export function creationFailure(result: Exclude<CreateLinkResult, { kind: 'succeeded' }>, requestId: string) {
  switch (result.kind) {
    case 'key-reused':
      return instance(errors.IdempotencyKeyReusedError, {
        ...common('IDEMPOTENCY_KEY_REUSED', 'REVIEW_THEN_NEW_KEY', requestId),
        message:
          'This idempotencyKey already belongs to the payment in paymentSessionId: it was sent with different input or to the other mutation. Nothing was done. Look at that payment first; if the user wants this one as well, send it with a key of its own.',
        paymentSessionId: result.payment.id,
      });
    case 'in-progress':
      return instance(errors.IdempotencyKeyInUseError, {
        ...common('IDEMPOTENCY_KEY_IN_USE', 'SAME_KEY', requestId),
        message: 'Another call with this idempotencyKey is still in progress. Repeat the same call after retryAfterMs.',
        retryAfterMs: intOf(result.retryAfterMs),
      });
    case 'rejected':
      return instance(errors.PaymentRejectedError, {
        ...common('PROVIDER_REJECTED', 'REVIEW_THEN_NEW_KEY', requestId),
        message:
          'Flinks rejected this payment. Check name, e-mail address and amount with the payer before you create another one.',
      });
    case 'rate-limited':
      return instance(errors.PaymentRateLimitedError, {
        ...common('RATE_LIMITED', 'SAME_KEY', requestId),
        message:
          'Too many payments by you, or too many e-mails or too high a total for this payer. Nothing was done; repeat the same call after retryAfterMs.',
        retryAfterMs: intOf(result.retryAfterMs),
      });
    case 'duplicate':
      return instance(errors.DuplicatePaymentError, {
        ...common('DUPLICATE_PAYMENT', 'REVIEW_THEN_NEW_KEY', requestId),
        message:
          'A short time ago you created a payment with the same payer, amount and referenceId: see paymentSession. Nothing was done. If a person wants this payment as well, call again with allowDuplicate: true.',
        paymentSession: PaymentSession.of(result.payment),
      });
    default:
      return unavailable(result, requestId, {
        unavailable: 'Flinks is not available. No payment was started; repeat the same call after retryAfterMs.',
        misconfigured:
          "Flinks rejects this gateway's credentials or settings. No payment was started. Inform the operators of the gateway, then repeat the same call.",
        'store-unavailable':
          'The gateway cannot reach its database. This call returned no payment page and sent no e-mail; repeat the same call later.',
      });
  }
}

/** The error for a failed send. */
export function sendFailure(result: Exclude<StartPaymentResult, { kind: 'succeeded' }>, requestId: string) {
  if (result.kind !== 'unknown') return creationFailure(result, requestId);
  return instance(errors.PaymentOutcomeUnknownError, {
    ...common('OUTCOME_UNKNOWN', 'NEVER', requestId),
    message:
      'The payer may already have the e-mail. Do not send another one: follow paymentSession by its id, or ask the payer or Flinks.',
    paymentSession: PaymentSession.of(result.payment),
  });
}

/** The error for a failed cancellation. */
export function cancellationFailure(result: Exclude<CancelPaymentResult, { kind: 'cancelled' }>, requestId: string) {
  switch (result.kind) {
    case 'not-found':
      return instance(errors.PaymentNotFoundError, {
        ...common('NOT_FOUND', 'NEVER', requestId),
        message: 'You have no payment with this id. Use the id of a PaymentSession.',
      });
    case 'not-cancellable':
      return instance(errors.PaymentNotCancellableError, {
        ...common('NOT_CANCELLABLE', 'NEVER', requestId),
        message:
          'This payment cannot be cancelled. If money has already moved, issue a refund outside this gateway; if the payment is still open, it ends when it expires.',
        status: result.payment.status,
        paymentSession: PaymentSession.of(result.payment),
      });
    case 'unknown':
      return instance(errors.PaymentOutcomeUnknownError, {
        ...common('OUTCOME_UNKNOWN', 'NEVER', requestId),
        message: 'The payment may or may not be cancelled. Follow paymentSession by its id: its status will show it.',
        paymentSession: PaymentSession.of(result.payment),
      });
    default:
      return unavailable(result, requestId, {
        unavailable: 'Flinks is not available, and nothing was cancelled. Repeat the same call after retryAfterMs.',
        misconfigured:
          "Flinks rejects this gateway's credentials or settings, and nothing was cancelled. Inform the operators of the gateway, then repeat the same call.",
        'store-unavailable':
          'The gateway cannot reach its database. Repeat the same call later: cancelling twice does no harm.',
      });
  }
}

/** The fields of every error but the message. */
function common(code: errors.PaymentError['code'], retryAdvice: errors.PaymentError['retryAdvice'], requestId: string) {
  return { code, retryAdvice, requestId };
}

type Unavailable = ProviderUnavailable | { readonly kind: 'store-unavailable' };

/** The error while Flinks or the database cannot be used. */
function unavailable(result: Unavailable, requestId: string, messages: Readonly<Record<Unavailable['kind'], string>>) {
  const message = messages[result.kind];
  switch (result.kind) {
    case 'unavailable':
      return instance(errors.PaymentProviderUnavailableError, {
        ...common('PROVIDER_UNAVAILABLE', 'SAME_KEY', requestId),
        message,
        retryAfterMs: intOf(result.retryAfterMs ?? RETRY_AFTER_MS),
      });
    case 'misconfigured':
      return instance(errors.PaymentProviderUnavailableError, {
        ...common('PROVIDER_MISCONFIGURED', 'SAME_KEY', requestId),
        message,
        retryAfterMs: REPAIR_AFTER_MS,
      });
    case 'store-unavailable':
      return instance(errors.PaymentServiceUnavailableError, {
        ...common('SERVICE_UNAVAILABLE', 'SAME_KEY', requestId),
        message,
      });
  }
}
