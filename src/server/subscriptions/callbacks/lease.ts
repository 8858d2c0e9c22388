import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { Deadline } from '../../../lib/deadline.js';
import { StoreUnavailableError } from '../../../domain/store-unavailable.js';
import type { CallbackStore } from '../../../store/contracts/callback-store.js';

/** A replica that has not renewed for this time, more than two ticks, loses its subscriptions to others. */
const LEASE_MS = 3_000;
const STORE_RETRY_MS = 1_000;

/** The right to deliver one subscription, which another replica may take over. No method rejects. */
export type Ownership = ReturnType<Lease['ownershipOf']>;

/** The lease by which this replica owns its callback subscriptions. */
export class Lease {
  /** Identifies this replica in the store. */
  readonly ownerId = randomUUID();
  #until = Deadline.after(0);
  #onRenewed: (() => void)[] = [];
  #isEnding = false;

  constructor(private readonly store: CallbackStore) {}

  /** True when other replicas may have taken the subscriptions over. */
  get isExpired(): boolean {
    return this.#until.remainingMs() === 0;
  }

  /** Renews the lease; false when it had expired. */
  async renew(): Promise<boolean> {
    // Taken before the call, so that this replica considers the lease expired before the store does.
    const until = Deadline.after(LEASE_MS);
    const wasCurrent = await this.store.renew(this.ownerId, LEASE_MS);
    this.#until = until;
    this.#wake();
    return wasCurrent;
  }

  /** Releases all waiters of `isOwned`, and stops retries. */
  end(): void {
    this.#isEnding = true;
    this.#wake();
  }

  /** Lets other replicas take over at once. If the database is unavailable, the lease expires by itself instead. */
  async release(): Promise<void> {
    await this.#retryUntilStored(() => this.store.release(this.ownerId), undefined);
  }

  /** `isCurrent` becomes false when the router requests the same subscription again, to be delivered instead. */
  ownershipOf(id: string, isCurrent: () => boolean) {
    const { store, ownerId } = this;
    return {
      /** Resolves to true once no other replica may deliver it, and to false when another one owns it. */
      isOwned: async () => {
        while (this.isExpired && !this.#isEnding) await new Promise<void>((resolve) => this.#onRenewed.push(resolve));
        return isCurrent() && this.#retryUntilStored(() => store.holds(ownerId, id), false);
      },
      /** Records that the router acknowledged an event; false when another replica owns the subscription. */
      advance: async (event: number) =>
        isCurrent() && this.#retryUntilStored(() => store.advance(ownerId, id, event), false),
      /** Removes the subscription from the store. */
      remove: async () => {
        if (isCurrent()) await this.#retryUntilStored(() => store.remove(ownerId, id), undefined);
      },
    };
  }

  #wake(): void {
    for (const wake of this.#onRenewed.splice(0)) wake();
  }

  /** Retries while the database is unavailable; during shutdown returns `fallback` instead. */
  async #retryUntilStored<T>(work: () => Promise<T>, fallback: T): Promise<T> {
    for (;;) {
      try {
        return await work();
      } catch (error) {
        if (!(error instanceof StoreUnavailableError)) throw error;
        if (this.#isEnding) return fallback;
        await sleep(STORE_RETRY_MS);
      }
    }
  }
}
