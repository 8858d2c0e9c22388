import type { PaymentSession } from '../domain/payment.js';
import type { PaymentHistory } from '../store/contracts/payment-store.js';

/** A payment as one of its events left it. */
export interface PaymentState extends PaymentSession {
  /** The number of that event, from 1; 0 before the first one. */
  readonly event: number;
}

/** Yields states one by one, on request. `return` ends it, also while a call of `next` is pending. */
export type PaymentStates = AsyncIterableIterator<PaymentState, void, void>;

/** The payment as the latest event left it. */
export function presentIn({ payment, events }: PaymentHistory): PaymentState {
  return { ...payment, event: events.findLast(({ applied }) => applied)?.number ?? 0 };
}

/** The payment as each event left it; later events may have changed it since. */
export function statesIn({ payment, events }: PaymentHistory): PaymentState[] {
  return events
    .filter(({ applied }) => applied)
    .map(({ number: event, status, message: statusDetails, recordedAt: updatedAt }) => {
      const changes = status === payment.status ? {} : { status, statusDetails, updatedAt };
      return { ...payment, ...changes, event };
    });
}
