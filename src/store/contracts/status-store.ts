import type { MatchCandidate } from '../../domain/payment-matching.js';
import type { Mismatch, PaymentIdentity } from '../../domain/payment-mismatch.js';
import type { TransitionEffect, PaymentSessionStatus } from '../../domain/payment-status.js';
import type { PaymentSessionEventSource, PaymentSession } from '../../domain/payment.js';
import type { Sensitive } from '../../domain/sensitive.js';

/** A report of a payment's status, from any source. */
export interface StatusUpdate {
  readonly source: PaymentSessionEventSource;
  /** Undefined: Flinks reported an undocumented status, or none. The payment keeps its status. */
  readonly status: PaymentSessionStatus | undefined;
  /** Further information from the source, such as a code; free of personal data. */
  readonly details: string | undefined;
  /** The person who reported the status, or the client whose request led to it. */
  readonly actor?: string | undefined;
  /** Everything the source said about the payment's identity; undefined for updates from this gateway or a person. */
  readonly identity?: PaymentIdentity | undefined;
  /** Flinks's ids, where they are proven to be the payment's. Ids that the payment already has are kept. */
  readonly paymentRequestId?: string | undefined;
  readonly sessionId?: Sensitive<string> | undefined;
  /** Set after a lookup: in how many milliseconds to look the payment up again if it is still open. */
  readonly nextCheckInMs?: number | undefined;
  /** Apply the update only while the payment has this status. */
  readonly onlyIf?: PaymentSessionStatus | undefined;
  /** The day, as YYYY-MM-DD, whose daily file reported the status. */
  readonly reconciledOn?: string | undefined;
}

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
