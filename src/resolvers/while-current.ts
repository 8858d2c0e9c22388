import { hasRunOut, unauthenticated } from './access.js';
import { watchCaller } from './caller-watch.js';
import type { RequestContext } from './request-context.js';

type Reader = Pick<RequestContext, 'caller' | 'isCallerCurrent'>;

const OVER = { done: true, value: undefined } as const;

/**
 * The values of a source for as long as its reader is who it was. Then the source is ended and UNAUTHENTICATED is thrown: at once
 * where the next value is waited for, else in place of it.
 */
export class WhileCurrent<T> implements AsyncIterableIterator<T, void, void> {
  readonly #ranOut: Promise<void>;
  readonly #stopWatching: () => void;
  #isOver = false;

  constructor(
    private readonly source: AsyncIterableIterator<T, void, void>,
    private readonly reader: Reader,
  ) {
    let runOut: () => void = () => undefined;
    this.#ranOut = new Promise((resolve) => (runOut = resolve));
    this.#stopWatching = watchCaller(reader.caller, reader.isCallerCurrent, runOut);
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
    const { caller, isCallerCurrent } = this.reader;
    return !hasRunOut(caller) && (await isCallerCurrent());
  }
}
