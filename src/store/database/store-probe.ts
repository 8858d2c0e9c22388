import type { Database } from './database.js';
import type { StoreHealth } from './store-health.js';

/** How long an answer is good for: whoever may ask for readiness must not be able to keep the store busy with it. */
const FRESH_MS = 1_000;

/** Finds out whether the store takes writes, by writing: a full disk or a read-only replica answers reads. */
export class StoreProbe {
  #asked: Promise<boolean> | undefined;
  #askedAtMs = 0;

  constructor(
    private readonly database: Database,
    private readonly health: StoreHealth,
  ) {}

  isReady(): Promise<boolean> {
    if (this.#asked === undefined || performance.now() - this.#askedAtMs > FRESH_MS) {
      this.#askedAtMs = performance.now();
      this.#asked = this.#write();
    }
    return this.#asked;
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
