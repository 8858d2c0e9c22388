/** The store could not be reached, or did not take what was to be written. What was asked of it may have happened or not. */
export class StoreUnavailableError extends Error {
  override readonly name = 'StoreUnavailable';

  constructor(cause: unknown) {
    super('the store does not answer as it should', { cause });
  }
}
