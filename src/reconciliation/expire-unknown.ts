import type { PaymentSession } from '../domain/payment.js';
import type { ApplyStatusUpdate } from '../payments/status/apply-status-update.js';
import type { Jobs } from '../payments/jobs.js';
import type { ReconciliationStore } from '../store/contracts/reconciliation-store.js';
import type { BusinessDays } from './business-days.js';

const EVERY_MS = 10 * 60_000;

/** Expires payments of unknown outcome, once every daily file that could contain them is imported and none does. */
export class ExpireUnknown {
  constructor(
    private readonly store: Pick<ReconciliationStore, 'findUnnamed' | 'findImportedDays'>,
    private readonly statusUpdates: Pick<ApplyStatusUpdate, 'apply'>,
    private readonly days: BusinessDays,
    private readonly expiresAfterMs: number,
  ) {}

  /** Schedules the expiry on every replica. */
  every(jobs: Jobs): void {
    jobs.every(EVERY_MS, async () => {
      await this.run(new Date());
      return 0;
    });
  }

  /** Expires all payments for which the conditions hold at `now`. */
  async run(now: Date): Promise<void> {
    const before = new Date(now.getTime() - this.expiresAfterMs);
    let last: Pick<PaymentSession, 'createdAt' | 'id'> = { createdAt: new Date(0), id: '' };
    for (;;) {
      const unknown = await this.store.findUnnamed(before, last);
      for (const payment of unknown) await this.#expire(payment);
      const next = unknown.at(-1);
      if (next === undefined) return;
      last = next;
    }
  }

  async #expire(payment: PaymentSession): Promise<void> {
    const first = this.days.dayOf(payment.createdAt);
    const last = this.days.dayOf(new Date(payment.createdAt.getTime() + this.expiresAfterMs));
    const imported = await this.store.findImportedDays(first, last);
    for (const day of this.days.between(first, last)) if (!imported.has(day)) return;
    await this.statusUpdates.apply(payment, {
      source: 'GATEWAY',
      status: 'EXPIRED',
      onlyIf: 'OUTCOME_UNKNOWN',
      details: `no daily file from ${first} to ${last} has it`,
    });
  }
}
