import type {
  ScopedKey,
  Fingerprint,
  Attempt,
  KeyRecord,
  AttemptResult,
  ConcludedState,
} from '../../domain/idempotency-key.js';
import type { PaymentDetails, PaymentSession } from '../../domain/payment.js';
import type { Sensitive } from '../../domain/sensitive.js';

export interface NewClaim extends ScopedKey {
  readonly order: PaymentDetails;
  readonly fingerprint: Fingerprint;
  /** Whether a payment like it, a short time ago, is taken for the same intention. */
  readonly guarded: boolean;
  /** Whether whoever asks waits no more. Asked when the turn of the claim has come. */
  readonly isLate: () => boolean;
}

/** Why a key was not claimed; nothing was written, so it is free. */
export type ClaimRefusal =
  | { readonly limited: { readonly retryAfterMs: number } }
  /** The last payment that it would repeat. */
  | { readonly duplicate: PaymentSession };

/**
 * What a claim came to: the first attempt of the key, or how it stands. Where the key is the other operation's, that is how it
 * stands with that one, as the delivery of its payment tells; unless an older release let this operation have it as well.
 */
export type Claimed = { readonly attempt: Attempt } | { readonly record: KeyRecord } | ClaimRefusal;

/** How key and payment stand after an attempt's result was taken. */
export interface FinishedAttempt {
  readonly state: ConcludedState;
  readonly payment: PaymentSession;
}

/**
 * Keys, the attempts made for them, and their payments. Every method is one durable step: when it resolves, what it says is on
 * disk. All throw `StoreUnavailable`, after which the step may have been taken or not.
 */
export interface AttemptStore {
  /** Begins the first attempt of a key: key, payment and first event. A key that is there is neither limited nor guarded. */
  claim(claim: NewClaim): Promise<Claimed>;
  /** Begins the next attempt of a released key; undefined when another call was faster. */
  reclaim(record: KeyRecord): Promise<Attempt | undefined>;
  read(payment: Pick<PaymentSession, 'id'>): Promise<KeyRecord | undefined>;
  /** Notes that an e-mail is about to be sent; false when the attempt may not send it any more. */
  mark(attempt: Attempt): Promise<boolean>;
  /** Takes an attempt's result; undefined when the attempt is not the key's any more. `left`: sessions nobody was given. */
  finish(
    attempt: Attempt,
    result: AttemptResult,
    left: readonly Sensitive<string>[],
  ): Promise<FinishedAttempt | undefined>;
  /** Keeps the ids of sessions that an attempt made and nobody was given. */
  recordOrphans(attempt: Attempt, left: readonly Sensitive<string>[]): Promise<void>;
  /** Ends an attempt whose lease is over: released without a mark, unknown with one. */
  expire(record: KeyRecord): Promise<void>;
  /** As `bury`, of a batch of such attempts; `all`: of those whose lease still runs as well. Tells how many there were. */
  expireStaleAttempts(all?: boolean): Promise<number>;
}
