import type { CancelPaymentResult } from '../../domain/payment-results.js';
import { REPAIR_AFTER_MS, RETRY_AFTER_MS } from './payment-error-mapper.js';
import { intOf } from '../scalars/id.scalar.js';
import {
  PaymentNotCancellableError,
  PaymentNotFoundError,
  PaymentOutcomeUnknownError,
  PaymentErrorCode,
  PaymentProviderUnavailableError,
  PaymentRetryAdvice,
  PaymentServiceUnavailableError,
} from './payment-error.type.js';
import { PaymentSession } from './payment-session.type.js';
import { instance } from '../typegraphql.js';

/** The error for a failed cancellation. */
export function cancellationFailure(result: Exclude<CancelPaymentResult, { kind: 'cancelled' }>, requestId: string) {
  switch (result.kind) {
    case 'not-found':
      return instance(PaymentNotFoundError, {
        code: PaymentErrorCode.NOT_FOUND,
        message: 'You have no payment with this id. Use the id of a PaymentSession.',
        retryAdvice: PaymentRetryAdvice.NEVER,
        requestId,
      });
    case 'not-cancellable':
      return instance(PaymentNotCancellableError, {
        code: PaymentErrorCode.NOT_CANCELLABLE,
        message:
          'This payment cannot be cancelled. If money has already moved, issue a refund outside this gateway; if the payment is still open, it ends when it expires.',
        retryAdvice: PaymentRetryAdvice.NEVER,
        requestId,
        status: result.payment.status,
        paymentSession: PaymentSession.of(result.payment),
      });
    case 'unknown':
      return instance(PaymentOutcomeUnknownError, {
        code: PaymentErrorCode.OUTCOME_UNKNOWN,
        message: 'The payment may or may not be cancelled. Follow paymentSession by its id: its status will show it.',
        retryAdvice: PaymentRetryAdvice.NEVER,
        requestId,
        paymentSession: PaymentSession.of(result.payment),
      });
    case 'unavailable':
      return instance(PaymentProviderUnavailableError, {
        code: PaymentErrorCode.PROVIDER_UNAVAILABLE,
        message: 'Flinks is not available, and nothing was cancelled. Repeat the same call after retryAfterMs.',
        retryAdvice: PaymentRetryAdvice.SAME_KEY,
        requestId,
        retryAfterMs: intOf(result.retryAfterMs ?? RETRY_AFTER_MS),
      });
    case 'misconfigured':
      return instance(PaymentProviderUnavailableError, {
        code: PaymentErrorCode.PROVIDER_MISCONFIGURED,
        message:
          "Flinks rejects this gateway's credentials or settings, and nothing was cancelled. Inform the operators of the gateway, then repeat the same call.",
        retryAdvice: PaymentRetryAdvice.SAME_KEY,
        requestId,
        retryAfterMs: REPAIR_AFTER_MS,
      });
    case 'store-unavailable':
      return instance(PaymentServiceUnavailableError, {
        code: PaymentErrorCode.SERVICE_UNAVAILABLE,
        message: 'The gateway cannot reach its database. Repeat the same call later: cancelling twice does no harm.',
        retryAdvice: PaymentRetryAdvice.SAME_KEY,
        requestId,
      });
  }
}
