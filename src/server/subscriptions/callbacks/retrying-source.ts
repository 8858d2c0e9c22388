import { setTimeout as sleep } from 'node:timers/promises';
import type { SubscribeFailure, SubscriptionSource, SourceResult } from './subscription-source.js';

const RETRY_MS = 1_000;

/**
 * A resumed subscription source. While the database is unavailable it retries; any other failure to start ends it as
 * failed.
 */
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
    else if (!isUnavailable(started)) this.#fail(started);
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

  #fail(failure: SubscribeFailure): void {
    this.#failure = failure;
    this.onFailure(failure);
  }

  /** A method, because TypeScript would narrow the field although `end` may have changed it during the pause. */
  #isEnded(): boolean {
    return this.#isOver;
  }
}

function isUnavailable({ errors }: SubscribeFailure): boolean {
  return errors.some(({ extensions }) => extensions?.code === 'SERVICE_UNAVAILABLE');
}
