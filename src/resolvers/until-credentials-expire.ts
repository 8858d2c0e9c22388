import { isExpired, unauthenticated } from './field-access.js';
import { onCredentialsExpired } from './credentials-watch.js';
import type { RequestContext } from './request-context.js';

type Reader = Pick<RequestContext, 'client' | 'isClientCurrent'>;

const OVER = { done: true, value: undefined } as const;

/**
 * The values of a source for as long as its reader is who it was. Then the source is ended and UNAUTHENTICATED is thrown: at once
 * where the next value is waited for, else in place of it.
 */
export class UntilCredentialsExpire<T> implements AsyncIterableIterator<T, void, void> {
  readonly #ranOut: Promise<void>;
  readonly #stopWatching: () => void;
  #isOver = false;

  constructor(
    private readonly source: AsyncIterableIterator<T, void, void>,
    private readonly reader: Reader,
  ) {
    let runOut: () => void = () => undefined;
    this.#ranOut = new Promise((resolve) => (runOut = resolve));
    this.#stopWatching = onCredentialsExpired(reader.client, reader.isClientCurrent, runOut);
  }

  async next(): Promise<IteratorResult<T, void>> {
    if (this.#isOver) return OVER;
    const step = await Promise.race([this.source.next(), this.#ranOut]);
    if (step?.done === true) return this.return();
    if (step !== undefined && (await this.#isCurrent())) return step;
    await this.return();
    throw unauthenticated('Subscribe again.');
  }

  /** Also while somebody waits for the next value. */
  async return(): Promise<IteratorResult<T, void>> {
    this.#isOver = true;
    this.#stopWatching();
    await this.source.return?.();
    return OVER;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async #isCurrent(): Promise<boolean> {
    const { client: caller, isClientCurrent: isCallerCurrent } = this.reader;
    return !isExpired(caller) && (await isCallerCurrent());
  }
}
