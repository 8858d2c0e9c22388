import { UNAVAILABLE } from './provider-result.js';
import type { ProviderUnavailable } from './provider-result.js';
import type { PaymentSession } from './payment.js';
import type { Sensitive } from './sensitive.js';
import type { AttemptResult, KeyRecord, KeyState, ConcludedState } from './idempotency-key.js';

/** The new state of a key, and of its payment if that changes with it. */
export interface KeyTransition {
  readonly to: ConcludedState;
  readonly releasedAs?: ProviderUnavailable;
  readonly payment?: PaymentSession;
  /** Instead of `payment`: ids that arrive late, for a payment that a status update has already changed. */
  readonly identifiedPayment?: PaymentSession;
  readonly orphaned?: readonly (Sensitive<string> | undefined)[];
}

/**
 * State machine of a key: the transitions that a result allows, of which the first whose `from` has the key's state is
 * taken. In state UNKNOWN a client has received that result, so a late result that would have released the key makes
 * the payment FAILED instead.
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
    case 'rejected':
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

/** The transition that ends an attempt whose owner has crashed. */
export function expiryTransition({ state, payment }: Pick<KeyRecord, 'state' | 'payment'>): KeyTransition {
  if (state === 'MARKED') return { to: 'UNKNOWN', payment: { ...payment, status: 'OUTCOME_UNKNOWN' } };
  // The owner may have activated a session, handed it to nobody, and crashed before recording its id.
  const orphaned = payment.deliveryMethod === 'LINK' ? [undefined] : [];
  return { to: 'RELEASED', releasedAs: UNAVAILABLE, orphaned };
}
