import { isExpired, unauthenticated } from './field-access.js';
import { onCredentialsExpired } from './credentials-watch.js';
import type { RequestContext } from './request-context.js';

type Reader = Pick<RequestContext, 'client' | 'isClientCurrent'>;

const DONE = { done: true, value: undefined } as const;

/**
 * Passes on the values of a source while the reader's credentials are valid. When they expire, it ends the source and
 * throws UNAUTHENTICATED: at once if a call of `next` is pending, otherwise at the next call.
 */
export class UntilCredentialsExpire<T> implements AsyncIterableIterator<T, void, void> {
  readonly #expired: Promise<void>;
  readonly #stopWatching: () => void;
  #isDone = false;

  constructor(
    private readonly source: AsyncIterableIterator<T, void, void>,
    private readonly reader: Reader,
  ) {
    let onExpired: () => void = () => undefined;
    this.#expired = new Promise((resolve) => (onExpired = resolve));
    this.#stopWatching = onCredentialsExpired(reader.client, reader.isClientCurrent, onExpired);
  }

  async next(): Promise<IteratorResult<T, void>> {
    if (this.#isDone) return DONE;
    const step = await Promise.race([this.source.next(), this.#expired]);
    if (step?.done === true) return this.return();
    if (step !== undefined && (await this.#isCurrent())) return step;
    await this.return();
    throw unauthenticated('Subscribe again.');
  }

  /** Ends the source, also while a call of `next` is pending. */
  async return(): Promise<IteratorResult<T, void>> {
    this.#isDone = true;
    this.#stopWatching();
    await this.source.return?.();
    return DONE;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async #isCurrent(): Promise<boolean> {
    const { client, isClientCurrent } = this.reader;
    return !isExpired(client) && (await isClientCurrent());
  }
}
