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
 * The first attempt of the key, or the key's current state: if it belongs to the other operation, that operation's, as
 * its payment's delivery method shows, unless an older release let both operations use the key.
 */
export type Claimed = { readonly attempt: Attempt } | { readonly record: KeyRecord } | ClaimRefusal;

/** State of a key and its payment after an attempt's result was recorded. */
export interface FinishedAttempt {
  readonly state: ConcludedState;
  readonly payment: PaymentSession;
}

/**
 * Stores idempotency keys, their attempts and their payments. Every method is one durable step: when it resolves, the
 * result is on disk. When it throws `StoreUnavailableError`, the step may have been taken or not.
 */
export interface AttemptStore {
  /** Begins a key's first attempt: writes key, payment and event. Limits and duplicates only matter for a new key. */
  claim(claim: NewClaim): Promise<Claimed>;
  /** Begins the next attempt of a released key; undefined when another request was faster. */
  reclaim(record: KeyRecord): Promise<Attempt | undefined>;
  /** Reads the current state of a payment's key; undefined if there is none. */
  read(payment: Pick<PaymentSession, 'id'>): Promise<KeyRecord | undefined>;
  /** Writes the send marker: an e-mail is about to be sent. False: the attempt lost its key and must not send it. */
  mark(attempt: Attempt): Promise<boolean>;
  /** Records a result; undefined when the attempt has lost its key. `orphaned`: sessions that no client received. */
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
