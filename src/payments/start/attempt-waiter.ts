import { setTimeout as sleep } from 'node:timers/promises';
import type { AttemptStore } from '../../store/contracts/attempt-store.js';
import type { KeyRecord } from '../../domain/idempotency-key.js';
import { isConcluded } from './key-result.js';

const POLL = { firstMs: 20, mostMs: 250, factor: 1.5 };

/** Waits for attempts of other calls, on this replica or another one. Calls that wait for the same attempt share one poll. */
export class AttemptWaiter {
  readonly #polls = new Map<string, Promise<KeyRecord | undefined>>();

  constructor(private readonly store: Pick<AttemptStore, 'read'>) {}

  /** The key once its attempt is over in whatever way: settled, followed by the next one, or past its lease. */
  waitForAttempt(record: KeyRecord): Promise<KeyRecord | undefined> {
    const name = `${record.payment.id}/${record.attempt}`;
    const poll = this.#polls.get(name) ?? this.#poll(record).finally(() => this.#polls.delete(name));
    this.#polls.set(name, poll);
    return poll;
  }

  async #poll({ payment, attempt }: KeyRecord): Promise<KeyRecord | undefined> {
    for (let waitMs = POLL.firstMs; ; waitMs = Math.min(POLL.factor * waitMs, POLL.mostMs)) {
      await sleep(waitMs);
      const record = await this.store.read(payment);
      if (record === undefined || isConcluded(record) || record.isLeaseExpired || record.attempt !== attempt)
        return record;
    }
  }
}
