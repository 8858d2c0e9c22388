import type { Database } from './database.js';
import type { StoreHealth } from './store-health.js';

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

  async #write(): Promise<boolean> {
    const at = this.database.nowMs;
    try {
      await this.health.guard(() =>
        this.database.write((transaction) =>
          transaction
            .insertInto('store_probe')
            .values({ id: 1, at })
            .onConflict((conflict) => conflict.column('id').doUpdateSet({ at }))
            .execute(),
        ),
      );
      return true;
    } catch {
      return false;
    }
  }
}
