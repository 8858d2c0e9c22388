import { setTimeout as sleep } from 'node:timers/promises';
import { isConcluded } from '../../domain/idempotency-key.js';
import type { KeyRecord } from '../../domain/idempotency-key.js';
import { backoffMs } from '../../lib/backoff.js';
import type { AttemptStore } from '../../store/contracts/attempt-store.js';

const POLL = { initialMs: 20, maxMs: 250, factor: 1.5 };

/** Waits for attempts of other calls, on any replica. Calls that wait for the same attempt share one poll. */
export class AttemptWaiter {
  readonly #polls = new Map<string, Promise<KeyRecord | undefined>>();

  constructor(private readonly store: Pick<AttemptStore, 'read'>) {}

  /** The key's record once the attempt is concluded, replaced or past its lease; undefined if it was removed. */
  waitForAttempt(record: KeyRecord): Promise<KeyRecord | undefined> {
    const name = `${record.payment.id}/${record.attempt}`;
    const poll = this.#polls.get(name) ?? this.#poll(record).finally(() => this.#polls.delete(name));
    this.#polls.set(name, poll);
    return poll;
  }

  async #poll({ payment, attempt }: KeyRecord): Promise<KeyRecord | undefined> {
    for (let polls = 1; ; polls += 1) {
      await sleep(backoffMs(POLL, polls));
      const record = await this.store.read(payment);
      if (record === undefined || isConcluded(record) || record.isLeaseExpired || record.attempt !== attempt)
        return record;
    }
  }
}
