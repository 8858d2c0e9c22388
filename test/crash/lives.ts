import { setTimeout as sleep } from 'node:timers/promises';
import type { FaultLog, Progress } from './clock.js';
import type { Random } from './random.js';
import type { Halt, Life, Replica } from './replica.js';
import { TIMES } from './settings.js';

/** What a life meets in its course: pauses, then a kill, each at a point or, without one, at some moment. */
type Fate = readonly Blow[];

interface Blow {
  readonly signal: Halt['signal'];
  readonly halt?: Halt;
}

/** How long payments are waited for; there may be no more. */
const PATIENCE_MS = 1_000;

/** More than there are replicas, so that payments and kills never wait for each other. */
const SLACK = 5;

/** Steps that most lives never take. */
const RARE = /reclaim|bury:/;

/** What a creation does that was paused, with a session in its hands, until another replica took it over. */
const LATE = /abandon/;
const LATENESS = blowAt('FlinksClient.activateSession:after', 1, 'SIGSTOP');

const SOME_KILL: Fate = [{ signal: 'SIGKILL' }];

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
    let fate: Fate = SOME_KILL;
    let life = first;
    while (this.#mayKill()) {
      const back = await this.#suffer(replica, life, fate, random);
      this.progress.note('kills');
      fate = this.#mayKill() ? this.#nextFate(random) : SOME_KILL;
      life = await replica.start(haltsOf(fate));
      this.progress.note('returns');
      back();
    }
    // Others did the last kills while this one waited with a halt before it.
    if (haltsOf(fate).length > 0) await this.#renew(replica, life);
  }

  #mayKill(): boolean {
    return this.progress.kills < this.kills && !this.progress.failed;
  }

  #nextFate(random: Random): Fate {
    const signal = random.chance(0.15) ? 'SIGSTOP' : 'SIGKILL';
    if (random.chance(0.15)) return [{ signal }];
    const point = this.#points.next().value;
    const blow = blowAt(point, LATE.test(point) || RARE.test(point) ? 1 : random.integer(1, 3), signal);
    return LATE.test(point) ? [LATENESS, blow] : [blow];
  }

  /** Brings a life to its end; gives what notes that the replica is back. */
  async #suffer(replica: Replica, life: Life, fate: Fate, random: Random): Promise<() => void> {
    for (const { signal, halt } of fate) {
      const reached = await this.#reached(life, halt, random);
      const where = reached && halt !== undefined ? halt.point : 'some moment';
      if (signal === 'SIGKILL') return this.#kill(replica, life, where);
      await this.#pause(replica, life, where, random);
    }
    await this.#somePayments(random.integer(1, 6), random);
    return this.#kill(replica, life, 'some moment');
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
  async #reached(life: Life, halt: Halt | undefined, random: Random): Promise<boolean> {
    if (halt === undefined) return this.#missed(random);
    const halted = Promise.race([life.haltedAt(halt), life.ended]).then(() => true);
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

function blowAt(point: string, passing: number, signal: Halt['signal']): Blow {
  return { signal, halt: { point, passing, signal } };
}

function haltsOf(fate: Fate): Halt[] {
  return fate.flatMap(({ halt }) => halt ?? []);
}
