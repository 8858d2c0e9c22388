import type { PaymentDeliveryMethod, PaymentSession } from './payment.js';
import { UNAVAILABLE } from './provider-result.js';
import type { ProviderUnavailable } from './provider-result.js';
import type { Sensitive } from './sensitive.js';

/**
 * State of an idempotency key. CLAIMED: an attempt is in progress and has sent no e-mail. MARKED: the attempt is about
 * to send an e-mail, or has sent it. RELEASED: the last attempt certainly did nothing, and the next may begin. DONE:
 * the payment has the result. REFUSED: Flinks rejected the request. UNKNOWN: the e-mail may have been sent.
 */
export type KeyState = 'CLAIMED' | 'MARKED' | 'RELEASED' | 'DONE' | 'REFUSED' | 'UNKNOWN';

/** A client's idempotency key, with the operation for which it was sent. It is one intention, whichever operation. */
export interface ScopedKey {
  readonly clientId: string;
  /** Identifies the operation: each operation has its own delivery method. */
  readonly deliveryMethod: PaymentDeliveryMethod;
  readonly key: string;
}

/** A MAC of a request's input, under a data key. `version` numbers the serialization of the input that was hashed. */
export interface Fingerprint {
  readonly mac: string;
  readonly keyId: string;
  readonly version: number;
}

/** The right to act for a key, until another attempt takes over. */
export interface Attempt {
  readonly number: number;
  /** Unique to this attempt: distinguishes two attempts that both began as the first one of the key. */
  readonly owner: string;
  readonly payment: PaymentSession;
}

/** Current state of an idempotency key, with its payment. */
export interface KeyRecord {
  readonly state: KeyState;
  readonly attempt: number;
  readonly fingerprint: Fingerprint;
  /** The lease of the attempt has expired by the database's clock: its owner has crashed or is paused. */
  readonly isLeaseExpired: boolean;
  /** Result of the last attempt that released the key. */
  readonly releasedAs: ProviderUnavailable | undefined;
  readonly payment: PaymentSession;
}

/** Result of an attempt, from which the next state of its key follows. */
export type AttemptResult =
  | { readonly kind: 'started'; readonly sessionId: Sensitive<string>; readonly paymentRequestId: string | undefined }
  | { readonly kind: 'rejected' }
  | { readonly kind: 'released'; readonly as: ProviderUnavailable }
  | { readonly kind: 'unknown'; readonly sessionId: Sensitive<string> | undefined };

/** States in which no attempt is in progress. */
export type ConcludedState = Exclude<KeyState, 'CLAIMED' | 'MARKED'>;

/** Whether no attempt is in progress for this key. */
export function isConcluded(key: KeyRecord): key is KeyRecord & { readonly state: ConcludedState } {
  return key.state !== 'CLAIMED' && key.state !== 'MARKED';
}

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
    case 'unknown': {
      const unknown: PaymentSession = { ...before, status: 'OUTCOME_UNKNOWN', sessionId: result.sessionId };
      return [{ from: ['MARKED'], to: 'UNKNOWN', payment: unknown }];
    }
  }
}

/** The transition that ends an attempt whose owner has crashed. */
export function expiryTransition({ state, payment }: Pick<KeyRecord, 'state' | 'payment'>): KeyTransition {
  if (state === 'MARKED') return { to: 'UNKNOWN', payment: { ...payment, status: 'OUTCOME_UNKNOWN' } };
  // The owner may have activated a session, handed it to nobody, and crashed before recording its id.
  const orphaned = payment.deliveryMethod === 'LINK' ? [undefined] : [];
  return { to: 'RELEASED', releasedAs: UNAVAILABLE, orphaned };
}
