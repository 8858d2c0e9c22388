/** The database is unreachable, or did not store what it was given. What was requested may have happened or not. */
export class StoreUnavailableError extends Error {
  override readonly name = 'StoreUnavailableError';

  constructor(cause: unknown) {
    super('the database is unavailable', { cause });
  }
}

/** For code that may go on while the store is unavailable: any other error is one that nobody expects. */
export function rethrowUnlessUnavailable(error: unknown): void {
  if (!(error instanceof StoreUnavailableError)) throw error;
}
