import { setMaxListeners } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { Agent, request } from 'undici';
import { FaultQueue } from '../fault-queue.js';
import type { Change, Session } from '../state.js';
import type { Switches } from '../switches.js';
import { eventText, signatureHeader } from './event.js';
import type { WebhookFault } from './faults.js';

/**
 * One delivery attempt, or a delivery dropped by a fault. `responseStatus` is the HTTP status, null if there was none.
 */
export interface Attempt {
  at: string;
  sessionId: string;
  status: string;
  fault: WebhookFault['kind'] | null;
  responseStatus: number | null;
}

interface Delivery extends Pick<Attempt, 'sessionId' | 'status' | 'fault'> {
  readonly url: string;
  readonly headers: Record<string, string>;
  readonly body: string;
}

const attemptsKept = 100_000;
const timeoutMs = 5_000;
const hourMs = 3_600_000;

/**
 * Delivers status changes to the receiver at the switch `webhookUrl`: one attempt each, altered by the fault that is
 * due.
 */
export class Webhooks {
  readonly faults = new FaultQueue<WebhookFault>();
  // A slow receiver must not use up the sockets of this process.
  readonly #agent = new Agent({
    connections: 64,
    connect: { timeout: timeoutMs },
    headersTimeout: timeoutMs,
    bodyTimeout: timeoutMs,
  });
  #attempts: Attempt[] = [];
  #held: Delivery[] = [];
  #replayable: Delivery[] = [];
  #inFlight = 0;
  #stop = stopForMany();

  constructor(private readonly switches: Readonly<Switches>) {}

  /** Whether webhooks are delivered at all. */
  get isOn(): boolean {
    return this.switches.webhookUrl !== '';
  }

  /** Delivers an event in the background; `report` lists the result. */
  notify(session: Session, change: Change): void {
    if (!this.isOn) return;
    const fault = this.faults.take();
    const delivery = this.#delivery(session, change, fault);
    if (fault?.kind === 'replay') this.#replayable.push(delivery);
    if (fault?.kind === 'drop') this.#record(delivery, null);
    else if (fault?.kind === 'reorder') this.#held.push(delivery);
    else void this.#carryOut(delivery, this.#held.splice(0), fault?.delayMs);
  }

  /** Repeats the deliveries that replay faults recorded, with the same bytes and signatures. Returns their number. */
  replay(): number {
    const kept = this.#replayable;
    this.#replayable = [];
    for (const delivery of kept) void this.#carryOut(delivery, []);
    return kept.length;
  }

  /** The deliveries and attempts as returned by `GET /sandbox/webhooks`. */
  report() {
    const { length: held } = this.#held;
    return { underWay: this.#inFlight, held, replayable: this.#replayable.length, attempts: this.#attempts };
  }

  /** Aborts all deliveries and forgets them. */
  clear(): void {
    this.#stop.abort();
    this.#stop = stopForMany();
    this.faults.clear();
    this.#attempts = [];
    this.#held = [];
    this.#replayable = [];
  }

  /** Aborts all deliveries and closes the connections. */
  async close(): Promise<void> {
    this.clear();
    await this.#agent.destroy();
  }

  #delivery(session: Session, change: Change, fault: WebhookFault | undefined): Delivery {
    const { webhookUrl: url, webhookSecret, webhookSignature } = this.switches;
    const reported = fault?.kind === 'stale' ? { ...change, at: hourBefore(change.at) } : change;
    const body = eventText(session, reported, this.switches);
    const secret = fault?.kind === 'forge' ? `not-${webhookSecret}` : webhookSecret;
    const headers = {
      'content-type': 'application/json; charset=utf-8',
      ...signatureHeader(body, secret, webhookSignature),
    };
    return { sessionId: session.sessionId, status: change.status, fault: fault?.kind ?? null, url, headers, body };
  }

  /** Never rejects. `held`: earlier deliveries that a reorder fault makes follow this one. */
  async #carryOut(delivery: Delivery, held: Delivery[], delayMs = 0): Promise<void> {
    const { signal } = this.#stop;
    this.#inFlight += 1;
    // An unreferenced timer does not delay the end of the process; `clear` ends it early.
    if (delayMs > 0) await delay(delayMs, undefined, { ref: false, signal }).catch(() => undefined);
    await Promise.all([
      this.#attempt(delivery, signal),
      ...(delivery.fault === 'double' ? [this.#attempt(delivery, signal)] : []),
    ]);
    for (const each of held) await this.#attempt(each, signal);
    this.#inFlight -= 1;
  }

  async #attempt(delivery: Delivery, signal: AbortSignal): Promise<void> {
    const responseStatus = await this.#post(delivery, signal).catch(() => null);
    // After `clear` there is a new log, to which this delivery does not belong.
    if (!signal.aborted) this.#record(delivery, responseStatus);
  }

  async #post({ url, headers, body }: Delivery, signal: AbortSignal): Promise<number> {
    const response = await request(url, { method: 'POST', headers, body, dispatcher: this.#agent, signal });
    await response.body.dump();
    return response.statusCode;
  }

  #record({ sessionId, status, fault }: Delivery, responseStatus: number | null): void {
    this.#attempts.push({ at: new Date().toISOString(), sessionId, status, fault, responseStatus });
    if (this.#attempts.length > attemptsKept) this.#attempts.shift();
  }
}

function hourBefore(time: string): string {
  return new Date(Date.parse(time) - hourMs).toISOString();
}

/** Node reports more than ten listeners of one signal as a leak. */
function stopForMany(): AbortController {
  const stop = new AbortController();
  setMaxListeners(0, stop.signal);
  return stop;
}
