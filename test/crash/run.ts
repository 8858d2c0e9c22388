import { setTimeout as sleep } from 'node:timers/promises';
import { Clients } from './clients.js';
import { Clock, FaultLog, Progress } from './clock.js';
import { Cuts } from './cuts.js';
import type { Evidence, Intent, StoreRows } from './evidence.js';
import { Lives } from './lives.js';
import { POINTS } from './points.mjs';
import { Random } from './random.js';
import { TIMES } from './settings.js';
import type { Settings } from './settings.js';
import { Stage } from './stage.js';

const LAST_CHANCE_MS = 20_000;
const MOST_UNDER_WAY = 40;
const REPLAYS_AT_ONCE = 16;

/** Runs payments against replicas that are killed, paused and cut off, then lets all heal and replays every key. */
export async function runCrash(settings: Settings): Promise<Evidence> {
  const stage = await Stage.build(settings);
  try {
    return await new Run(settings, stage).evidence();
  } finally {
    await stage.close();
  }
}

class Run {
  readonly #random: Random;
  readonly #clock = new Clock();
  readonly #faults = new FaultLog(this.#clock);
  readonly #progress = new Progress();
  readonly #clients: Clients;
  readonly #intents: readonly Intent[];
  readonly #unanswered: string[] = [];

  constructor(
    private readonly settings: Settings,
    private readonly stage: Stage,
  ) {
    this.#random = new Random(settings.seed);
    this.#clients = new Clients(stage.replicas, this.#clock);
    const random = this.#random.fork();
    this.#intents = Array.from({ length: settings.payments }, (_, index) => intentOf(index, random));
  }

  async evidence(): Promise<Evidence> {
    await this.#payThroughMayhem();
    const atRest = await this.#rest();
    await this.#replayAll();
    const [sessions, outbox] = await Promise.all([this.stage.sandbox.sessions(), this.stage.sandbox.outbox()]);
    const atEnd = await this.#stopAndRead();
    return {
      intents: this.#intents,
      calls: this.#clients.calls,
      mutationMs: TIMES.mutation,
      unanswered: this.#unanswered,
      faults: this.#faults.entries,
      crashes: this.stage.replicas.flatMap(({ crashes }) => crashes),
      sessions,
      outbox,
      atRest,
      atEnd,
    };
  }

  async #payThroughMayhem(): Promise<void> {
    const { payments, kills, points = POINTS } = this.settings;
    const begun = this.stage.replicas.map(async (replica) => ({ replica, life: await replica.start() }));
    const living = await Promise.all(begun);
    const calm = Math.min(20, Math.ceil(payments / 10));
    // Some payments before anything is disturbed: none of them may be unknown.
    await this.#pay(this.#intents.slice(0, calm), Infinity);
    const perKill = (payments - calm) / kills;
    const lives = new Lives(this.#random.fork(), kills, points, perKill, this.#progress, this.#faults);
    const healed = new AbortController();
    const died = Promise.all(living.map(({ replica, life }) => lives.liveAndDie(replica, life)));
    await this.#all([
      died.finally(() => healed.abort()),
      this.#disturb(healed.signal),
      this.#pay(this.#intents.slice(calm), perKill),
    ]);
    await this.#clients.settled();
  }

  /** When one part fails the others end as well, before it is told. */
  async #all(parts: readonly Promise<unknown>[]): Promise<void> {
    try {
      await Promise.all(parts);
    } catch (error) {
      this.#progress.fail();
      this.#clients.lastChance(0);
      await Promise.allSettled(parts);
      throw error;
    }
  }

  async #disturb(healed: AbortSignal): Promise<void> {
    const { sandbox, lines, postgres } = this.stage;
    const failOver = this.settings.store === 'failover' ? () => this.stage.failOver() : undefined;
    await new Cuts(this.#random.fork(), sandbox, lines, postgres, failOver, this.#faults).disturbUntil(healed);
    // Clients are slower than kills where the machine is.
    await this.#progress.until(() => this.#progress.begun >= this.settings.payments);
    this.#clients.lastChance(LAST_CHANCE_MS);
  }

  /** Begins some payments at each kill and some when the replica is back; resolves when all are answered. */
  async #pay(intents: readonly Intent[], perKill: number): Promise<void> {
    const random = this.#random.fork();
    const underWay = new Set<Promise<void>>();
    const { begun } = this.#progress;
    const mayBegin = ({ kills, returns } = this.#progress): boolean =>
      this.#progress.begun - begun < ((kills + returns + 1) * perKill) / 2;
    for (const intent of intents) {
      await this.#progress.until(() => mayBegin());
      if (underWay.size >= MOST_UNDER_WAY) await Promise.race(underWay);
      await sleep(random.integer(0, 25));
      const paid = this.#payOne(intent, random.fork()).finally(() => underWay.delete(paid));
      underWay.add(paid);
      this.#progress.note('begun');
    }
    await Promise.all(underWay);
  }

  /** One click, a double click or an impatient one; or a user who goes away. */
  async #payOne(intent: Intent, random: Random): Promise<void> {
    if (random.chance(0.06)) return this.#clients.hangUp(intent, random);
    if (random.chance(0.2)) return this.#clients.giveUpOnLoss(intent, random);
    const clicks = random.pick([1, 1, 1, 1, 1, 1, 2, 2, 2, 5]);
    const insisted = Array.from({ length: clicks }, () => this.#clients.insist(intent, random.fork()));
    if ((await Promise.all(insisted)).includes(false)) this.#unanswered.push(intent.key);
  }

  /** What the store holds when all has been healthy for long enough, and nobody asks. */
  async #rest(): Promise<StoreRows> {
    await this.stage.rest();
    return this.#stopAndRead();
  }

  async #stopAndRead(): Promise<StoreRows> {
    for (const replica of this.stage.replicas) await replica.stop();
    return this.stage.rows();
  }

  /** Twice each: the first repetition may be the first that was answered. */
  async #replayAll(): Promise<void> {
    await Promise.all(this.stage.replicas.map((replica) => replica.start()));
    this.#clients.lastChance(LAST_CHANCE_MS + this.#intents.length * 50);
    const left = [...this.#intents, ...this.#intents].values();
    const replaying = Array.from({ length: REPLAYS_AT_ONCE }, async () => {
      const random = this.#random.fork();
      for (const intent of left) await this.#clients.insist(intent, random, 'replay');
    });
    await Promise.all(replaying);
    await this.#clients.settled();
  }
}

function intentOf(index: number, random: Random): Intent {
  const operation = random.pick(['createPaymentSession', 'sendPaymentRequest'] as const);
  const name = `${String(index)}-${random.integer(0, 0xffff_ffff).toString(16)}`;
  return { key: `key-${name}`, operation, referenceId: `REF-${name}`, amountMinor: random.integer(100, 100_000) };
}
