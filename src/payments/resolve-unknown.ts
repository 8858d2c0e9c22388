import type { PaymentSessionStatus } from '../domain/payment-status.js';
import type { NewsStore } from '../store/store.js';
import type { ApplyNews } from './apply-news.js';

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
    private readonly store: Pick<NewsStore, 'find'>,
    private readonly news: Pick<ApplyNews, 'to'>,
  ) {}

  /** Throws `StoreUnavailable`. */
  async run(paymentId: string, { status, reason, by }: Resolution): Promise<Resolved> {
    const [payment] = await this.store.find([paymentId]);
    if (payment === undefined) return { kind: 'not-found' };
    if (payment.status !== 'OUTCOME_UNKNOWN') return { kind: 'refused', status: payment.status };
    const told = await this.news.to(payment, {
      source: 'OPERATOR',
      status,
      details: reason,
      by,
      onlyIf: 'OUTCOME_UNKNOWN',
    });
    if (told?.effect === 'moved') return { kind: 'resolved' };
    return told === undefined ? { kind: 'not-found' } : { kind: 'refused', status: told.payment.status };
  }
}
