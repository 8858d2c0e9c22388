import type { Owner } from '../domain/api-client.js';
import { orIfUnavailable } from '../domain/store-unavailable.js';
import type { PaymentState, PaymentStates } from './payment-state.js';
import type { PaymentUpdate, SharedRead } from './shared-read.js';

const DONE = { done: true, value: undefined } as const;

/**
 * The states of one payment for one subscriber, each once and in order, until the payment is final. Buffers nothing for
 * a slow subscriber: it reads what it missed from the store.
 */
export class PaymentStream implements PaymentStates {
  #states: PaymentState[];
  #isFinal: boolean;
  #lastEvent: number;
  /** Of the latest notification that this subscriber has not followed yet. */
  #read: SharedRead | undefined;
  #wake: (() => void) | undefined;
  #hasEnded = false;

  constructor(
    private readonly owner: Owner,
    /** What the subscriber gets first. */
    { states, eventCount, isFinal }: PaymentUpdate,
    /** Called once. */
    private readonly onEnd: (stream: PaymentStream) => void,
  ) {
    this.#states = [...states];
    this.#isFinal = isFinal;
    this.#lastEvent = eventCount;
  }

  /** The last event that was sent, or that need not be sent. */
  get lastEvent(): number {
    return this.#lastEvent;
  }

  /** Notifies the subscriber that the payment may have changed. `read` must not have begun before the change. */
  notify(read: SharedRead): void {
    this.#read = read;
    this.#wake?.();
  }

  async next(): Promise<IteratorResult<PaymentState, void>> {
    while (!this.#hasEnded) {
      const state = this.#states.shift();
      if (state !== undefined) return { done: false, value: state };
      if (this.#isFinal) break;
      if (this.#read === undefined) await new Promise<void>((resolve) => (this.#wake = resolve));
      else await this.#follow(this.#read);
    }
    return this.return();
  }

  /** Ends the stream, also while a call of `next` is pending. */
  return(): Promise<IteratorResult<PaymentState, void>> {
    if (!this.#hasEnded) this.onEnd(this);
    this.#hasEnded = true;
    this.#wake?.();
    return Promise.resolve(DONE);
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async #follow(read: SharedRead): Promise<void> {
    this.#read = undefined;
    const found = read.after(this.owner, this.#lastEvent);
    const update = await orIfUnavailable(found, 'unavailable').catch((error: unknown) => {
      void this.return();
      throw error;
    });
    // The next periodic comparison notifies the subscriber again.
    if (update === 'unavailable') return;
    const { states = [], isFinal = true, eventCount = this.#lastEvent } = update ?? {};
    this.#states = states.filter(({ event }) => event > this.#lastEvent);
    this.#isFinal = isFinal;
    this.#lastEvent = eventCount;
  }
}
