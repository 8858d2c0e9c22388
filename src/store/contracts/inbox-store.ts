import type { Sensitive } from '../../domain/sensitive.js';

/**
 * State of a webhook event. WAITING: not processed yet. DONE: applied to its payment. UNMATCHED: no payment matched in
 * time. UNREADABLE: it has nothing that identifies a payment.
 */
export type InboxState = 'WAITING' | 'DONE' | 'UNMATCHED' | 'UNREADABLE';

/** Number of events in each state but DONE. */
export type InboxCounts = Readonly<Record<Exclude<InboxState, 'DONE'>, number>>;

/** An event that Flinks sent, byte by byte. */
export interface InboxEvent {
  readonly id: string;
  /** Undefined where this replica cannot decrypt it: a data key is missing, or somebody changed the row. */
  readonly body: Sensitive<Buffer> | undefined;
  /** Time since it was received. */
  readonly ageMs: number;
}

/** Stores webhook events, from receipt until they are processed. Every method is one durable step. */
export interface InboxStore {
  /** Stores an event; false when the same bytes are stored already. */
  add(body: Sensitive<Buffer>, state: 'WAITING' | 'UNREADABLE'): Promise<boolean>;
  /** Leases at most `limit` due events for `leaseMs` milliseconds; other replicas get others. */
  leaseDue(limit: number, leaseMs: number): Promise<InboxEvent[]>;
  /** Sets when a waiting event is due next. */
  reschedule(id: string, inMs: number): Promise<void>;
  /** Marks an event as processed, with the payment that it matched; undefined: none. */
  complete(id: string, paymentId: string | undefined): Promise<void>;
  /** How many events are in each state but DONE. */
  counts(): Promise<InboxCounts>;
}
