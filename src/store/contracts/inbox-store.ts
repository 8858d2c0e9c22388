import type { Sensitive } from '../../domain/sensitive.js';

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
