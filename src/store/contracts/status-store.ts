import type { MatchCandidate } from '../../domain/payment-matching.js';
import type { Mismatch } from '../../domain/payment-mismatch.js';
import type { TransitionEffect } from '../../domain/payment-status.js';
import type { PaymentSessionEventSource, PaymentSession } from '../../domain/payment.js';
import type { Sensitive } from '../../domain/sensitive.js';
import type { StatusUpdate } from '../../domain/status-update.js';

/**
 * What news did. unlisted: their word is in no document, so the payment keeps its status. mismatched: they are another payment's,
 * so nothing of them was taken.
 */
export interface StatusUpdateResult {
  readonly effect: TransitionEffect | 'unrecognized' | 'mismatched';
  /** What cannot be true of the payment, for news that are mismatched. */
  readonly mismatch?: Mismatch;
  /** As it is after them. */
  readonly payment: PaymentSession;
}

/** How payments go on after they were started. Every method is one durable step. */
export interface StatusStore {
  /**
   * Takes news of a payment, by the ranks of `payment-status.ts`: status, event and key in one step. A word that contradicts
   * the status is kept once. Undefined for a payment that is not there, or that no call to Flinks was made for yet.
   */
  apply(paymentId: string, update: StatusUpdate): Promise<StatusUpdateResult | undefined>;
  /** Whether Flinks is being asked, or may be, for a payment of this reference: it is no candidate yet, and may be the one. */
  isBeingAskedFor(referenceId: string): Promise<boolean>;
  /**
   * Keeps, for the exceptions of the day, what was told of a payment and cannot be true of it; false where the same is kept already.
   */
  noteMismatch(paymentId: string, source: PaymentSessionEventSource, mismatch: Mismatch): Promise<boolean>;
  /** Payments that Flinks may have and that any of these may name, of all callers, and sessions left behind there. */
  findCandidates(ids: MatchKeys): Promise<MatchCandidate[]>;
  /** Payments by id, of all callers. */
  find(ids: readonly string[]): Promise<PaymentSession[]>;
}

/** By what news may name payments, however it is spelt. */
export interface MatchKeys {
  readonly paymentRequestIds: readonly string[];
  readonly sessionIds: readonly Sensitive<string>[];
  readonly referenceIds: readonly string[];
}

/** When payments are looked up next. Every method is one durable step. */
export interface DueStore {
  /** Takes up to so many payments whose lookup is due, for so long; other replicas get others. */
  leaseDue(most: number, forMs: number): Promise<PaymentSession[]>;
  /** Sets when to look a payment up next; undefined: not before other news come. */
  scheduleCheck(paymentId: string, inMs: number | undefined): Promise<void>;
  /** Keeps other replicas from looking these payments up for so long. */
  reserve(paymentIds: readonly string[], forMs: number): Promise<void>;
  /** What waits to be looked up, as if one could ask about all of it at once. */
  backlog(): Promise<Backlog>;
}

/** Payments whose lookup is due. */
export interface Backlog {
  /** How many, up to a limit at which they are counted no further. */
  readonly due: number;
  /** For how long the one that has waited longest is due; 0 when none is. */
  readonly lagMs: number;
}
