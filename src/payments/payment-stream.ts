import type { Owner } from '../domain/api-client.js';
import { orIfUnavailable } from '../domain/store-unavailable.js';
import type { PaymentState, PaymentStates } from './payment-state.js';
import type { PaymentUpdate, SharedRead } from './shared-read.js';

type Step = IteratorResult<PaymentState, void>;

const DONE = { done: true, value: undefined } as const;

/**
 * The states of one payment for one subscriber, each once and in order, until the payment is final. Buffers nothing for
 * a slow subscriber: it reads what it missed from the store. Not a generator, because a generator that waits cannot be
 * ended, and takes more memory.
 */
export class PaymentStream implements PaymentStates {
  #states: PaymentState[];
  #isFinal: boolean;
  #lastEvent: number;
  /** Of the latest notification that this subscriber has not followed yet. */
  #read: SharedRead | undefined;
  #isReading = false;
  #hasEnded = false;
  /** Settles the pending call of `next`. */
  #resolve: ((step: Step | Promise<Step>) => void) | undefined;

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
    this.#proceed();
  }

  next(): Promise<Step> {
    return new Promise((resolve) => {
      this.#resolve = resolve;
      this.#proceed();
    });
  }

  /** Ends the stream, also while a call of `next` is pending, and even if that waits for the store. */
  return(): Promise<Step> {
    this.#end();
    this.#settle(DONE);
    return Promise.resolve(DONE);
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  /** Continues the pending call of `next`, if there is one. */
  #proceed(): void {
    if (this.#resolve === undefined || this.#isReading) return;
    const state = this.#states.shift();
    if (state !== undefined) this.#settle({ done: false, value: state });
    else if (this.#isFinal) void this.return();
    else if (this.#read !== undefined) void this.#follow(this.#read);
  }

  async #follow(read: SharedRead): Promise<void> {
    this.#read = undefined;
    this.#isReading = true;
    try {
      const update = await orIfUnavailable(read.after(this.owner, this.#lastEvent), 'unavailable');
      // Otherwise the next periodic comparison notifies the subscriber again.
      if (update !== 'unavailable') this.#take(update);
    } catch (error) {
      this.#fail(error as Error);
    }
    this.#isReading = false;
    this.#proceed();
  }

  #fail(error: Error): void {
    this.#settle(Promise.reject(error));
    this.#end();
  }

  #take(update: PaymentUpdate | undefined): void {
    if (update === undefined || this.#hasEnded) {
      this.#end();
      return;
    }
    this.#states = update.states.filter(({ event }) => event > this.#lastEvent);
    this.#isFinal = update.isFinal;
    this.#lastEvent = update.eventCount;
  }

  #end(): void {
    if (!this.#hasEnded) this.onEnd(this);
    this.#hasEnded = true;
    this.#states = [];
    this.#isFinal = true;
  }

  #settle(step: Step | Promise<Step>): void {
    this.#resolve?.(step);
    this.#resolve = undefined;
  }
}
