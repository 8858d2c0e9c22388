import { isUnreadable } from '../domain/payment.js';
import type { PaymentSession } from '../domain/payment.js';
import { notExecuted } from '../domain/provider-result.js';
import type { ProviderResult } from '../domain/provider-result.js';
import { Deadline } from '../lib/deadline.js';
import type { ApiVariant } from './api-variant.js';
import type { FlinksClient } from './client.js';
import type { ReportedStatus } from './wire/reported-status.js';

/** Maximum number of concurrent lookups per replica, from all sources. Leaves capacity for the calls of mutations. */
export const MAX_LOOKUPS_IN_FLIGHT = 8;

type LookupKey = Pick<PaymentSession, 'paymentRequestId' | 'sessionId' | 'unreadable'>;

/** Looks up the status of payments at Flinks, by payment request or, if the API variant says so, by session. */
export class Lookups {
  constructor(
    private readonly client: Pick<FlinksClient, 'lookupPayment' | 'lookupSession'>,
    private readonly bySession: ApiVariant['sessionLookup'],
    /** Timeout of one lookup, in milliseconds. */
    private readonly timeoutMs: number,
  ) {}

  /** Whether the payment has an id by which it can be looked up. */
  canLookup({ paymentRequestId, sessionId }: LookupKey): boolean {
    return paymentRequestId !== undefined || (this.bySession !== 'none' && sessionId !== undefined);
  }

  /** Returns undefined if the payment has no id to look it up by. */
  lookup(payment: LookupKey): Promise<ProviderResult<ReportedStatus>> | undefined {
    const { paymentRequestId, sessionId } = payment;
    const deadline = Deadline.after(this.timeoutMs);
    if (paymentRequestId !== undefined) return this.client.lookupPayment(paymentRequestId, deadline);
    if (this.bySession === 'none') return undefined;
    if (sessionId !== undefined) return this.client.lookupSession(sessionId, deadline);
    // The session id exists but this replica cannot decrypt it, so the payment is looked up again later.
    return isUnreadable(payment, 'sessionId') ? Promise.resolve(notExecuted('unreadable')) : undefined;
  }
}
