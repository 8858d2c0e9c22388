import { setImmediate as nextTurn } from 'node:timers/promises';
import { jest } from '@jest/globals';
import type { Scheduler } from 'fast-check';

export const TIMEOUT_MS = 1_000;
export const LEASE_MS = 1_500;

/** What makes one thing go wrong, each at its turn; when they are used up all goes well. */
export interface Faults {
  readonly store: readonly StoreFault[];
  readonly flinks: readonly FlinksFault[];
  /** How many turns a call waits before it is on its way, and its answer as well: for a token, a slot, the network. */
  readonly turns: readonly number[];
}
/** before: nothing was written. after: it was, and nobody is told. */
export type StoreFault = 'none' | 'before' | 'after';
/** left: a session is left behind that can be paid. lost, sent: no answer, before and after the e-mail. again: a second try. */
export type FlinksFault =
  'succeeded' | 'left' | 'rejected' | 'unavailable' | 'misconfigured' | 'lost' | 'sent' | 'again';

/** A process: once it is dead nothing of it happens any more. */
export class Process {
  dead = false;

  constructor(private readonly world: World) {}

  /** Comes back when fast-check has this go on, if it still can. */
  async step(turns = 1): Promise<void> {
    for (let turn = 0; turn < turns; turn += 1) await this.world.scheduler.schedule(Promise.resolve());
    await this.#unlessDead();
  }

  /** Work whose end this process learns if it lives. */
  async work<T>(work: () => Promise<T>): Promise<T> {
    await this.step();
    const result = await this.world.watched(work);
    await this.step();
    return result;
  }

  #unlessDead(): Promise<void> {
    return this.dead ? new Promise(() => undefined) : Promise.resolve();
  }
}

/** Time, order, chance, and what happened: everything that a run of the property decides and looks at. */
export class World {
  /** Intention by intention: sessions that can be paid, sent e-mails, why an answer may be unknown, and when its attempt began. */
  readonly sessions: { readonly name: string; readonly id: string; readonly process: Process }[] = [];
  readonly emails: string[] = [];
  readonly doubts = new Set<string>();
  readonly toldUnknown = new Set<string>();
  readonly mistakes: string[] = [];
  readonly begunMs = new Map<string, number>();
  nowMs = 0;
  calm = false;
  #busy = 0;
  readonly #store: StoreFault[];
  readonly #flinks: FlinksFault[];
  readonly #turns: number[];

  constructor(
    readonly scheduler: Scheduler,
    faults: Faults,
  ) {
    this.#store = [...faults.store];
    this.#flinks = [...faults.flinks];
    this.#turns = [...faults.turns];
  }

  storeFault(): StoreFault {
    return this.calm ? 'none' : (this.#store.shift() ?? 'none');
  }

  flinksFault(): FlinksFault {
    return this.calm ? 'succeeded' : (this.#flinks.shift() ?? 'succeeded');
  }

  turns(): number {
    return this.calm ? 1 : (this.#turns.shift() ?? 1);
  }

  /** Time passes for the database, and for processes unless they are stopped meanwhile. */
  pass(ms: number, stopped = false): void {
    this.nowMs += ms;
    if (!stopped) jest.advanceTimersByTime(ms);
  }

  /** Who sleeps is woken in whatever order, and late rather than early. */
  async sleep(ms: number): Promise<void> {
    await this.scheduler.schedule(Promise.resolve());
    this.pass(Math.min(ms, TIMEOUT_MS / 10));
  }

  async watched<T>(work: () => Promise<T>): Promise<T> {
    this.#busy += 1;
    try {
      return await work();
    } finally {
      this.#busy -= 1;
    }
  }

  /** Lets things happen, one after another, until `work` is over. */
  async until(work: Promise<unknown>): Promise<void> {
    const progress = { over: false };
    const end = (): boolean => (progress.over = true);
    work.then(end, end);
    for (;;) {
      do await nextTurn();
      while (this.#busy > 0);
      if (progress.over) break;
      if (this.scheduler.count() === 0) throw new Error('it is stuck: nothing is left that could happen');
      await this.scheduler.waitNext(1);
    }
    await work;
  }
}
