import type { NotExecuted } from './outcome.js';
import type { PaymentDeliveryMethod, PaymentSession } from './payment.js';
import type { Sensitive } from './sensitive.js';

/**
 * CLAIMED: an attempt is under way and has sent no e-mail. MARKED: it is about to send one, or has. RELEASED: it certainly did
 * nothing, the next may begin. DONE: the payment tells the rest. REFUSED: Flinks said no. UNKNOWN: the e-mail may be out.
 */
export type KeyState = 'CLAIMED' | 'MARKED' | 'RELEASED' | 'DONE' | 'REFUSED' | 'UNKNOWN';

/** A key of a caller, and the operation that it comes with. One key is one intention, whichever operation that is. */
export interface ScopedKey {
  readonly clientId: string;
  /** An operation is told by what it delivers. */
  readonly deliveryMethod: PaymentDeliveryMethod;
  readonly key: string;
}

/** The input of a call, as a MAC under a data key over one of the written forms of an input. */
export interface Fingerprint {
  readonly mac: string;
  readonly keyId: string;
  readonly version: number;
}

/** The right to act for a key, until another attempt has it. */
export interface Attempt {
  readonly number: number;
  /** Unique to this attempt: two that both began as the first are told apart by it. */
  readonly owner: string;
  readonly payment: PaymentSession;
}

/** How a key stands. */
export interface KeyRecord {
  readonly state: KeyState;
  readonly attempt: number;
  readonly fingerprint: Fingerprint;
  /** True when the lease of an attempt under way has passed by the store's clock: its owner is dead or paused. */
  readonly isLeaseExpired: boolean;
  /** What the last attempt that released the key came to. */
  readonly releasedAs: NotExecuted | undefined;
  readonly payment: PaymentSession;
}

/** What an attempt came to. */
export type AttemptResult =
  | { readonly kind: 'started'; readonly sessionId: Sensitive<string>; readonly paymentRequestId: string | undefined }
  | { readonly kind: 'refused' }
  | { readonly kind: 'released'; readonly as: NotExecuted }
  | { readonly kind: 'unknown'; readonly sessionId: Sensitive<string> | undefined };

/** States in which no attempt is under way. */
export type ConcludedState = Exclude<KeyState, 'CLAIMED' | 'MARKED'>;
