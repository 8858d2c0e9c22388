import type { Sensitive } from '../../domain/sensitive.js';

/** A subscription whose results are posted to a router's callback URL. */
export interface CallbackSubscription {
  readonly id: string;
  readonly clientId: string;
  /** Undefined where no data key of this replica decrypts it. */
  readonly registration: Sensitive<string> | undefined;
  /** Number of the last event that the router acknowledged. */
  readonly afterEvent: number;
}

/** A callback subscription to be added. */
export interface NewCallbackSubscription extends Omit<CallbackSubscription, 'id'> {
  readonly registration: Sensitive<string>;
  /** Identifies the subscription: adding another one with the same key replaces it. */
  readonly key: Sensitive<string>;
}

/** Stores callback subscriptions, each held by at most one replica while its lease runs, in durable steps. */
export interface CallbackStore {
  /** Begins or renews a lease for `forMs` milliseconds. False: none was running, so others may have taken over. */
  renew(holder: string, forMs: number): Promise<boolean>;
  /** Adds a subscription, held by the holder. Returns its id, or undefined when `limit` subscriptions exist already. */
  add(holder: string, subscription: NewCallbackSubscription, limit: number): Promise<string | undefined>;
  /** Takes over at most `limit` subscriptions that nobody holds, or whose holder's lease has expired. */
  takeOver(holder: string, limit: number): Promise<CallbackSubscription[]>;
  /** Whether the holder holds a subscription. */
  holds(holder: string, id: string): Promise<boolean>;
  /** The ids of all subscriptions that the holder holds. */
  heldBy(holder: string): Promise<ReadonlySet<string>>;
  /** Gives up those of these subscriptions that the holder holds, for any replica to take over. */
  letGo(holder: string, ids: readonly string[]): Promise<void>;
  /** Records that the router acknowledged an event; false when another holder has the subscription. */
  advance(holder: string, id: string, event: number): Promise<boolean>;
  /** Removes a subscription, unless another holder has it. */
  remove(holder: string, id: string): Promise<void>;
  /** Ends the lease and gives up all of the holder's subscriptions, for others to take over. */
  release(holder: string): Promise<void>;
}
