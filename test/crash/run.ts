import { setTimeout as sleep } from 'node:timers/promises';
import { Clients } from './clients.js';
import { Clock, FaultLog, Progress } from './clock.js';
import { Deployment } from './deployment.js';
import { Disturbances } from './disturbances.js';
import type { Evidence, Intention, StoreRows } from './evidence.js';
import { GatewayKiller } from './gateway-killer.js';
import { POINTS } from './points.mjs';
import { Random } from './random.js';
import { TIMEOUTS_MS } from './settings.js';
import type { Settings } from './settings.js';

/** How long clients may repeat after the last fault. */
const GRACE_PERIOD_MS = 20_000;
const MAX_IN_PROGRESS = 40;
const CONCURRENT_REPLAYS = 16;

/** Sends payments to replicas that are killed, paused and disconnected. Then ends all faults and replays every key. */
export async function runCrash(settings: Settings): Promise<Evidence> {
  const deployment = await Deployment.start(settings);
  try {
    return await new Run(settings, deployment).evidence();
  } finally {
    await deployment.close();
  }
}

class Run {
  readonly #random: Random;
  readonly #clock = new Clock();
  readonly #faults = new FaultLog(this.#clock);
  readonly #progress = new Progress();
  readonly #clients: Clients;
  readonly #intentions: readonly Intention[];
  readonly #keysWithoutResult: string[] = [];

  constructor(
    private readonly settings: Settings,
    private readonly deployment: Deployment,
  ) {
    this.#random = new Random(settings.seed);
    this.#clients = new Clients(deployment.replicas, this.#clock);
    const random = this.#random.fork();
    this.#intentions = Array.from({ length: settings.payments }, (_, index) => intentionOf(index, random));
  }

  async evidence(): Promise<Evidence> {
    const { replicas, sandbox } = this.deployment;
    await this.#payWithFaults();
    const atRest = await this.#readAtRest();
    await this.#replayAll();
    const [sessions, outbox] = await Promise.all([sandbox.sessions(), sandbox.outbox()]);
    const atEnd = await this.#stopAndRead();
    return {
      intentions: this.#intentions,
      calls: this.#clients.calls,
      mutationTimeoutMs: TIMEOUTS_MS.mutation,
      keysWithoutResult: this.#keysWithoutResult,
      faults: this.#faults.entries,
      crashes: replicas.flatMap(({ crashes }) => crashes),
      sessions,
      outbox,
      atRest,
      atEnd,
    };
  }

  async #payWithFaults(): Promise<void> {
    const { payments, kills, points = POINTS } = this.settings;
    const starting = this.deployment.replicas.map(async (replica) => ({ replica, process: await replica.start() }));
    const running = await Promise.all(starting);
    const undisturbed = Math.min(20, Math.ceil(payments / 10));
    // The first payments come before any fault, so none of them may have an unknown outcome.
    await this.#pay(this.#intentions.slice(0, undisturbed), Infinity);
    const perKill = (payments - undisturbed) / kills;
    const killer = new GatewayKiller(this.#random.fork(), kills, points, perKill, this.#progress, this.#faults);
    const killsDone = new AbortController();
    const killing = Promise.all(running.map(({ replica, process }) => killer.killRepeatedly(replica, process)));
    await this.#all([
      killing.finally(() => killsDone.abort()),
      this.#disturb(killsDone.signal),
      this.#pay(this.#intentions.slice(undisturbed), perKill),
    ]);
    await this.#clients.settled();
  }

  /** When one part fails, ends the other parts before it rejects. */
  async #all(parts: readonly Promise<unknown>[]): Promise<void> {
    try {
      await Promise.all(parts);
    } catch (error) {
      this.#progress.fail();
      this.#clients.giveUpAfter(0);
      await Promise.allSettled(parts);
      throw error;
    }
  }

  async #disturb(killsDone: AbortSignal): Promise<void> {
    const { sandbox, connections, postgres } = this.deployment;
    const failOver = this.settings.store === 'failover' ? () => this.deployment.failOver() : undefined;
    const disturbances = new Disturbances(this.#random.fork(), sandbox, connections, postgres, failOver, this.#faults);
    await disturbances.disturbUntil(killsDone);
    // On a slow machine the last payments start after the last kill.
    await this.#progress.until(() => this.#progress.started >= this.settings.payments);
    this.#clients.giveUpAfter(GRACE_PERIOD_MS);
  }

  /** Starts some payments at each kill and some after the restart. Resolves when all of them have ended. */
  async #pay(intentions: readonly Intention[], perKill: number): Promise<void> {
    const random = this.#random.fork();
    const inProgress = new Set<Promise<void>>();
    const { started: startedBefore } = this.#progress;
    const mayStart = ({ kills, restarts } = this.#progress): boolean =>
      this.#progress.started - startedBefore < ((kills + restarts + 1) * perKill) / 2;
    for (const intention of intentions) {
      await this.#progress.until(() => mayStart());
      if (inProgress.size >= MAX_IN_PROGRESS) await Promise.race(inProgress);
      await sleep(random.integer(0, 25));
      const paid = this.#payOne(intention, random.fork()).finally(() => inProgress.delete(paid));
      inProgress.add(paid);
      this.#progress.note('started');
    }
    await Promise.all(inProgress);
  }

  /** The user clicks once or several times, or leaves before the result. */
  async #payOne(intention: Intention, random: Random): Promise<void> {
    if (random.chance(0.06)) return this.#clients.hangUp(intention, random);
    if (random.chance(0.2)) return this.#clients.payUntilConnectionLost(intention, random);
    const clicks = random.pick([1, 1, 1, 1, 1, 1, 2, 2, 2, 5]);
    const calls = Array.from({ length: clicks }, () => this.#clients.payUntilResult(intention, random.fork()));
    if ((await Promise.all(calls)).includes(false)) this.#keysWithoutResult.push(intention.key);
  }

  /** Reads the store after it had no faults and no calls for long enough. */
  async #readAtRest(): Promise<StoreRows> {
    await this.deployment.waitUntilIdle();
    return this.#stopAndRead();
  }

  async #stopAndRead(): Promise<StoreRows> {
    for (const replica of this.deployment.replicas) await replica.stop();
    return this.deployment.rows();
  }

  /** Replays each key twice, because the first replay may be the first call of its key that gets a result. */
  async #replayAll(): Promise<void> {
    await Promise.all(this.deployment.replicas.map((replica) => replica.start()));
    this.#clients.giveUpAfter(GRACE_PERIOD_MS + this.#intentions.length * 50);
    const left = [...this.#intentions, ...this.#intentions].values();
    const replaying = Array.from({ length: CONCURRENT_REPLAYS }, async () => {
      const random = this.#random.fork();
      for (const intention of left) await this.#clients.payUntilResult(intention, random, 'replay');
    });
    await Promise.all(replaying);
    await this.#clients.settled();
  }
}

function intentionOf(index: number, random: Random): Intention {
  const operation = random.pick(['createPaymentSession', 'sendPaymentRequest'] as const);
  const name = `${String(index)}-${random.integer(0, 0xffff_ffff).toString(16)}`;
  return { key: `key-${name}`, operation, referenceId: `REF-${name}`, amountMinor: random.integer(100, 100_000) };
}
