import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { Deadline } from '../../../lib/deadline.js';
import { StoreUnavailableError } from '../../../domain/store-unavailable.js';
import type { CallbackStore } from '../../../store/contracts/callback-store.js';
import type { Ownership } from './callback-dispatcher.js';

/** Others take over what a replica holds after so long a silence: two ticks and more. */
const LEASE_MS = 3_000;
const STORE_RETRY_MS = 1_000;

/** The right of this replica to tell what it holds, which has to be renewed. */
export class Lease {
  readonly ownerId = randomUUID();
  #until = Deadline.after(0);
  #onRenewed: (() => void)[] = [];
  #isEnding = false;

  constructor(private readonly store: CallbackStore) {}

  /** True when others may have taken over what it holds. */
  get isExpired(): boolean {
    return this.#until.remainingMs() === 0;
  }

  /** False when it was over. */
  async renew(): Promise<boolean> {
    // Before the store is asked, so that the one it knows of ends later.
    const until = Deadline.after(LEASE_MS);
    const isUnbroken = await this.store.renew(this.ownerId, LEASE_MS);
    this.#until = until;
    this.#wake();
    return isUnbroken;
  }

  /** Nobody waits for it any more. */
  end(): void {
    this.#isEnding = true;
    this.#wake();
  }

  /** For others to take what it holds at once. Where the store does not answer, it ends by itself. */
  async release(): Promise<void> {
    await this.#retryUntilStored(() => this.store.release(this.ownerId), undefined);
  }

  /** `isCurrent`: false once the router has asked for the same again, which is told instead. */
  ownershipOf(id: string, isCurrent: () => boolean): Ownership {
    const { store, ownerId: holder } = this;
    return {
      isOwned: async () => {
        while (this.isExpired && !this.#isEnding) await new Promise<void>((resolve) => this.#onRenewed.push(resolve));
        return isCurrent() && this.#retryUntilStored(() => store.holds(holder, id), false);
      },
      advance: async (event) => isCurrent() && this.#retryUntilStored(() => store.advance(holder, id, event), false),
      remove: async () => {
        if (isCurrent()) await this.#retryUntilStored(() => store.remove(holder, id), undefined);
      },
    };
  }

  #wake(): void {
    for (const wake of this.#onRenewed.splice(0)) wake();
  }

  /** Again and again until the store answers; not while this replica shuts down. */
  async #retryUntilStored<T>(work: () => Promise<T>, otherwise: T): Promise<T> {
    for (;;) {
      try {
        return await work();
      } catch (error) {
        if (!(error instanceof StoreUnavailableError)) throw error;
        if (this.#isEnding) return otherwise;
        await sleep(STORE_RETRY_MS);
      }
    }
  }
}
