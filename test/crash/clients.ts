import { setTimeout as sleep } from 'node:timers/promises';
import type { Clock } from './clock.js';
import type { Call, ClientResponse, Intention } from './evidence.js';
import { isFinalResponse } from './key-history.js';
import type { Random } from './random.js';
import { sendPayment } from './send-payment.js';
import { TIMEOUTS_MS } from './settings.js';

/** After this time a client sends the payment again, like a router or a browser, although the first call may be in progress. */
const CLIENT_TIMEOUT_MS = TIMEOUTS_MS.mutation + 1_000;
/** A response that comes later counts as lost. */
const MAX_CALL_MS = 6 * CLIENT_TIMEOUT_MS;
const MAX_WAIT_MS = 250;
/** The wait after a replica refused the connection, because it is not running. */
const WAIT_AFTER_REFUSED_MS = 750;

interface Address {
  readonly index: number;
  readonly url: string;
}

/** All clients of a run. Each repeats its payment with the same key. Every response is recorded, however late it comes. */
export class Clients {
  readonly calls: Call[] = [];
  readonly #inProgress = new Set<Promise<ClientResponse>>();
  #deadline = new AbortController();

  constructor(
    private readonly replicas: readonly Address[],
    private readonly clock: Clock,
  ) {}

  /** Repeats a payment until the result is final. Resolves to whether a final result came before the deadline. */
  async payUntilResult(intention: Intention, random: Random, phase: Call['phase'] = 'load'): Promise<boolean> {
    while (!this.#deadline.signal.aborted) {
      const call = this.#call(intention, random, phase, AbortSignal.timeout(MAX_CALL_MS));
      const response = await Promise.race([call, sleep(CLIENT_TIMEOUT_MS, undefined, { ref: false })]);
      if (response !== undefined && isFinalResponse(response)) return true;
      await sleep(this.#waitAfter(response, random));
    }
    return false;
  }

  /** Repeats a payment until the result is final or a connection breaks. */
  async payUntilConnectionLost(intention: Intention, random: Random): Promise<void> {
    for (;;) {
      const response = await this.#call(intention, random, 'load', AbortSignal.timeout(MAX_CALL_MS));
      const isBroken = response.kind === 'lost' && !isConnectionRefused(response);
      if (isBroken || isFinalResponse(response) || this.#deadline.signal.aborted) return;
      await sleep(this.#waitAfter(response, random));
    }
  }

  /** Sends a payment once and closes the connection before the response. */
  async hangUp(intention: Intention, random: Random): Promise<void> {
    await this.#call(intention, random, 'load', AbortSignal.timeout(random.integer(1, 60)));
  }

  /** Clients that have no final result after this time stop repeating. */
  giveUpAfter(ms: number): void {
    const controller = new AbortController();
    this.#deadline = controller;
    setTimeout(() => controller.abort(), ms).unref();
  }

  /** Resolves when no call is in progress. */
  async settled(): Promise<void> {
    while (this.#inProgress.size > 0) await Promise.all(this.#inProgress);
  }

  async #call(
    intention: Intention,
    random: Random,
    phase: Call['phase'],
    signal: AbortSignal,
  ): Promise<ClientResponse> {
    const replica = random.pick(this.replicas);
    const fromMs = this.clock.now();
    const sent = sendPayment(replica.url, intention, signal);
    this.#inProgress.add(sent);
    const response = await sent;
    this.#inProgress.delete(sent);
    this.calls.push({ key: intention.key, replica: replica.index, phase, fromMs, toMs: this.clock.now(), response });
    return response;
  }

  #waitAfter(response: ClientResponse | undefined, random: Random): number {
    const advised = response?.kind === 'result' ? (response.retryAfterMs ?? MAX_WAIT_MS) : MAX_WAIT_MS;
    const longest = isConnectionRefused(response) ? WAIT_AFTER_REFUSED_MS : Math.min(MAX_WAIT_MS, advised);
    return longest * (0.5 + random.number() / 2);
  }
}

function isConnectionRefused(response: ClientResponse | undefined): boolean {
  return response?.kind === 'lost' && response.reason === 'ECONNREFUSED';
}
