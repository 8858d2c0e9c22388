/** The database is unreachable, or did not store what it was given. What was requested may have happened or not. */
export class StoreUnavailableError extends Error {
  override readonly name = 'StoreUnavailableError';

  constructor(cause: unknown) {
    super('the database is unavailable', { cause });
  }
}

/** For code that continues while the store is unavailable. Throws any other error, since none is expected. */
export function rethrowUnlessUnavailable(error: unknown): void {
  if (!(error instanceof StoreUnavailableError)) throw error;
}

/** The result of `work`, or `substitute` if the store is unavailable. Throws all other errors. */
export async function orIfUnavailable<T, const S>(work: Promise<T>, substitute: S): Promise<T | S> {
  try {
    return await work;
  } catch (error) {
    rethrowUnlessUnavailable(error);
    return substitute;
  }
}
