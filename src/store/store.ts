import type { Owner } from '../domain/api-client.js';
import type { NotExecuted } from '../domain/outcome.js';
import type { StatusUpdate } from '../domain/status-update.js';
import type {
  PaymentDeliveryMethod,
  PaymentSessionEventSource,
  PaymentDetails,
  PaymentSession,
  PaymentSessionEvent,
} from '../domain/payment.js';
import type { PaymentFilter, PaymentPage, PaymentPosition } from '../domain/payment-list.js';
import type { MatchCandidate } from '../domain/payment-matching.js';
import type { Mismatch } from '../domain/payment-mismatch.js';
import type { TransitionEffect } from '../domain/payment-status.js';
import type { Sensitive } from '../domain/sensitive.js';

/**
 * CLAIMED: an attempt is under way and has sent no e-mail. MARKED: it is about to send one, or has. RELEASED: it certainly did
 * nothing, the next may begin. DONE: the payment tells the rest. REFUSED: Flinks said no. UNKNOWN: the e-mail may be out.
 */
export type KeyState = 'CLAIMED' | 'MARKED' | 'RELEASED' | 'DONE' | 'REFUSED' | 'UNKNOWN';

/** A key of a caller, and the operation that it comes with. One key is one intention, whichever operation that is. */
export interface ScopedKey {
  readonly caller: string;
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

/** What an attempt came to. */
export type AttemptResult =
  | { readonly kind: 'started'; readonly sessionId: Sensitive<string>; readonly paymentRequestId: string | undefined }
  | { readonly kind: 'refused' }
  | { readonly kind: 'released'; readonly as: NotExecuted }
  | { readonly kind: 'unknown'; readonly sessionId: Sensitive<string> | undefined };

/** States in which no attempt is under way. */
export type ConcludedState = Exclude<KeyState, 'CLAIMED' | 'MARKED'>;

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

/** By what news may name payments, however it is spelt. */
export interface MatchKeys {
  readonly paymentRequestIds: readonly string[];
  readonly sessionIds: readonly Sensitive<string>[];
  readonly referenceIds: readonly string[];
}

/**
 * WAITING: what it means is not known yet, or not acted upon. DONE: its payment has what it told. UNMATCHED: no payment of ours
 * was known in time. UNREADABLE: nothing in it names a payment.
 */
export type InboxState = 'WAITING' | 'DONE' | 'UNMATCHED' | 'UNREADABLE';

export type InboxCounts = Readonly<Record<Exclude<InboxState, 'DONE'>, number>>;

/** An event that Flinks sent of its own accord, byte by byte. */
export interface InboxEvent {
  readonly id: string;
  /** Undefined where this replica cannot open it: it lacks the data key, or somebody changed the row. */
  readonly body: Sensitive<Buffer> | undefined;
  /** How long ago it came. */
  readonly ageMs: number;
}

/** Events of Flinks's, from when they come until their payment has what they tell. Every method is one durable step. */
export interface InboxStore {
  /** Keeps an event; false when the same bytes are kept already. */
  add(body: Sensitive<Buffer>, state: 'WAITING' | 'UNREADABLE'): Promise<boolean>;
  /** Takes up to so many events whose turn it is, for so long; other replicas get others. */
  leaseDue(most: number, forMs: number): Promise<InboxEvent[]>;
  /** Sets when an event that waits is taken next. */
  reschedule(id: string, inMs: number): Promise<void>;
  /** Notes which payment an event was of; undefined: of none that is known. */
  complete(id: string, paymentId: string | undefined): Promise<void>;
  /** How many events are in each state but DONE. */
  counts(): Promise<InboxCounts>;
}

/** A payment as it was at one moment. */
export interface PaymentHistory {
  readonly payment: PaymentSession;
  /** The number of its last event. */
  readonly eventCount: number;
  /** Its events after the one that was named, oldest first. */
  readonly events: readonly PaymentSessionEvent[];
}

export interface PaymentStore {
  /** An owner's payments by id, in any order; those that it does not have are left out. */
  findPayments(owner: Owner, ids: readonly string[]): Promise<PaymentSession[]>;
  /** The first so many payments of an owner that fit the filter and come after a position, newest first. */
  listPayments(
    owner: Owner,
    filter: PaymentFilter,
    first: number,
    after: PaymentPosition | undefined,
  ): Promise<PaymentPage>;
  /** The events of payments by payment id, oldest first. */
  findEvents(paymentIds: readonly string[]): Promise<ReadonlyMap<string, readonly PaymentSessionEvent[]>>;
  /** An owner's payment with its events after that number; undefined when it does not have it. */
  findHistory(owner: Owner, id: string, afterEvent: number): Promise<PaymentHistory | undefined>;
  /** How many events payments have, by payment id; those that are not there are left out. */
  countEvents(paymentIds: readonly string[]): Promise<ReadonlyMap<string, number>>;
}

/** A session at Flinks that an attempt left behind and nobody was given. */
export interface OrphanedSession {
  readonly id: number;
  readonly paymentId: string;
  /** Undefined where this replica cannot open it. */
  readonly sessionId: Sensitive<string> | undefined;
}

export interface OrphanStore {
  /** Takes up to so many that are not settled, for so long; other replicas get others. */
  leaseDue(most: number, forMs: number): Promise<OrphanedSession[]>;
  /** Notes that Flinks can do no more about it. */
  resolve(id: number): Promise<void>;
}

/** What time does to keys and payments. Each method takes a small batch, and tells how many it did. */
export interface RetentionStore {
  /** Removes keys that were released before, with their payments that never came to be. */
  removeReleased(before: Date): Promise<number>;
  /** Removes the keys of payments that became final before. */
  removeKeys(before: Date): Promise<number>;
  /** Removes webhooks that came before, but for those that wait. */
  removeWebhooks(before: Date): Promise<number>;
  /** Erases name, e-mail, session ids and webhooks of payments that became final before, of one user if given. */
  erasePersonalData(before: Date, userId?: string): Promise<number>;
  /** Erases who pays from rows of files that were imported before. */
  erasePayers(before: Date): Promise<number>;
  /** How many payments of a user have personal data. */
  countPersonalData(userId: string): Promise<number>;
}
