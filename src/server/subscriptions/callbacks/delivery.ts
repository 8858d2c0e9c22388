import { Deadline } from '../../../lib/deadline.js';
import type { Callback } from './callback.js';
import type { CallbackMessage, Post } from './callback-endpoint.js';

/**
 * taken: the router has it. gone: the router does not know the subscription, or will have nothing to do with it. unreachable: no
 * router took it for as long as is tried. stopped: it was not sent, or not taken, when the delivery was stopped.
 */
export type DeliveryResult = 'acknowledged' | 'terminated' | 'unreachable' | 'stopped';

/** For how long, and at what intervals, a message is sent again. */
export interface RetryPolicy {
  readonly giveUpAfterMs: number;
  readonly initialMs: number;
  readonly maxMs: number;
}

export const DEFAULT_RETRY_POLICY: RetryPolicy = { giveUpAfterMs: 120_000, initialMs: 200, maxMs: 5_000 };

/** Worth trying again, of all statuses that are no success. */
const TEMPORARY = new Set([408, 425, 429]);

/** Messages to one callback URL: one at a time and in order, each sent again until it is taken. */
export class Delivery {
  #last: Promise<unknown> = Promise.resolve();
  #isStopped = false;
  #endPause: () => void = () => undefined;

  constructor(
    private readonly callback: Callback,
    private readonly post: Post,
    private readonly retryPolicy: RetryPolicy,
  ) {}

  send(message: CallbackMessage): Promise<DeliveryResult> {
    const sent = this.#last.then(() => this.#sendUntilAcknowledged(message));
    this.#last = sent;
    return sent;
  }

  /** What is under way may still be answered; nothing is sent any more. */
  stop(): void {
    this.#isStopped = true;
    this.#endPause();
  }

  async #sendUntilAcknowledged(message: CallbackMessage): Promise<DeliveryResult> {
    const { giveUpAfterMs, initialMs: firstPauseMs, maxMs: longestPauseMs } = this.retryPolicy;
    const deadline = Deadline.after(giveUpAfterMs);
    for (let pauseMs = firstPauseMs; !this.#isStopped; pauseMs = Math.min(2 * pauseMs, longestPauseMs)) {
      const outcome = classifyStatus(await this.post(this.callback, message));
      if (outcome !== 'later') return outcome;
      if (deadline.remainingMs() === 0) return 'unreachable';
      await this.#pause(pauseMs * (0.5 + Math.random()));
    }
    return 'stopped';
  }

  async #pause(ms: number): Promise<void> {
    if (this.#isStopped) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.#endPause = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}

/** A redirect is not followed: it may lead anywhere. */
export function classifyStatus(status: number | undefined): 'acknowledged' | 'terminated' | 'later' {
  if (status === undefined || status >= 500 || TEMPORARY.has(status)) return 'later';
  return status >= 200 && status < 300 ? 'acknowledged' : 'terminated';
}
