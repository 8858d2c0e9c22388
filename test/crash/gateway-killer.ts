import { setTimeout as sleep } from 'node:timers/promises';
import type { FaultLog, Progress } from './clock.js';
import { ORPHAN_STEP, RARE_STEPS } from './points.mjs';
import type { Random } from './random.js';
import type { GatewayProcess, Halt, Replica } from './replica.js';
import { TIMEOUTS_MS } from './settings.js';

/** The pauses and the kill of one gateway process. */
type Plan = readonly Interruption[];

/** A pause or a kill, at a named point or, without `halt`, at a random moment. */
interface Interruption {
  readonly signal: Halt['signal'];
  readonly halt?: Halt;
}

/** The longest wait for further payments, because there may be none. */
const PAYMENTS_TIMEOUT_MS = 1_000;

/** How far kills may be ahead of payments. It is more than there are replicas, so that the two never wait for each other. */
const MAX_KILLS_AHEAD = 5;

/** A creation records an orphan when it is paused with a session until another replica has taken its key over. */
const PAUSE_WITH_SESSION = interruptionAt('FlinksClient.activateSession:after', 1, 'SIGSTOP');

const RANDOM_KILL: Plan = [{ signal: 'SIGKILL' }];
const RANDOM_MOMENT = 'a random moment';

/** Kills and pauses the replicas, each in its own loop, until all the kills of the run are done. */
export class GatewayKiller {
  readonly #points: Generator<string, never>;

  constructor(
    private readonly random: Random,
    private readonly kills: number,
    points: readonly string[],
    private readonly paymentsPerKill: number,
    private readonly progress: Progress,
    private readonly faults: FaultLog,
  ) {
    this.#points = random.fork().shuffled(points);
  }

  /** Afterwards the replica runs, and no halt is planned for it. */
  async killRepeatedly(replica: Replica, firstProcess: GatewayProcess): Promise<void> {
    const random = this.random.fork();
    let plan: Plan = RANDOM_KILL;
    let process = firstProcess;
    while (this.#mayKill()) {
      const markRestarted = await this.#interrupt(replica, process, plan, random);
      this.progress.note('kills');
      plan = this.#mayKill() ? this.#nextPlan(random) : RANDOM_KILL;
      process = await replica.start(haltsOf(plan));
      this.progress.note('restarts');
      markRestarted();
    }
    // The other replicas had the last kills while a halt was still planned for this one.
    if (haltsOf(plan).length > 0) await this.#restart(replica, process);
  }

  #mayKill(): boolean {
    return this.progress.kills < this.kills && !this.progress.failed;
  }

  #nextPlan(random: Random): Plan {
    const signal = random.chance(0.15) ? 'SIGSTOP' : 'SIGKILL';
    if (random.chance(0.15)) return [{ signal }];
    const point = this.#points.next().value;
    const [step = ''] = point.split(':');
    const isOrphanStep = step === ORPHAN_STEP;
    const passing = isOrphanStep || RARE_STEPS.includes(step) ? 1 : random.integer(1, 3);
    const interruption = interruptionAt(point, passing, signal);
    return isOrphanStep ? [PAUSE_WITH_SESSION, interruption] : [interruption];
  }

  /** Carries a plan out. Returns a function that records that the replica runs again. */
  async #interrupt(replica: Replica, process: GatewayProcess, plan: Plan, random: Random): Promise<() => void> {
    for (const { signal, halt } of plan) {
      const isHalted = await this.#waitForHalt(process, halt, random);
      const where = isHalted && halt !== undefined ? halt.point : RANDOM_MOMENT;
      if (signal === 'SIGKILL') return this.#kill(replica, process, where);
      await this.#pause(replica, process, where, random);
    }
    await this.#waitForPayments(random.integer(1, 6), random);
    return this.#kill(replica, process, RANDOM_MOMENT);
  }

  async #kill(replica: Replica, process: GatewayProcess, where: string): Promise<() => void> {
    const markRestarted = this.faults.begin({ kind: 'kill', description: where, replica: replica.index });
    process.sendSignal('SIGKILL');
    await process.ended;
    return markRestarted;
  }

  async #pause(replica: Replica, process: GatewayProcess, where: string, random: Random): Promise<void> {
    const markContinued = this.faults.begin({ kind: 'pause', description: where, replica: replica.index });
    process.sendSignal('SIGSTOP');
    await sleep(TIMEOUTS_MS.lease + random.integer(100, 1_500));
    process.sendSignal('SIGCONT');
    markContinued();
  }

  /** Waits until the process halts, or long enough while payments continue. Resolves to whether it halted. */
  async #waitForHalt(process: GatewayProcess, halt: Halt | undefined, random: Random): Promise<boolean> {
    if (halt === undefined) return this.#waitInVain(random);
    const halted = Promise.race([process.haltedAt(halt), process.ended]).then(() => true);
    return Promise.race([halted, this.#waitInVain(random)]);
  }

  /** Kills that are far ahead of the payments would interrupt none of them. */
  async #waitInVain(random: Random): Promise<false> {
    const { progress, paymentsPerKill } = this;
    await progress.until(() => progress.started >= (progress.kills - MAX_KILLS_AHEAD) * paymentsPerKill);
    await this.#waitForPayments(2 * paymentsPerKill, random);
    return false;
  }

  /** Waits until this many further payments have started. */
  async #waitForPayments(count: number, random: Random): Promise<void> {
    const target = this.progress.started + count;
    const timeout = AbortSignal.timeout(PAYMENTS_TIMEOUT_MS);
    await this.progress.until(() => this.progress.started >= target, timeout).catch(() => undefined);
    await sleep(random.integer(0, 120));
  }

  async #restart(replica: Replica, process: GatewayProcess): Promise<void> {
    const markRestarted = await this.#kill(replica, process, RANDOM_MOMENT);
    this.progress.note('kills');
    await replica.start();
    this.progress.note('restarts');
    markRestarted();
  }
}

/** An interruption at the nth passing of a point. */
function interruptionAt(point: string, passing: number, signal: Halt['signal']): Interruption {
  return { signal, halt: { point, passing, signal } };
}

function haltsOf(plan: Plan): Halt[] {
  return plan.flatMap(({ halt }) => halt ?? []);
}
