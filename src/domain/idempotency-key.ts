import type { ProviderUnavailable } from './provider-result.js';
import type { PaymentDeliveryMethod, PaymentSession } from './payment.js';
import type { Sensitive } from './sensitive.js';

/**
 * State of an idempotency key. CLAIMED: an attempt is in progress and has sent no e-mail. MARKED: the attempt is about
 * to send an e-mail, or has sent it. RELEASED: the last attempt certainly did nothing, and the next may begin. DONE:
 * the payment has the result. REFUSED: Flinks rejected the request. UNKNOWN: the e-mail may have been sent.
 */
export type KeyState = 'CLAIMED' | 'MARKED' | 'RELEASED' | 'DONE' | 'REFUSED' | 'UNKNOWN';

/**
 * An idempotency key of a client, with the operation for which it was sent. One key is one intention, whichever
 * operation that is.
 */
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
  /**
   * True when the lease of the attempt in progress has expired by the database's clock: its owner has crashed or is
   * paused.
   */
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
