import type { CancelPaymentResult } from '../../domain/payment-results.js';
import { providerMisconfigured, providerUnavailable, serviceUnavailable } from './payment-error-mapper.js';
import {
  PaymentNotCancellableError,
  PaymentNotFoundError,
  PaymentOutcomeUnknownError,
  PaymentErrorCode,
  PaymentRetryAdvice,
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
      return providerUnavailable(
        'Flinks is not available, and nothing was cancelled. Repeat the same call after retryAfterMs.',
        result.retryAfterMs,
        requestId,
      );
    case 'misconfigured':
      return providerMisconfigured(
        "Flinks rejects this gateway's credentials or settings, and nothing was cancelled. Inform the operators of the gateway, then repeat the same call.",
        requestId,
      );
    case 'store-unavailable':
      return serviceUnavailable(
        'The gateway cannot reach its database. Repeat the same call later: cancelling twice does no harm.',
        requestId,
      );
  }
}
