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

/** The claim of an idempotency key for its first attempt. */
export interface NewClaim extends ScopedKey {
  readonly order: PaymentDetails;
  readonly fingerprint: Fingerprint;
  /** Whether a similar payment of a short time ago is rejected as a duplicate. */
  readonly guarded: boolean;
  /** Whether the client no longer waits. Evaluated when it is the claim's turn to be written. */
  readonly isLate: () => boolean;
}

/** Why a key was not claimed. Nothing was written, so the key can be used again. */
export type ClaimRefusal =
  | { readonly limited: { readonly retryAfterMs: number } }
  /** The latest payment that it would duplicate. */
  | { readonly duplicate: PaymentSession };

/**
 * Result of a claim: the first attempt of the key, or the key's current state. If the key belongs to the other
 * operation, that is the state of that operation's key, as the delivery method of its payment shows; unless an older
 * release let this operation use the key as well.
 */
export type Claimed = { readonly attempt: Attempt } | { readonly record: KeyRecord } | ClaimRefusal;

/** State of a key and its payment after an attempt's result was recorded. */
export interface FinishedAttempt {
  readonly state: ConcludedState;
  readonly payment: PaymentSession;
}

/**
 * Stores idempotency keys, their attempts and their payments. Every method is one durable step: when it resolves, the
 * result is on disk. All throw `StoreUnavailableError`, after which the step may have been taken or not.
 */
export interface AttemptStore {
  /**
   * Begins the first attempt of a key: writes key, payment and first event. An existing key is neither rate-limited nor
   * checked for duplicates.
   */
  claim(claim: NewClaim): Promise<Claimed>;
  /** Begins the next attempt of a released key; undefined when another request was faster. */
  reclaim(record: KeyRecord): Promise<Attempt | undefined>;
  /** Reads the current state of a payment's key; undefined if there is none. */
  read(payment: Pick<PaymentSession, 'id'>): Promise<KeyRecord | undefined>;
  /**
   * Writes the send marker: an e-mail is about to be sent. False when the attempt has lost its key and must not send
   * it.
   */
  mark(attempt: Attempt): Promise<boolean>;
  /**
   * Records an attempt's result; undefined when the key no longer belongs to the attempt. `orphaned`: sessions that no
   * client received.
   */
  finish(
    attempt: Attempt,
    result: AttemptResult,
    orphaned: readonly Sensitive<string>[],
  ): Promise<FinishedAttempt | undefined>;
  /** Records the ids of sessions that an attempt made and no client received. */
  recordOrphans(attempt: Attempt, orphaned: readonly Sensitive<string>[]): Promise<void>;
  /** Ends an attempt whose lease has expired: releases the key, or makes it UNKNOWN if there is a send marker. */
  expire(record: KeyRecord): Promise<void>;
  /** Expires a batch of such attempts, with `all` also those whose lease has not expired. Returns their number. */
  expireStaleAttempts(all?: boolean): Promise<number>;
}

/** A Flinks session that an attempt left behind and no client received. */
export interface OrphanedSession {
  readonly id: number;
  readonly paymentId: string;
  /** Undefined where this replica cannot decrypt it. */
  readonly sessionId: Sensitive<string> | undefined;
}

/** Stores orphaned sessions until Flinks can do nothing more about them. Every method is one durable step. */
export interface OrphanStore {
  /** Leases at most `limit` unresolved sessions for `leaseMs` milliseconds; other replicas get others. */
  leaseDue(limit: number, leaseMs: number): Promise<OrphanedSession[]>;
  /** Records that nothing more can be done about a session at Flinks. */
  resolve(id: number): Promise<void>;
}
