import { StoreUnavailableError } from '../../domain/store-unavailable.js';

/** Told of each failure of the store, and when it answers again; must not throw. */
export interface StoreObserver {
  readonly onFailure: (problem: string) => void;
  readonly onRecovery: () => void;
  /** A file of the store was there with rights for others, which were taken from them. */
  readonly onPermissionsTightened?: (file: string) => void;
}

/** Whether the last thing that was asked of the store came to pass. Every use of it goes through here. */
export class StoreHealth {
  #failing = false;

  constructor(private readonly observer: StoreObserver) {}

  /** Does `work`; whatever makes it fail is a `StoreUnavailable` to the caller: the gateway must not guess what was written. */
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

/** Code and message. What else a database puts into its errors may hold the values of a row. */
export function problemOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown';
  const { code } = error as { code?: unknown };
  return typeof code === 'string' ? `${code}: ${error.message}` : error.message;
}
