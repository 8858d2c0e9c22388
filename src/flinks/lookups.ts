import { Deadline } from '../lib/deadline.js';
import { isUnreadable } from '../domain/payment.js';
import type { PaymentSession } from '../domain/payment.js';
import type { FlinksClient, ReportedStatus } from './client.js';
import type { ApiVariant } from './api-variant.js';
import { notExecuted } from './call-result.js';
import type { CallResult } from './call-result.js';

/** Lookups under way at once, of all that want one: they leave room for the calls of mutations. */
export const MAX_LOOKUPS_IN_FLIGHT = 8;

type Named = Pick<PaymentSession, 'paymentRequestId' | 'sessionId' | 'unreadable'>;

/** Asks Flinks how payments stand, by payment request or, where the profile says so, by session. */
export class Lookups {
  constructor(
    private readonly client: Pick<FlinksClient, 'lookupPayment' | 'lookupSession'>,
    private readonly bySession: ApiVariant['sessionLookup'],
    /** Of one lookup. */
    private readonly timeoutMs: number,
  ) {}

  canLookup({ paymentRequestId, sessionId }: Named): boolean {
    return paymentRequestId !== undefined || (this.bySession !== 'none' && sessionId !== undefined);
  }

  /** Undefined when there is nothing to ask by. */
  lookup(payment: Named): Promise<CallResult<ReportedStatus>> | undefined {
    const { paymentRequestId, sessionId } = payment;
    if (!this.canLookup(payment)) return this.#unreadable(payment);
    const deadline = Deadline.after(this.timeoutMs);
    if (paymentRequestId !== undefined) return this.client.lookupPayment(paymentRequestId, deadline);
    return sessionId === undefined ? undefined : this.client.lookupSession(sessionId, deadline);
  }

  /** There is something to ask by, which this replica cannot read: the payment is looked up again later. */
  #unreadable(payment: Named): Promise<CallResult<ReportedStatus>> | undefined {
    return this.bySession !== 'none' && isUnreadable(payment, 'sessionId')
      ? Promise.resolve(notExecuted('unreadable'))
      : undefined;
  }
}
