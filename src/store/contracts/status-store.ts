import type { MatchCandidate } from '../../domain/payment-matching.js';
import type { Mismatch } from '../../domain/payment-mismatch.js';
import type { TransitionEffect } from '../../domain/payment-status.js';
import type { PaymentSessionEventSource, PaymentSession } from '../../domain/payment.js';
import type { Sensitive } from '../../domain/sensitive.js';
import type { StatusUpdate } from '../../domain/status-update.js';

/** Result of a status update. */
export interface StatusUpdateResult {
  /** unrecognized: an undocumented status, so the payment keeps its own. mismatched: of another payment, not applied. */
  readonly effect: TransitionEffect | 'unrecognized' | 'mismatched';
  /** The value that contradicts the payment, for a mismatched update. */
  readonly mismatch?: Mismatch;
  /** The payment after the update. */
  readonly payment: PaymentSession;
}

/** Stores status updates of payments after they were started. Every method is one durable step. */
export interface StatusStore {
  /**
   * Applies a status update, by the ranks of `payment-status.ts`: writes status, event and key in one step. A
   * conflicting status is recorded once. Undefined if the payment does not exist or Flinks was not called yet.
   */
  apply(paymentId: string, update: StatusUpdate): Promise<StatusUpdateResult | undefined>;
  /** Whether an attempt may be calling Flinks for a payment of this reference: no candidate yet, maybe the one sought. */
  isBeingAskedFor(referenceId: string): Promise<boolean>;
  /** Records a mismatch for the day's exceptions; false when the same one is recorded already. */
  noteMismatch(paymentId: string, source: PaymentSessionEventSource, mismatch: Mismatch): Promise<boolean>;
  /** Payments of all clients that Flinks may have and that one of these ids may identify, and orphaned sessions. */
  findCandidates(ids: MatchKeys): Promise<MatchCandidate[]>;
  /** Payments of all clients by id. */
  find(ids: readonly string[]): Promise<PaymentSession[]>;
}

/** Ids by which a status update may identify payments, in any spelling. */
export interface MatchKeys {
  readonly paymentRequestIds: readonly string[];
  readonly sessionIds: readonly Sensitive<string>[];
  readonly referenceIds: readonly string[];
}

/** Schedules lookups of payments. Every method is one durable step. */
export interface DueStore {
  /** Leases at most `limit` payments whose lookup is due for `leaseMs` milliseconds; other replicas get others. */
  leaseDue(limit: number, leaseMs: number): Promise<PaymentSession[]>;
  /** Sets when to look up a payment next; undefined: not before another status update arrives. */
  scheduleCheck(paymentId: string, inMs: number | undefined): Promise<void>;
  /** Keeps other replicas from looking up these payments for `forMs` milliseconds. */
  reserve(paymentIds: readonly string[], forMs: number): Promise<void>;
  /** The due lookups, for a check of whether polling keeps up. */
  backlog(): Promise<Backlog>;
}

/** Payments whose lookup is due. */
export interface Backlog {
  /** Their number, counted up to a limit. */
  readonly due: number;
  /** For how many milliseconds the longest-waiting one has been due; 0 when none is. */
  readonly lagMs: number;
}
