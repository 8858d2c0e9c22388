import { Deadline } from '../deadline.js';
import { isUnreadable } from '../domain/payment.js';
import type { PaymentSession } from '../domain/payment.js';
import type { FlinksClient, LookedUpStatus } from './client.js';
import type { UpstreamProfile } from './profile.js';
import { notExecuted } from './verdict.js';
import type { Verdict } from './verdict.js';

/** Look-ups under way at once, of all that want one: they leave room for the calls of mutations. */
export const MAX_LOOK_UPS_IN_FLIGHT = 8;

type Named = Pick<PaymentSession, 'paymentRequestId' | 'sessionId' | 'unreadable'>;

/** Asks Flinks how payments stand, by payment request or, where the profile says so, by session. */
export class LookUps {
  constructor(
    private readonly client: Pick<FlinksClient, 'lookUpPayment' | 'lookUpSession'>,
    private readonly bySession: UpstreamProfile['sessionLookUp'],
    /** Of one look-up. */
    private readonly timeoutMs: number,
  ) {}

  canLookUp({ paymentRequestId, sessionId }: Named): boolean {
    return paymentRequestId !== undefined || (this.bySession !== 'none' && sessionId !== undefined);
  }

  /** Undefined when there is nothing to ask by. */
  lookUp(payment: Named): Promise<Verdict<LookedUpStatus>> | undefined {
    const { paymentRequestId, sessionId } = payment;
    if (!this.canLookUp(payment)) return this.#unreadable(payment);
    const deadline = Deadline.after(this.timeoutMs);
    if (paymentRequestId !== undefined) return this.client.lookUpPayment(paymentRequestId, deadline);
    return sessionId === undefined ? undefined : this.client.lookUpSession(sessionId, deadline);
  }

  /** There is something to ask by, which this replica cannot read: the payment is looked up again later. */
  #unreadable(payment: Named): Promise<Verdict<LookedUpStatus>> | undefined {
    return this.bySession !== 'none' && isUnreadable(payment, 'sessionId')
      ? Promise.resolve(notExecuted('unreadable'))
      : undefined;
  }
}
