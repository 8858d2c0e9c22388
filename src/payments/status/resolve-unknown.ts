import type { PaymentSessionStatus } from '../../domain/payment-status.js';
import type { StatusStore } from '../../store/contracts/status-store.js';
import type { ApplyStatusUpdate } from './apply-status-update.js';

/** What a person has found out. */
export interface Resolution {
  readonly status: PaymentSessionStatus;
  readonly reason: string;
  readonly by: string;
}

/** How it ended: `refused` tells the status that the payment has, which is not OUTCOME_UNKNOWN. */
export type Resolved =
  { readonly kind: 'resolved' | 'not-found' } | { readonly kind: 'refused'; readonly status: PaymentSessionStatus };

/** Lets a person settle what became of a payment that nothing else resolves. */
export class ResolveUnknown {
  constructor(
    private readonly store: Pick<StatusStore, 'find'>,
    private readonly statusUpdates: Pick<ApplyStatusUpdate, 'apply'>,
  ) {}

  /** Throws `StoreUnavailable`. */
  async run(paymentId: string, { status, reason, by }: Resolution): Promise<Resolved> {
    const [payment] = await this.store.find([paymentId]);
    if (payment === undefined) return { kind: 'not-found' };
    if (payment.status !== 'OUTCOME_UNKNOWN') return { kind: 'refused', status: payment.status };
    const result = await this.statusUpdates.apply(payment, {
      source: 'OPERATOR',
      status,
      details: reason,
      actor: by,
      onlyIf: 'OUTCOME_UNKNOWN',
    });
    if (result?.effect === 'applied') return { kind: 'resolved' };
    return result === undefined ? { kind: 'not-found' } : { kind: 'refused', status: result.payment.status };
  }
}
