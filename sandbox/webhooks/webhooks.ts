import { setMaxListeners } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { Agent, request } from 'undici';
import { FaultQueue } from '../fault-queue.js';
import type { Change, Session } from '../state.js';
import type { Switches } from '../switches.js';
import { eventText, signatureHeader } from './event.js';
import type { WebhookFault } from './faults.js';

/** One attempt, or a delivery that a fault dropped. `answered` is the HTTP status, null when none came. */
export interface Attempt {
  at: string;
  sessionId: string;
  status: string;
  fault: WebhookFault['kind'] | null;
  answered: number | null;
}

interface Delivery extends Pick<Attempt, 'sessionId' | 'status' | 'fault'> {
  readonly url: string;
  readonly headers: Record<string, string>;
  readonly body: string;
}

const attemptsKept = 100_000;
const timeoutMs = 5_000;
const hourMs = 3_600_000;

/** Tells changes to the receiver that the switches name: one attempt each, spoilt by the fault that is due. */
export class Webhooks {
  readonly faults = new FaultQueue<WebhookFault>();
  // A receiver that is slow must not use up the sockets of this process.
  readonly #agent = new Agent({
    connections: 64,
    connect: { timeout: timeoutMs },
    headersTimeout: timeoutMs,
    bodyTimeout: timeoutMs,
  });
  #attempts: Attempt[] = [];
  #held: Delivery[] = [];
  #replayable: Delivery[] = [];
  #underWay = 0;
  #stop = stopForMany();

  constructor(private readonly switches: Readonly<Switches>) {}

  get isOn(): boolean {
    return this.switches.webhookUrl !== '';
  }

  /** Returns at once; the event is on its way, and the log tells what became of it. */
  tell(session: Session, change: Change): void {
    if (!this.isOn) return;
    const fault = this.faults.take();
    const delivery = this.#delivery(session, change, fault);
    if (fault?.kind === 'replay') this.#replayable.push(delivery);
    if (fault?.kind === 'drop') this.#record(delivery, null);
    else if (fault?.kind === 'reorder') this.#held.push(delivery);
    else void this.#carryOut(delivery, this.#held.splice(0), fault?.delayMs);
  }

  /** Sends what replay faults kept once more, with the bytes and the signatures of the first time. Out: how many. */
  replay(): number {
    const kept = this.#replayable;
    this.#replayable = [];
    for (const delivery of kept) void this.#carryOut(delivery, []);
    return kept.length;
  }

  report() {
    const { length: held } = this.#held;
    return { underWay: this.#underWay, held, replayable: this.#replayable.length, attempts: this.#attempts };
  }

  clear(): void {
    this.#stop.abort();
    this.#stop = stopForMany();
    this.faults.clear();
    this.#attempts = [];
    this.#held = [];
    this.#replayable = [];
  }

  async close(): Promise<void> {
    this.clear();
    await this.#agent.destroy();
  }

  #delivery(session: Session, change: Change, fault: WebhookFault | undefined): Delivery {
    const { webhookUrl: url, webhookSecret, webhookSignature } = this.switches;
    const told = fault?.kind === 'stale' ? { ...change, at: hourBefore(change.at) } : change;
    const body = eventText(session, told, this.switches);
    const secret = fault?.kind === 'forge' ? `not-${webhookSecret}` : webhookSecret;
    const headers = {
      'content-type': 'application/json; charset=utf-8',
      ...signatureHeader(body, secret, webhookSignature),
    };
    return { sessionId: session.sessionId, status: change.status, fault: fault?.kind ?? null, url, headers, body };
  }

  /** Never rejects. In: `held` are the deliveries before this one that a reorder makes follow it. */
  async #carryOut(delivery: Delivery, held: Delivery[], delayMs = 0): Promise<void> {
    const { signal } = this.#stop;
    this.#underWay += 1;
    // Without ref the wait does not hold up the end of the program; a clear ends it early.
    if (delayMs > 0) await delay(delayMs, undefined, { ref: false, signal }).catch(() => undefined);
    await Promise.all([
      this.#attempt(delivery, signal),
      ...(delivery.fault === 'double' ? [this.#attempt(delivery, signal)] : []),
    ]);
    for (const each of held) await this.#attempt(each, signal);
    this.#underWay -= 1;
  }

  async #attempt(delivery: Delivery, signal: AbortSignal): Promise<void> {
    const answered = await this.#post(delivery, signal).catch(() => null);
    // A clear has made a new log meanwhile, which knows nothing of this delivery.
    if (!signal.aborted) this.#record(delivery, answered);
  }

  async #post({ url, headers, body }: Delivery, signal: AbortSignal): Promise<number> {
    const answer = await request(url, { method: 'POST', headers, body, dispatcher: this.#agent, signal });
    await answer.body.dump();
    return answer.statusCode;
  }

  #record({ sessionId, status, fault }: Delivery, answered: number | null): void {
    this.#attempts.push({ at: new Date().toISOString(), sessionId, status, fault, answered });
    if (this.#attempts.length > attemptsKept) this.#attempts.shift();
  }
}

function hourBefore(time: string): string {
  return new Date(Date.parse(time) - hourMs).toISOString();
}

/** Node takes more than ten deliveries that listen at a time for a leak. */
function stopForMany(): AbortController {
  const stop = new AbortController();
  setMaxListeners(0, stop.signal);
  return stop;
}
