import { expect, jest } from '@jest/globals';
import type { Scheduler } from 'fast-check';
import type { StartPaymentResult } from '../../src/domain/payment-results.js';
import { UNLIMITED } from '../support/unlimited.js';
import { DataKeys } from '../../src/store/encryption/data-keys.js';
import { SqlAttemptStore } from '../../src/store/sql/attempts/sql-attempt-store.js';
import { StoreHealth } from '../../src/store/database/store-health.js';
import { NOBODY_LISTENS, TestStore, dataKey } from '../store/test-store.js';
import { History } from './history.js';
import { Replica, intentionOf } from './replica.js';
import type { TestCall } from './replica.js';
import { timers } from './timers.js';
import { LEASE_MS, SimulatedEnvironment } from './simulated-environment.js';
import type { Faults } from './simulated-environment.js';

/** An outside event, and by how many scheduler steps it is delayed. `stopped`: time passes while all replicas are paused. */
export type Event = { readonly delay: number } & (
  | ({ readonly kind: 'call'; readonly replica: number } & TestCall)
  | { readonly kind: 'kill' | 'sweep'; readonly replica: number }
  | { readonly kind: 'pass'; readonly ms: number; readonly stopped: boolean }
);

/** Low enough to be reached. Every key of a run may pass after one of these periods. */
const LIMITS = {
  ...UNLIMITED,
  paymentsPerClient: { limit: 3, periodMs: LEASE_MS },
  emailsPerPayer: { limit: 1, periodMs: LEASE_MS },
};

const keys = new DataKeys([dataKey('test')]);

export const openTestStore = (): Promise<TestStore> => TestStore.open('sqlite::memory:', keys);

/** Two replicas on one store, and the events of a run. */
export class Simulation {
  readonly #environment: SimulatedEnvironment;
  readonly #history: History;
  readonly #attempts: SqlAttemptStore;
  readonly #replicas: [Replica, Replica];

  constructor(
    scheduler: Scheduler,
    faults: Faults,
    private readonly store: TestStore,
  ) {
    this.#environment = new SimulatedEnvironment(scheduler, faults);
    this.#history = new History(this.#environment);
    const health = new StoreHealth(NOBODY_LISTENS);
    const database = store.timed(() => this.#environment.nowMs);
    this.#attempts = new SqlAttemptStore(database, keys, health, LEASE_MS, LEASE_MS, LIMITS);
    this.#replicas = [this.#start(), this.#start()];
    timers.sleep = (ms) => this.#environment.sleep(ms);
  }

  /** Runs all events in an order that fast-check chooses, then ends the faults and checks that every key concludes. */
  async run(events: readonly Event[]): Promise<void> {
    await this.#environment.runUntil(Promise.all(events.map((event) => this.#runEvent(event))));
    this.#environment.faultsEnded = true;
    this.#environment.advance(LEASE_MS);
    await this.#environment.runUntil(Promise.all(this.#replicas.map((replica) => replica.whenDeferredWritesEnd())));
    const intentions = events.flatMap((event) => (event.kind === 'call' ? [intentionOf(event.name)] : []));
    for (const intention of new Set(intentions)) await this.#expectConcluded(intention);
    this.#history.check();
    await this.#history.checkSessions(this.store, keys);
    await this.#history.checkLimits(this.store, LIMITS);
    jest.clearAllTimers();
  }

  async #runEvent(event: Event): Promise<void> {
    for (let step = 0; step <= event.delay; step += 1)
      await this.#environment.scheduler.schedule(Promise.resolve(event), event.kind);
    if (event.kind === 'pass') {
      this.#environment.advance(event.ms, event.stopped);
      return;
    }
    const index = event.replica === 0 ? 0 : 1;
    if (event.kind === 'call') await this.#call(index, event);
    else if (event.kind === 'sweep') await this.#replicas[index].sweep();
    else {
      this.#replicas[index].kill();
      this.#replicas[index] = this.#start();
    }
  }

  /** Checks that a key has concluded, and belongs to one input of one operation. */
  async #expectConcluded(intention: string): Promise<void> {
    // No limit applies any more.
    this.#environment.advance(LEASE_MS);
    const [clientId, key] = intention.split(' ');
    const kinds: string[] = [];
    for (const operation of ['LINK', 'EMAIL'])
      for (const amountMinor of [100, 200]) {
        const results = await this.#callBoth({ name: `${clientId} ${operation} ${key}`, amountMinor });
        kinds.push(results.map((result) => result?.kind).join());
      }
    const matching = kinds.filter((each) => each !== 'key-reused,key-reused');
    expect(matching).toEqual([expect.stringMatching(/^(succeeded,succeeded|rejected,rejected|unknown,unknown)$/)]);
  }

  async #callBoth(call: TestCall): Promise<(StartPaymentResult | undefined)[]> {
    const results = Promise.all([this.#call(0, call), this.#call(1, call)]);
    await this.#environment.runUntil(results);
    return results;
  }

  async #call(index: 0 | 1, call: TestCall): Promise<StartPaymentResult | undefined> {
    const result = await this.#replicas[index].call(call);
    this.#history.record(call, result);
    return result;
  }

  #start(): Replica {
    return new Replica(this.#environment, this.#attempts, keys);
  }
}
