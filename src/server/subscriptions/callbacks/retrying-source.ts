import { setTimeout as sleep } from 'node:timers/promises';
import type { SubscribeFailure, SubscriptionSource, SourceResult } from './subscription-source.js';

const RETRY_MS = 1_000;

/** A subscription that begins again; while the store does not answer it waits, and what cannot begin has failed. */
export class RetryingSource implements SubscriptionSource {
  #source: SubscriptionSource | undefined;
  #failure: SubscribeFailure | undefined;
  #isOver = false;

  constructor(
    private readonly resume: () => Promise<SubscriptionSource | SubscribeFailure>,
    private readonly onFailure: (refusal: SubscribeFailure) => void,
  ) {}

  /** Tries once. */
  async start(): Promise<void> {
    const begun = await this.resume();
    if ('next' in begun) this.#source = begun;
    else if (!isUnavailable(begun)) this.#fail(begun);
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

  #fail(refusal: SubscribeFailure): void {
    this.#failure = refusal;
    this.onFailure(refusal);
  }

  /** Others may have ended it meanwhile. */
  #isEnded(): boolean {
    return this.#isOver;
  }
}

function isUnavailable({ errors }: SubscribeFailure): boolean {
  return errors.some(({ extensions }) => extensions?.code === 'SERVICE_UNAVAILABLE');
}
