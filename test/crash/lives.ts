import { setTimeout as sleep } from 'node:timers/promises';
import type { FaultLog, Progress } from './clock.js';
import type { Random } from './random.js';
import type { Halt, Life, Replica } from './replica.js';
import { TIMES } from './settings.js';

/** How a life goes: halted at a point or at some moment; a pause is followed by a kill. */
interface Fate {
  readonly signal: 'SIGKILL' | 'SIGSTOP';
  readonly halt: Halt | undefined;
}

/** How long payments are waited for; there may be no more. */
const PATIENCE_MS = 1_000;

/** More than there are replicas, so that payments and kills never wait for each other. */
const SLACK = 5;

/** Steps that most lives never take. */
const RARE = /reclaim|abandon|bury:/;

/** Kills and pauses the replicas, each in a loop of its own, until all the kills of the run are done. */
export class Lives {
  readonly #points: Generator<string, never>;

  constructor(
    private readonly random: Random,
    private readonly kills: number,
    points: readonly string[],
    private readonly paymentsPerKill: number,
    private readonly progress: Progress,
    private readonly faults: FaultLog,
  ) {
    this.#points = random.fork().deal(points);
  }

  /** Leaves the replica alive, with no halt before it. */
  async liveAndDie(replica: Replica, first: Life): Promise<void> {
    const random = this.random.fork();
    let fate: Fate = { signal: 'SIGKILL', halt: undefined };
    let life = first;
    while (this.#mayKill()) {
      const back = await this.#suffer(replica, life, fate, random);
      this.progress.note('kills');
      fate = this.#mayKill() ? this.#nextFate(random) : { signal: 'SIGKILL', halt: undefined };
      life = await replica.start(fate.halt);
      this.progress.note('returns');
      back();
    }
    // Others did the last kills while this one waited with a halt before it.
    if (fate.halt !== undefined) await this.#renew(replica, life);
  }

  #mayKill(): boolean {
    return this.progress.kills < this.kills && !this.progress.failed;
  }

  #nextFate(random: Random): Fate {
    const signal = random.chance(0.15) ? 'SIGSTOP' : 'SIGKILL';
    if (random.chance(0.15)) return { signal, halt: undefined };
    const point = this.#points.next().value;
    return { signal, halt: { point, passing: RARE.test(point) ? 1 : random.integer(1, 3), signal } };
  }

  /** Brings a life to its end; gives what notes that the replica is back. */
  async #suffer(replica: Replica, life: Life, fate: Fate, random: Random): Promise<() => void> {
    const reached = await this.#reached(life, fate, random);
    const where = reached ? (fate.halt?.point ?? 'some moment') : 'some moment';
    if (fate.signal === 'SIGSTOP') {
      await this.#pause(replica, life, where, random);
      await this.#somePayments(random.integer(1, 6), random);
      return this.#kill(replica, life, 'some moment');
    }
    return this.#kill(replica, life, where);
  }

  async #kill(replica: Replica, life: Life, where: string): Promise<() => void> {
    const back = this.faults.begin({ kind: 'kill', what: where, replica: replica.index });
    life.signal('SIGKILL');
    await life.ended;
    return back;
  }

  async #pause(replica: Replica, life: Life, where: string, random: Random): Promise<void> {
    const over = this.faults.begin({ kind: 'pause', what: where, replica: replica.index });
    life.signal('SIGSTOP');
    await sleep(TIMES.lease + random.integer(100, 1_500));
    life.signal('SIGCONT');
    over();
  }

  /** Waits for the halt, or for the moment when patience ends; payments go on meanwhile. */
  async #reached(life: Life, { halt }: Fate, random: Random): Promise<boolean> {
    if (halt === undefined) return this.#missed(random);
    const halted = Promise.race([life.halted, life.ended]).then(() => true);
    return Promise.race([halted, this.#missed(random)]);
  }

  /** Kills that run ahead of the payments would meet none. */
  async #missed(random: Random): Promise<false> {
    const { progress, paymentsPerKill } = this;
    await progress.until(() => progress.begun >= (progress.kills - SLACK) * paymentsPerKill);
    await this.#somePayments(2 * paymentsPerKill, random);
    return false;
  }

  /** Until so many more have begun. */
  async #somePayments(count: number, random: Random): Promise<void> {
    const until = this.progress.begun + count;
    const patience = AbortSignal.timeout(PATIENCE_MS);
    await this.progress.until(() => this.progress.begun >= until, patience).catch(() => undefined);
    await sleep(random.integer(0, 120));
  }

  async #renew(replica: Replica, life: Life): Promise<void> {
    const back = await this.#kill(replica, life, 'some moment');
    this.progress.note('kills');
    await replica.start();
    this.progress.note('returns');
    back();
  }
}
