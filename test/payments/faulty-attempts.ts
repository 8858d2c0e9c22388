import { StoreUnavailableError } from '../../src/domain/store-unavailable.js';
import type { Attempt } from '../../src/domain/idempotency-key.js';
import type { AttemptStore } from '../../src/store/contracts/attempt-store.js';
import type { Process, SimulatedEnvironment } from './simulated-environment.js';

/** The store as one process sees it: it may fail before or after a write, and each step waits to be scheduled. */
export class FaultyAttempts implements AttemptStore {
  constructor(
    private readonly store: AttemptStore,
    private readonly environment: SimulatedEnvironment,
    private readonly process: Process,
  ) {}

  claim: AttemptStore['claim'] = (claim) =>
    this.#withFault(async () => {
      const claimed = await this.store.claim(claim);
      if ('attempt' in claimed) this.#noteStart(claimed.attempt);
      return claimed;
    });

  reclaim: AttemptStore['reclaim'] = (record) =>
    this.#withFault(async () => {
      const attempt = await this.store.reclaim(record);
      if (attempt !== undefined) this.#noteStart(attempt);
      return attempt;
    });

  read: AttemptStore['read'] = (payment) => this.#withFault(() => this.store.read(payment));
  mark: AttemptStore['mark'] = (attempt) => this.#withFault(() => this.store.mark(attempt));
  finish: AttemptStore['finish'] = (attempt, ...rest) =>
    this.#withFault(
      () => this.store.finish(attempt, ...rest),
      () => this.environment.uncertainIntentions.add(nameOf(attempt)),
    );
  recordOrphans: AttemptStore['recordOrphans'] = (...args) => this.#withFault(() => this.store.recordOrphans(...args));
  expire: AttemptStore['expire'] = (record) => this.#withFault(() => this.store.expire(record));
  expireStaleAttempts: AttemptStore['expireStaleAttempts'] = () =>
    this.#withFault(() => this.store.expireStaleAttempts());

  #withFault<T>(work: () => Promise<T>, onFault: () => unknown = () => undefined): Promise<T> {
    return this.process.run(async () => {
      const fault = this.environment.storeFault();
      if (fault !== 'none') onFault();
      if (fault === 'before') throw new StoreUnavailableError(fault);
      const result = await work();
      if (fault === 'after') throw new StoreUnavailableError(fault);
      return result;
    });
  }

  #noteStart(attempt: Attempt): void {
    this.environment.startedMs.set(nameOf(attempt), this.environment.nowMs);
  }
}

function nameOf({ payment }: Attempt): string {
  return payment.referenceId;
}
