import { isPaymentId } from '../../domain/ids.js';
import { STORE_UNAVAILABLE } from '../../domain/payment-results.js';
import type { CancelPaymentResult } from '../../domain/payment-results.js';
import { areFundsGuaranteed, isFinal } from '../../domain/payment-status.js';
import { isUnreadable, unreadableError } from '../../domain/payment.js';
import type { PaymentSession } from '../../domain/payment.js';
import { toProviderUnavailable } from '../../domain/provider-result.js';
import type { Sensitive } from '../../domain/sensitive.js';
import { orIfUnavailable } from '../../domain/store-unavailable.js';
import type { Cancellations } from '../../flinks/cancellations.js';
import { Deadline } from '../../lib/deadline.js';
import { InFlight } from '../../lib/in-flight.js';
import type { Logger } from '../../lib/logger.js';
import type { PaymentStore } from '../../store/contracts/payment-store.js';
import type { ApplyStatusUpdate } from './apply-status-update.js';
import type { StatusRefresh } from './status-refresh.js';

/**
 * Cancels payments for which no money has moved. The payment's state makes this idempotent, so no key is needed.
 * Expected failures are results, not errors: an unavailable store is the result `store-unavailable`.
 */
export class CancelPayment {
  readonly #inFlight = new InFlight();

  constructor(
    private readonly store: Pick<PaymentStore, 'findPayments'>,
    private readonly cancellations: Pick<Cancellations, 'areOffered' | 'cancel'>,
    private readonly statusUpdates: Pick<ApplyStatusUpdate, 'apply'>,
    private readonly statusRefresh: Pick<StatusRefresh, 'refresh'>,
    private readonly timeoutMs: number,
  ) {}

  /**
   * Cancels a client's payment. `cancelled`: the payment is cancelled, now or already before. `not-cancellable`: the
   * session cannot be cancelled any more, or not through Flinks's API. `unknown`: Flinks did not report whether it
   * cancelled the payment; a repeat is safe. `not-found`: the client has no payment with this id. Throws an error if
   * the session id cannot be decrypted.
   */
  cancel(clientId: string, id: string, log: Logger): Promise<CancelPaymentResult> {
    const cancelled = this.#cancelPayment(clientId, id, log);
    return this.#inFlight.add(orIfUnavailable(cancelled, STORE_UNAVAILABLE));
  }

  /** Resolves when no call is in progress. A call whose client disconnected runs to its outcome. */
  whenIdle(): Promise<void> {
    return this.#inFlight.whenIdle();
  }

  async #cancelPayment(clientId: string, id: string, log: Logger): Promise<CancelPaymentResult> {
    const [payment] = isPaymentId(id) ? await this.store.findPayments(clientId, [id]) : [];
    if (payment === undefined) return { kind: 'not-found' };
    const { sessionId, status } = payment;
    if (isFinal(status) || areFundsGuaranteed(status)) return toResult(payment);
    if (isUnreadable(payment, 'sessionId')) throw unreadableError(id, 'sessionId');
    if (!this.cancellations.areOffered || sessionId === undefined) return { kind: 'not-cancellable', payment };
    return this.#cancel(clientId, payment, sessionId, log);
  }

  async #cancel(
    clientId: string,
    payment: PaymentSession,
    sessionId: Sensitive<string>,
    log: Logger,
  ): Promise<CancelPaymentResult> {
    const result = await this.cancellations.cancel(sessionId, Deadline.after(this.timeoutMs), log);
    switch (result.kind) {
      case 'succeeded': {
        const update = await this.statusUpdates.apply(payment, { source: 'GATEWAY', actor: clientId, ...result.value });
        return toResult(update?.payment ?? payment);
      }
      case 'rejected': {
        // The payment is probably over already; the rejection does not say with which status.
        const { payment: now } = await this.statusRefresh.refresh(payment, 'POLL');
        return now.status === 'CANCELLED' ? toResult(now) : { kind: 'not-cancellable', payment: now };
      }
      case 'unknown':
        return toResult((await this.statusRefresh.refresh(payment, 'POLL')).payment);
      case 'not-executed':
      case 'misconfigured':
        return toProviderUnavailable(result);
    }
  }
}

/** The result of a cancellation that left the payment in this status. */
function toResult(payment: PaymentSession): CancelPaymentResult {
  const { status } = payment;
  if (status === 'CANCELLED') return { kind: 'cancelled', payment };
  return { kind: isFinal(status) || areFundsGuaranteed(status) ? 'not-cancellable' : 'unknown', payment };
}
