import { setImmediate as immediate } from 'node:timers/promises';
import { jest } from '@jest/globals';
import type { Scheduler } from 'fast-check';

export const TIMEOUT_MS = 1_000;
export const LEASE_MS = 1_500;

/** The faults of a run, used one after another. When they are used up, everything succeeds. */
export interface Faults {
  readonly store: readonly StoreFault[];
  readonly flinks: readonly FlinksFault[];
  /** How many scheduler steps each request and each response is delayed: by waiting for a token, a slot, the network. */
  readonly delays: readonly number[];
}
/** before: nothing is written. after: the write succeeds, but its result is lost. */
export type StoreFault = 'none' | 'before' | 'after';
/** left: an orphaned session can be paid. lost, sent: no response, before or after the e-mail is sent. again: a second try. */
export type FlinksFault =
  'succeeded' | 'left' | 'rejected' | 'unavailable' | 'misconfigured' | 'lost' | 'sent' | 'again';

/** A process. Nothing of it happens after it crashed. */
export class Process {
  hasCrashed = false;

  constructor(private readonly environment: SimulatedEnvironment) {}

  /** Waits until fast-check schedules this process again, for ever once it has crashed. */
  async step(count = 1): Promise<void> {
    for (let done = 0; done < count; done += 1) await this.environment.scheduler.schedule(Promise.resolve());
    await this.#unlessCrashed();
  }

  /** Does work whose result reaches this process unless it crashes. */
  async run<T>(work: () => Promise<T>): Promise<T> {
    await this.step();
    const result = await this.environment.track(work);
    await this.step();
    return result;
  }

  #unlessCrashed(): Promise<void> {
    return this.hasCrashed ? new Promise(() => undefined) : Promise.resolve();
  }
}

/** Time, order, faults and observations: everything that a run of the property decides and checks. */
export class SimulatedEnvironment {
  /** By intention: sessions that can be paid, e-mails sent, reasons for an unknown outcome, and starts of attempts. */
  readonly sessions: { readonly name: string; readonly id: string; readonly process: Process }[] = [];
  readonly emails: string[] = [];
  readonly uncertainIntentions = new Set<string>();
  readonly reportedUnknown = new Set<string>();
  readonly violations: string[] = [];
  readonly startedMs = new Map<string, number>();
  nowMs = 0;
  faultsEnded = false;
  #busy = 0;
  readonly #store: StoreFault[];
  readonly #flinks: FlinksFault[];
  readonly #delays: number[];

  constructor(
    readonly scheduler: Scheduler,
    faults: Faults,
  ) {
    this.#store = [...faults.store];
    this.#flinks = [...faults.flinks];
    this.#delays = [...faults.delays];
  }

  storeFault(): StoreFault {
    return this.faultsEnded ? 'none' : (this.#store.shift() ?? 'none');
  }

  flinksFault(): FlinksFault {
    return this.faultsEnded ? 'succeeded' : (this.#flinks.shift() ?? 'succeeded');
  }

  nextDelay(): number {
    return this.faultsEnded ? 1 : (this.#delays.shift() ?? 1);
  }

  /** Advances the time of the database, and of the processes unless they are stopped meanwhile. */
  advance(ms: number, stopped = false): void {
    this.nowMs += ms;
    if (!stopped) jest.advanceTimersByTime(ms);
  }

  /** Sleepers wake in any order, and late rather than early. */
  async sleep(ms: number): Promise<void> {
    await this.scheduler.schedule(Promise.resolve());
    this.advance(Math.min(ms, TIMEOUT_MS / 10));
  }

  async track<T>(work: () => Promise<T>): Promise<T> {
    this.#busy += 1;
    try {
      return await work();
    } finally {
      this.#busy -= 1;
    }
  }

  /** Runs the scheduled steps one after another until `work` has ended. */
  async runUntil(work: Promise<unknown>): Promise<void> {
    const progress = { hasEnded: false };
    const end = (): boolean => (progress.hasEnded = true);
    work.then(end, end);
    for (;;) {
      do await immediate();
      while (this.#busy > 0);
      if (progress.hasEnded) break;
      if (this.scheduler.count() === 0) throw new Error('it is stuck: nothing is left to run');
      await this.scheduler.waitNext(1);
    }
    await work;
  }
}
