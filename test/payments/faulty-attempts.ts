import { StoreUnavailableError } from '../../src/domain/store-unavailable.js';
import type { Attempt } from '../../src/domain/idempotency-key.js';
import type { AttemptStore } from '../../src/store/contracts/attempt-store.js';
import type { Process, World } from './world.js';

/** The store as one process meets it: it may fail before or after a write, and each step waits for its turn. */
export class FaultyAttempts implements AttemptStore {
  constructor(
    private readonly store: AttemptStore,
    private readonly world: World,
    private readonly process: Process,
  ) {}

  claim: AttemptStore['claim'] = (claim) =>
    this.#meet(async () => {
      const claimed = await this.store.claim(claim);
      if ('attempt' in claimed) this.#noteBegin(claimed.attempt);
      return claimed;
    });

  reclaim: AttemptStore['reclaim'] = (record) =>
    this.#meet(async () => {
      const attempt = await this.store.reclaim(record);
      if (attempt !== undefined) this.#noteBegin(attempt);
      return attempt;
    });

  read: AttemptStore['read'] = (payment) => this.#meet(() => this.store.read(payment));
  mark: AttemptStore['mark'] = (attempt) => this.#meet(() => this.store.mark(attempt));
  finish: AttemptStore['finish'] = (attempt, ...rest) =>
    this.#meet(
      () => this.store.finish(attempt, ...rest),
      () => this.world.doubts.add(nameOf(attempt)),
    );
  recordOrphans: AttemptStore['recordOrphans'] = (...args) => this.#meet(() => this.store.recordOrphans(...args));
  expire: AttemptStore['expire'] = (record) => this.#meet(() => this.store.expire(record));
  expireStaleAttempts: AttemptStore['expireStaleAttempts'] = () => this.#meet(() => this.store.expireStaleAttempts());

  #meet<T>(work: () => Promise<T>, onFault: () => unknown = () => undefined): Promise<T> {
    return this.process.work(async () => {
      const fault = this.world.storeFault();
      if (fault !== 'none') onFault();
      if (fault === 'before') throw new StoreUnavailableError(fault);
      const result = await work();
      if (fault === 'after') throw new StoreUnavailableError(fault);
      return result;
    });
  }

  #noteBegin(attempt: Attempt): void {
    this.world.begunMs.set(nameOf(attempt), this.world.nowMs);
  }
}

function nameOf({ payment }: Attempt): string {
  return payment.referenceId;
}
