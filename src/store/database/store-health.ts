import { StoreUnavailableError } from '../../domain/store-unavailable.js';
import type { Database } from './database.js';

/** Receives failures and recoveries of the database; must not throw. */
export interface StoreObserver {
  readonly onFailure: (problem: string) => void;
  readonly onRecovery: () => void;
  /** A database file was accessible to other users, whose permissions were removed. */
  readonly onPermissionsTightened?: (file: string) => void;
}

/** Tracks whether the last operation on the database succeeded. Every use of the database goes through `guard`. */
export class StoreHealth {
  #failing = false;

  constructor(private readonly observer: StoreObserver) {}

  /** Runs `work`. Every failure becomes a `StoreUnavailableError`: the gateway must not guess what was written. */
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

/** How long a result is reused, so that frequent readiness probes do not load the database. */
const FRESH_MS = 1_000;

/** Checks whether the database accepts writes, by writing: a full disk or a read-only standby still serves reads. */
export class StoreProbe {
  #result: Promise<boolean> | undefined;
  #checkedAtMs = 0;

  constructor(
    private readonly database: Database,
    private readonly health: StoreHealth,
  ) {}

  /** Whether the database accepts writes; at most one check per second. */
  isReady(): Promise<boolean> {
    if (this.#result === undefined || performance.now() - this.#checkedAtMs > FRESH_MS) {
      this.#checkedAtMs = performance.now();
      this.#result = this.#write();
    }
    return this.#result;
  }

  #write(): Promise<boolean> {
    const at = this.database.nowMs;
    const writing = this.health.guard(() =>
      this.database.write((transaction) =>
        transaction
          .insertInto('store_probe')
          .values({ id: 1, at })
          .onConflict((conflict) => conflict.column('id').doUpdateSet({ at }))
          .execute(),
      ),
    );
    return writing.then(
      () => true,
      () => false,
    );
  }
}
