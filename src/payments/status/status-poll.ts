import type { PaymentSession } from '../../domain/payment.js';
import { StoreUnavailableError } from '../../domain/store-unavailable.js';
import type { Logger } from '../../lib/logger.js';
import type { DueStore } from '../../store/contracts/status-store.js';
import type { Jobs } from '../jobs.js';
import type { Urgency } from './lookup-queue.js';
import type { StatusRefresh } from './status-refresh.js';
import type { WatchedPayments } from './watched-payments.js';

const TICK_MS = 1_000;
/** Longer than a tick's lookups take. If their replica crashes, another one takes them over after this time. */
const LEASE_MS = 120_000;
/** Share of each tick that is reserved for the backlog, regardless of the number of watched payments. */
const BACKLOG_SHARE = 0.25;

type Polled = Exclude<Urgency, 'asked'>;

/** Looks payments up when they are due: watched ones first, and with the rest of the tick's budget all others. */
export class StatusPoll {
  readonly #inFlight: Record<Polled, number> = { watched: 0, backlog: 0 };
  #ticks = 0;

  constructor(
    private readonly store: Pick<DueStore, 'leaseDue'>,
    private readonly watched: Pick<WatchedPayments, 'processDue' | 'note'>,
    private readonly statusRefresh: Pick<StatusRefresh, 'refresh'>,
    /** Maximum number of lookups per tick on this replica, so that polling leaves capacity for payments. */
    private readonly perTick: number,
    private readonly log: Logger,
  ) {}

  /** Schedules the poll's ticks. */
  every(jobs: Pick<Jobs, 'every'>): void {
    jobs.every(TICK_MS, () => this.processDue());
  }

  /**
   * Runs one tick. Its lookups continue in the background, so that slow ones of the backlog delay no watched payment.
   * Throws `StoreUnavailableError`.
   */
  async processDue(): Promise<number> {
    const limit = this.perTick - this.#reserved();
    const watched = await this.watched.processDue(Math.min(limit, this.perTick - this.#inFlight.watched), LEASE_MS);
    for (const payment of watched) void this.#lookup(payment, 'watched');
    const remaining = Math.min(this.perTick - watched.length, this.perTick - this.#inFlight.backlog);
    const due = remaining > 0 ? await this.store.leaseDue(remaining, LEASE_MS) : [];
    for (const payment of due) void this.#lookup(payment, 'backlog');
    // Also after a full batch, because the next tick has a budget of its own.
    return 0;
  }

  /** Number of lookups reserved for the backlog in this tick: whole numbers that average to its share. */
  #reserved(): number {
    const share = this.perTick * BACKLOG_SHARE;
    this.#ticks += 1;
    return Math.floor(this.#ticks * share) - Math.floor((this.#ticks - 1) * share);
  }

  async #lookup(payment: PaymentSession, urgency: Polled): Promise<void> {
    this.#inFlight[urgency] += 1;
    let now: PaymentSession | undefined;
    try {
      const refreshed = await this.statusRefresh.refresh(payment, 'POLL', { urgency });
      if (refreshed.effect !== 'no-response') now = refreshed.payment;
    } catch (error) {
      // The store logs its own failures.
      if (!(error instanceof StoreUnavailableError))
        this.log.error({ event: 'unexpected_error', err: error }, 'unexpected error');
    } finally {
      this.#inFlight[urgency] -= 1;
      this.watched.note(payment.id, now);
    }
  }
}
