/** The database is unreachable, or did not store what it was given. What was requested may have happened or not. */
export class StoreUnavailableError extends Error {
  override readonly name = 'StoreUnavailable';

  constructor(cause: unknown) {
    super('the database is unavailable', { cause });
  }
}
