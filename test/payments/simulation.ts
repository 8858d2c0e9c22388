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
import { LEASE_MS, World } from './world.js';
import type { Faults } from './world.js';

/** What happens from outside, and how many turns it waits. `stopped`: time passes while all replicas are paused. */
export type Event = { readonly turns: number } & (
  | ({ readonly kind: 'call'; readonly replica: number } & TestCall)
  | { readonly kind: 'kill' | 'sweep'; readonly replica: number }
  | { readonly kind: 'pass'; readonly ms: number; readonly stopped: boolean }
);

/** Few enough to be met; every key of a run may pass once one of these times is over. */
const LIMITS = {
  ...UNLIMITED,
  paymentsPerClient: { limit: 3, periodMs: LEASE_MS },
  emailsPerPayer: { limit: 1, periodMs: LEASE_MS },
};

const keys = new DataKeys([dataKey('test')]);

export const openTestStore = (): Promise<TestStore> => TestStore.open('sqlite::memory:', keys);

/** Two replicas on one store, and what happens to them. */
export class Simulation {
  readonly #world: World;
  readonly #history: History;
  readonly #attempts: SqlAttemptStore;
  readonly #replicas: [Replica, Replica];

  constructor(
    scheduler: Scheduler,
    faults: Faults,
    private readonly store: TestStore,
  ) {
    this.#world = new World(scheduler, faults);
    this.#history = new History(this.#world);
    const health = new StoreHealth(NOBODY_LISTENS);
    const database = store.timed(() => this.#world.nowMs);
    this.#attempts = new SqlAttemptStore(database, keys, health, LEASE_MS, LEASE_MS, LIMITS);
    this.#replicas = [this.#start(), this.#start()];
    timers.sleep = (ms) => this.#world.sleep(ms);
  }

  /** All events in an order that fast-check chooses; then nothing fails any more, and all must end well. */
  async run(events: readonly Event[]): Promise<void> {
    await this.#world.until(Promise.all(events.map((event) => this.#happen(event))));
    this.#world.calm = true;
    this.#world.pass(LEASE_MS);
    await this.#world.until(Promise.all(this.#replicas.map((replica) => replica.lateWritesEnded())));
    const intentions = events.flatMap((event) => (event.kind === 'call' ? [intentionOf(event.name)] : []));
    for (const intention of new Set(intentions)) await this.#expectEnd(intention);
    this.#history.check();
    await this.#history.checkSessions(this.store, keys);
    await this.#history.checkLimits(this.store, LIMITS);
    jest.clearAllTimers();
  }

  async #happen(event: Event): Promise<void> {
    for (let turn = 0; turn <= event.turns; turn += 1)
      await this.#world.scheduler.schedule(Promise.resolve(event), event.kind);
    if (event.kind === 'pass') {
      this.#world.pass(event.ms, event.stopped);
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

  /** That a key is no longer under way, whatever happened to it, and means one input of one operation. */
  async #expectEnd(intention: string): Promise<void> {
    // Whatever was limited is no more.
    this.#world.pass(LEASE_MS);
    const [caller, key] = intention.split(' ');
    const kinds: string[] = [];
    for (const operation of ['LINK', 'EMAIL'])
      for (const amountMinor of [100, 200]) {
        const told = await this.#callBoth({ name: `${caller} ${operation} ${key}`, amountMinor });
        kinds.push(told.map((answer) => answer?.kind).join());
      }
    const meant = kinds.filter((told) => told !== 'key-reused,key-reused');
    expect(meant).toEqual([expect.stringMatching(/^(succeeded,succeeded|rejected,rejected|unknown,unknown)$/)]);
  }

  async #callBoth(call: TestCall): Promise<(StartPaymentResult | undefined)[]> {
    const answers = Promise.all([this.#call(0, call), this.#call(1, call)]);
    await this.#world.until(answers);
    return answers;
  }

  async #call(index: 0 | 1, call: TestCall): Promise<StartPaymentResult | undefined> {
    const answer = await this.#replicas[index].call(call);
    this.#history.note(call, answer);
    return answer;
  }

  #start(): Replica {
    return new Replica(this.#world, this.#attempts, keys);
  }
}
