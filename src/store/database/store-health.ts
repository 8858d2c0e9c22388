import { StoreUnavailableError } from '../../domain/store-unavailable.js';

/** Receives failures and recoveries of the database; must not throw. */
export interface StoreObserver {
  readonly onFailure: (problem: string) => void;
  readonly onRecovery: () => void;
  /** A database file was accessible to other users, whose permissions were removed. */
  readonly onPermissionsTightened?: (file: string) => void;
}

/**
 * Tracks whether the database works: by whether the last operation succeeded. Every use of the database goes through
 * `guard`.
 */
export class StoreHealth {
  #failing = false;

  constructor(private readonly observer: StoreObserver) {}

  /**
   * Runs `work`. Every failure becomes a `StoreUnavailableError`, because the gateway must not guess what was written.
   */
  async guard<T>(work: () => Promise<T>): Promise<T> {
    try {
      const result = await work();
      if (this.#failing) this.observer.onRecovery();
      this.#failing = false;
      return result;
    } catch (error) {
      this.#failing = true;
      this.observer.onFailure(problemOf(error));
      throw new StoreUnavailableError(error);
    }
  }
}

/** Code and message of an error. Other fields of database errors may contain values of a row. */
export function problemOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown';
  const { code } = error as { code?: unknown };
  return typeof code === 'string' ? `${code}: ${error.message}` : error.message;
}
