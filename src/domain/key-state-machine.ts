import { UNAVAILABLE } from './outcome.js';
import type { NotExecuted } from './outcome.js';
import type { PaymentSession } from './payment.js';
import type { Sensitive } from './sensitive.js';
import type { AttemptResult, KeyRecord, KeyState, ConcludedState } from './idempotency-key.js';

/** What a step makes of a key, and of its payment if that moves along. */
export interface KeyTransition {
  readonly to: ConcludedState;
  readonly releasedAs?: NotExecuted;
  readonly payment?: PaymentSession;
  /** Instead: ids that are told late, of a payment that news have moved already. */
  readonly identifiedPayment?: PaymentSession;
  readonly orphaned?: readonly (Sensitive<string> | undefined)[];
}

/**
 * How a result moves key and payment, by the state that it finds; the first that fits is taken. UNKNOWN was told to a caller,
 * so a late result that would have released the key makes the payment FAILED instead.
 */
export function transitionsFor(
  result: AttemptResult,
  before: PaymentSession,
): (KeyTransition & { readonly from: readonly KeyState[] })[] {
  const failed: PaymentSession = { ...before, status: 'FAILED' };
  const lateFailure = { from: ['UNKNOWN'], to: 'DONE', payment: failed } as const;
  switch (result.kind) {
    case 'started': {
      const { sessionId, paymentRequestId } = result;
      const started: PaymentSession = { ...before, status: 'INITIATED', sessionId, paymentRequestId };
      return [
        { from: ['CLAIMED', 'MARKED', 'UNKNOWN'], to: 'DONE', payment: started },
        { from: ['DONE'], to: 'DONE', identifiedPayment: started },
      ];
    }
    case 'refused':
      return [{ from: ['CLAIMED', 'MARKED'], to: 'REFUSED', payment: failed }, lateFailure];
    case 'released':
      return [{ from: ['CLAIMED', 'MARKED'], to: 'RELEASED', releasedAs: result.as }, lateFailure];
    case 'unknown':
      return [
        {
          from: ['MARKED'],
          to: 'UNKNOWN',
          payment: { ...before, status: 'OUTCOME_UNKNOWN', sessionId: result.sessionId },
        },
      ];
  }
}

/** How an attempt ends whose owner is gone. */
export function expiryTransition({ state, payment }: Pick<KeyRecord, 'state' | 'payment'>): KeyTransition {
  if (state === 'MARKED') return { to: 'UNKNOWN', payment: { ...payment, status: 'OUTCOME_UNKNOWN' } };
  // The owner may have activated a session that it handed to nobody, and did not live to tell its id.
  const left = payment.deliveryMethod === 'LINK' ? [undefined] : [];
  return { to: 'RELEASED', releasedAs: UNAVAILABLE, orphaned: left };
}
