import { setTimeout as sleep } from 'node:timers/promises';
import type { NotBegun, Telling, Told } from './subscription-source.js';

const RETRY_MS = 1_000;

/** A subscription that begins again; while the store does not answer it waits, and what cannot begin has failed. */
export class ResumedTelling implements Telling {
  #telling: Telling | undefined;
  #refusal: NotBegun | undefined;
  #isOver = false;

  constructor(
    private readonly beginAgain: () => Promise<Telling | NotBegun>,
    private readonly onRefused: (refusal: NotBegun) => void,
  ) {}

  /** Tries once. */
  async begin(): Promise<void> {
    const begun = await this.beginAgain();
    if ('next' in begun) this.#telling = begun;
    else if (!isUnavailable(begun)) this.#refuse(begun);
    if (this.#isOver) await this.#telling?.end();
  }

  async next(): Promise<Told | undefined> {
    while (!this.#isOver) {
      if (this.#telling !== undefined) return this.#telling.next();
      if (this.#refusal !== undefined) return { kind: 'failed', errors: this.#refusal.errors };
      await sleep(RETRY_MS);
      if (!this.#over()) await this.begin();
    }
    return undefined;
  }

  async end(): Promise<void> {
    this.#isOver = true;
    await this.#telling?.end();
  }

  #refuse(refusal: NotBegun): void {
    this.#refusal = refusal;
    this.onRefused(refusal);
  }

  /** Others may have ended it meanwhile. */
  #over(): boolean {
    return this.#isOver;
  }
}

function isUnavailable({ errors }: NotBegun): boolean {
  return errors.some(({ extensions }) => extensions?.code === 'SERVICE_UNAVAILABLE');
}
