import { backoffMs } from '../../../lib/backoff.js';
import type { Backoff } from '../../../lib/backoff.js';
import { Deadline } from '../../../lib/deadline.js';
import { WakeSignal } from '../../../lib/wake-signal.js';
import type { CallbackEndpoint, CallbackMessage } from './callback-endpoint.js';
import type { Callback } from './registration.js';

/**
 * `acknowledged`: the router accepted the message. `terminated`: the router does not know the subscription, or rejects
 * it. `unreachable`: no attempt was acknowledged until retries ended. `stopped`: the message was not sent, or not
 * acknowledged, before the sender was stopped.
 */
export type SendResult = 'acknowledged' | 'terminated' | 'unreachable' | 'stopped';

/** No retry starts later than `giveUpAfterMs` after the first attempt. */
type RetryPolicy = Backoff & { readonly giveUpAfterMs: number };

const DEFAULT_RETRY_POLICY: RetryPolicy = { giveUpAfterMs: 120_000, initialMs: 200, maxMs: 5_000 };

/** Statuses below 500 that are worth a retry. */
const TEMPORARY = new Set([408, 425, 429]);

/** Sends messages to one callback URL: one at a time and in order, each again until it is acknowledged. */
export class MessageSender {
  #last: Promise<unknown> = Promise.resolve();
  readonly #stopSignal = new WakeSignal();
  #isStopped = false;

  constructor(
    private readonly callback: Callback,
    private readonly endpoint: Pick<CallbackEndpoint, 'post'>,
    private readonly retryPolicy = DEFAULT_RETRY_POLICY,
  ) {}

  /** Sends a message after all messages before it. Never rejects. */
  send(message: CallbackMessage): Promise<SendResult> {
    const sent = this.#last.then(() => this.#sendUntilAcknowledged(message));
    this.#last = sent;
    return sent;
  }

  /** Starts no further request; a request in flight may still be acknowledged. */
  stop(): void {
    this.#isStopped = true;
    this.#stopSignal.close();
  }

  async #sendUntilAcknowledged(message: CallbackMessage): Promise<SendResult> {
    const deadline = Deadline.after(this.retryPolicy.giveUpAfterMs);
    for (let attempts = 1; !this.#isStopped; attempts += 1) {
      const result = classifyStatus(await this.endpoint.post(this.callback, message));
      if (result !== 'later') return result;
      if (deadline.remainingMs() === 0) return 'unreachable';
      await this.#stopSignal.wait(backoffMs(this.retryPolicy, attempts) * (0.5 + Math.random()));
    }
    return 'stopped';
  }
}

/** Classifies a response's status; `later` means a retry. Redirects are not followed: they may lead anywhere. */
export function classifyStatus(status: number | undefined): 'acknowledged' | 'terminated' | 'later' {
  if (status === undefined || status >= 500 || TEMPORARY.has(status)) return 'later';
  return status >= 200 && status < 300 ? 'acknowledged' : 'terminated';
}
