import type { Sensitive } from '../../domain/sensitive.js';

/** A subscription that a router is told of by HTTP callbacks. */
export interface CallbackSubscription {
  readonly id: string;
  readonly clientId: string;
  /** Undefined where no key of this replica opens it. */
  readonly registration: Sensitive<string> | undefined;
  /** The number of the last event that the router has taken. */
  readonly afterEvent: number;
}

export interface NewCallbackSubscription extends Omit<CallbackSubscription, 'id'> {
  readonly registration: Sensitive<string>;
  /** What tells it apart: the same again takes the place of the one before. */
  readonly key: Sensitive<string>;
}

/**
 * Callback subscriptions, each of which one replica holds at a time: its holder, while the holder's lease runs. Every method is
 * one durable step.
 */
export interface CallbackStore {
  /** Begins or goes on with the lease of a holder; false when it had none, or that was over: others may have what it held. */
  renew(holder: string, forMs: number): Promise<boolean>;
  /** Adds one that the holder has from now on; gives its id, or undefined when there are so many already. */
  add(holder: string, subscription: NewCallbackSubscription, most: number): Promise<string | undefined>;
  /** Takes up to so many that nobody holds, or holders whose lease is over. */
  takeOver(holder: string, most: number): Promise<CallbackSubscription[]>;
  /** Whether the holder has a subscription. */
  holds(holder: string, id: string): Promise<boolean>;
  /** The ids of all that the holder has. */
  heldBy(holder: string): Promise<ReadonlySet<string>>;
  /** Leaves these, if the holder has them, for any replica to take. */
  letGo(holder: string, ids: readonly string[]): Promise<void>;
  /** Notes that the router has taken an event; false when another one holds the subscription. */
  advance(holder: string, id: string, event: number): Promise<boolean>;
  /** Forgets a subscription, unless another one holds it. */
  remove(holder: string, id: string): Promise<void>;
  /** Gives up the lease and all that the holder has, for others to take. */
  release(holder: string): Promise<void>;
}
