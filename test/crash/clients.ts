import { setTimeout as sleep } from 'node:timers/promises';
import { ask } from './ask.js';
import { isFinalAnswer } from './case.js';
import type { Clock } from './clock.js';
import type { Answer, Call, Intent } from './evidence.js';
import type { Random } from './random.js';
import { TIMES } from './settings.js';

/** After so long a router or a browser asks again, while its first call may still be under way. */
const PATIENCE_MS = TIMES.mutation + 1_000;
/** A call that is answered by then is answered; what is later is lost. */
const LONGEST_CALL_MS = 6 * PATIENCE_MS;
const LONGEST_WAIT_MS = 250;
/** For a replica that is not there. */
const REFUSED_WAIT_MS = 750;

/** Whom clients may ask. */
interface Address {
  readonly index: number;
  readonly url: string;
}

/** All clients of a run. They repeat with the same key until they are answered, and every answer is kept, however late. */
export class Clients {
  readonly calls: Call[] = [];
  readonly #underWay = new Set<Promise<Answer>>();
  #lastChance = new AbortController();

  constructor(
    private readonly replicas: readonly Address[],
    private readonly clock: Clock,
  ) {}

  /** Asks until there is a final answer; gives whether there was one. */
  async insist(intent: Intent, random: Random, phase: Call['phase'] = 'load'): Promise<boolean> {
    while (!this.#lastChance.signal.aborted) {
      const call = this.#call(intent, random, phase, AbortSignal.timeout(LONGEST_CALL_MS));
      const answer = await Promise.race([call, sleep(PATIENCE_MS, undefined, { ref: false })]);
      if (answer !== undefined && isFinalAnswer(answer)) return true;
      await sleep(this.#pauseAfter(answer, random));
    }
    return false;
  }

  /** Asks until there is an answer or a connection breaks, and does not come back. */
  async giveUpOnLoss(intent: Intent, random: Random): Promise<void> {
    for (;;) {
      const answer = await this.#call(intent, random, 'load', AbortSignal.timeout(LONGEST_CALL_MS));
      const broke = answer.kind === 'lost' && !isRefused(answer);
      if (broke || isFinalAnswer(answer) || this.#lastChance.signal.aborted) return;
      await sleep(this.#pauseAfter(answer, random));
    }
  }

  /** Asks once, hangs up in the middle, and does not come back. */
  async hangUp(intent: Intent, random: Random): Promise<void> {
    await this.#call(intent, random, 'load', AbortSignal.timeout(random.integer(1, 60)));
  }

  /** From now on those who are still not answered have so long, as have answers that are under way. */
  lastChance(ms: number): void {
    const controller = new AbortController();
    this.#lastChance = controller;
    setTimeout(() => controller.abort(), ms).unref();
  }

  async settled(): Promise<void> {
    while (this.#underWay.size > 0) await Promise.all(this.#underWay);
  }

  async #call(intent: Intent, random: Random, phase: Call['phase'], signal: AbortSignal): Promise<Answer> {
    const replica = random.pick(this.replicas);
    const fromMs = this.clock.now();
    const asked = ask(replica.url, intent, signal);
    this.#underWay.add(asked);
    const answer = await asked;
    this.#underWay.delete(asked);
    this.calls.push({ key: intent.key, replica: replica.index, phase, fromMs, toMs: this.clock.now(), answer });
    return answer;
  }

  #pauseAfter(answer: Answer | undefined, random: Random): number {
    const advised = answer?.kind === 'member' ? (answer.retryAfterMs ?? LONGEST_WAIT_MS) : LONGEST_WAIT_MS;
    const longest = isRefused(answer) ? REFUSED_WAIT_MS : Math.min(LONGEST_WAIT_MS, advised);
    return longest * (0.5 + random.number() / 2);
  }
}

function isRefused(answer: Answer | undefined): boolean {
  return answer?.kind === 'lost' && answer.reason === 'ECONNREFUSED';
}
