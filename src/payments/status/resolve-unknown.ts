import type { PaymentSessionStatus } from '../../domain/payment-status.js';
import type { StatusStore } from '../../store/contracts/status-store.js';
import type { ApplyStatusUpdate } from './apply-status-update.js';

/** The outcome of a payment as determined by an operator. `by` is the operator's name. */
interface Resolution {
  readonly status: PaymentSessionStatus;
  readonly reason: string;
  readonly by: string;
}

/** The result of a resolution. rejected: the payment's status is not OUTCOME_UNKNOWN but `status`. */
type Resolved =
  { readonly kind: 'resolved' | 'not-found' } | { readonly kind: 'rejected'; readonly status: PaymentSessionStatus };

/** Lets an operator set the outcome of a payment that nothing else resolves. */
export class ResolveUnknown {
  constructor(
    private readonly store: Pick<StatusStore, 'find'>,
    private readonly statusUpdates: Pick<ApplyStatusUpdate, 'apply'>,
  ) {}

  /**
   * Gives a payment with status OUTCOME_UNKNOWN the status of the resolution, and records its reason and author in the
   * payment's history. Changes no payment with another status. Throws `StoreUnavailableError`.
   */
  async run(paymentId: string, { status, reason, by }: Resolution): Promise<Resolved> {
    const [payment] = await this.store.find([paymentId]);
    if (payment === undefined) return { kind: 'not-found' };
    if (payment.status !== 'OUTCOME_UNKNOWN') return { kind: 'rejected', status: payment.status };
    const result = await this.statusUpdates.apply(payment, {
      source: 'OPERATOR',
      status,
      details: reason,
      actor: by,
      onlyIf: 'OUTCOME_UNKNOWN',
    });
    if (result?.effect === 'applied') return { kind: 'resolved' };
    return result === undefined ? { kind: 'not-found' } : { kind: 'rejected', status: result.payment.status };
  }
}
