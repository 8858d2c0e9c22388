import { setTimeout as sleep } from 'node:timers/promises';
import type { GraphQLFormattedError } from 'graphql';
import type { Logger } from '../../../lib/logger.js';
import type { Registration } from './registration.js';

/** One result of a subscription, with the number of the event that led to it. `failed` is the last one. */
export type SourceResult =
  | { readonly kind: 'next'; readonly payload: object; readonly event: number }
  | { readonly kind: 'failed'; readonly errors: readonly object[] };

/** Yields the results of a subscription one by one, on request. */
export interface SubscriptionSource {
  /** The next result; undefined after the end. */
  next(): Promise<SourceResult | undefined>;
  /** Ends the subscription, also while a call of `next` is pending. */
  end(): Promise<unknown>;
}

/** Why a subscription did not start, as entries of `errors[]`. */
export interface SubscribeFailure {
  readonly errors: readonly GraphQLFormattedError[];
}

/** Starts a subscription from the first event after `afterEvent`. */
export type ResumeSubscription = (
  registration: Registration,
  afterEvent: number,
  log: Logger,
) => Promise<SubscriptionSource | SubscribeFailure>;

const RETRY_MS = 1_000;

/** A resumed source. While the database is unavailable it retries; any other failure to start ends it as failed. */
export class RetryingSource implements SubscriptionSource {
  #source: SubscriptionSource | undefined;
  #failure: SubscribeFailure | undefined;
  #isOver = false;

  constructor(
    private readonly resume: () => Promise<SubscriptionSource | SubscribeFailure>,
    private readonly onFailure: (failure: SubscribeFailure) => void,
  ) {}

  /** Makes one attempt to start. */
  async start(): Promise<void> {
    const started = await this.resume();
    if ('next' in started) this.#source = started;
    else if (!started.errors.some(({ extensions }) => extensions?.code === 'SERVICE_UNAVAILABLE')) {
      this.#failure = started;
      this.onFailure(started);
    }
    if (this.#isOver) await this.#source?.end();
  }

  async next(): Promise<SourceResult | undefined> {
    while (!this.#isOver) {
      if (this.#source !== undefined) return this.#source.next();
      if (this.#failure !== undefined) return { kind: 'failed', errors: this.#failure.errors };
      await sleep(RETRY_MS);
      if (!this.#isEnded()) await this.start();
    }
    return undefined;
  }

  async end(): Promise<void> {
    this.#isOver = true;
    await this.#source?.end();
  }

  /** A method, because TypeScript would narrow the field although `end` may have changed it during the pause. */
  #isEnded(): boolean {
    return this.#isOver;
  }
}
