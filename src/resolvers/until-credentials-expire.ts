import { unwatchCredentials, watchCredentials } from './credential-watch.js';
import type { CredentialHolder } from './credential-watch.js';
import { isExpired, unauthenticated } from './field-access.js';

const DONE = { done: true, value: undefined } as const;

/**
 * Passes on the values of a source while the reader's credentials are valid. When they expire, it ends the source and
 * throws UNAUTHENTICATED: at once if a call of `next` is pending, otherwise at the next call.
 */
export class UntilCredentialsExpire<T> implements AsyncIterableIterator<T, void, void>, CredentialHolder {
  #hasExpired = false;
  #isDone = false;

  constructor(
    /** Its `return` ends it, also while a call of `next` is pending. */
    private readonly source: AsyncIterableIterator<T, void, void>,
    readonly reader: CredentialHolder['reader'],
  ) {
    watchCredentials(this);
  }

  async next(): Promise<IteratorResult<T, void>> {
    if (this.#isDone) return DONE;
    const step = this.#hasExpired ? DONE : await this.source.next();
    if (this.#isOver()) return DONE;
    if (!this.#hasExpired && step.done === true) return this.return();
    if (!this.#hasExpired && (await this.#isCurrent())) return step;
    await this.return();
    throw unauthenticated('Subscribe again.');
  }

  /** Ends the source, also while a call of `next` is pending. */
  async return(): Promise<IteratorResult<T, void>> {
    this.#isDone = true;
    unwatchCredentials(this);
    await this.source.return?.();
    return DONE;
  }

  onExpired(): void {
    this.#hasExpired = true;
    void this.source.return?.();
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  /** A method, because TypeScript would narrow the field although `return` may have changed it meanwhile. */
  #isOver(): boolean {
    return this.#isDone;
  }

  async #isCurrent(): Promise<boolean> {
    const { client, isClientCurrent } = this.reader;
    return !isExpired(client) && (await isClientCurrent());
  }
}
