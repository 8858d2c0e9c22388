import type { CancelAnswer } from '../domain/cancel-answer.js';
import { REPAIR_AFTER_MS, RETRY_AFTER_MS } from './failures.js';
import { intOf } from './int.js';
import {
  NotCancellableError,
  NotFoundError,
  OutcomeUnknownError,
  PaymentErrorCode,
  ProviderUnavailableError,
  RetryAdvice,
  StoreUnavailableError,
} from './payment-error.type.js';
import { PaymentSession } from './payment-session.type.js';

/** What a cancellation failed with, as the union member that tells callers what to do. */
export function cancellationFailure(answer: Exclude<CancelAnswer, { kind: 'cancelled' }>, requestId: string) {
  switch (answer.kind) {
    case 'not-found':
      return Object.assign(new NotFoundError(), {
        code: PaymentErrorCode.NOT_FOUND,
        message: 'There is no payment of yours with this id. Send the id of a PaymentSession.',
        retry: RetryAdvice.NEVER,
        requestId,
      });
    case 'not-cancellable':
      return Object.assign(new NotCancellableError(), {
        code: PaymentErrorCode.NOT_CANCELLABLE,
        message:
          'This payment cannot be cancelled as it stands. If money has moved, pay it back in a way of your own; if it is still open, it ends when it expires.',
        retry: RetryAdvice.NEVER,
        requestId,
        status: answer.payment.status,
        paymentSession: PaymentSession.of(answer.payment),
      });
    case 'unknown':
      return Object.assign(new OutcomeUnknownError(), {
        code: PaymentErrorCode.OUTCOME_UNKNOWN,
        message: 'The payment may be cancelled or not. Follow paymentSession by its id: its status will tell.',
        retry: RetryAdvice.NEVER,
        requestId,
        paymentSession: PaymentSession.of(answer.payment),
      });
    case 'unavailable':
      return Object.assign(new ProviderUnavailableError(), {
        code: PaymentErrorCode.PROVIDER_UNAVAILABLE,
        message: 'Flinks did not answer as it should, and nothing was cancelled. Repeat the same call later.',
        retry: RetryAdvice.SAME_KEY,
        requestId,
        retryAfterMs: intOf(answer.retryAfterMs ?? RETRY_AFTER_MS),
      });
    case 'misconfigured':
      return Object.assign(new ProviderUnavailableError(), {
        code: PaymentErrorCode.PROVIDER_MISCONFIGURED,
        message: "Flinks does not accept this gateway's settings, and nothing was cancelled. Tell its operators.",
        retry: RetryAdvice.SAME_KEY,
        requestId,
        retryAfterMs: REPAIR_AFTER_MS,
      });
    case 'store-unavailable':
      return Object.assign(new StoreUnavailableError(), {
        code: PaymentErrorCode.STORE_UNAVAILABLE,
        message: 'The store of this gateway does not answer. Repeat the same call later: to cancel twice does no harm.',
        retry: RetryAdvice.SAME_KEY,
        requestId,
      });
  }
}
