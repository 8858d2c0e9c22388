import type { PaymentSession } from '../../domain/payment.js';
import { StoreUnavailableError } from '../../domain/store-unavailable.js';
import type { Logger } from '../../lib/logger.js';
import type { DueStore } from '../../store/contracts/status-store.js';
import type { Jobs } from '../jobs.js';
import type { Urgency } from './lookup-queue.js';
import type { StatusRefresh } from './status-refresh.js';
import type { WatchedPayments } from './watched-payments.js';

const TICK_MS = 1_000;
/** Longer than a tick's lookups take; should their replica die, another one takes them over then. */
const LEASE_MS = 120_000;
/** What is left of each tick to the backlog, however many payments are watched. */
const BACKLOG_SHARE = 0.25;

type Polled = Exclude<Urgency, 'asked'>;

/** Looks payments up when they are due: first those that somebody watches, and with the rest of its budget all others. */
export class StatusPoll {
  readonly #underWay: Record<Polled, number> = { watched: 0, backlog: 0 };
  #ticks = 0;

  constructor(
    private readonly store: Pick<DueStore, 'leaseDue'>,
    private readonly watched: Pick<WatchedPayments, 'processDue' | 'note'>,
    private readonly statusRefresh: Pick<StatusRefresh, 'refresh'>,
    /** What this replica asks Flinks in one tick at most, so that polls leave it time for payments. */
    private readonly perTick: number,
    private readonly log: Logger,
  ) {}

  every(jobs: Pick<Jobs, 'every'>): void {
    jobs.every(TICK_MS, () => this.processDue());
  }

  /** One tick. Lookups go on behind it, so that slow ones of the backlog keep nobody waiting who watches. */
  async processDue(): Promise<number> {
    const limit = this.perTick - this.#reserved();
    const watched = await this.watched.processDue(Math.min(limit, this.perTick - this.#underWay.watched), LEASE_MS);
    for (const payment of watched) void this.#lookup(payment, 'watched');
    const left = Math.min(this.perTick - watched.length, this.perTick - this.#underWay.backlog);
    const due = left > 0 ? await this.store.leaseDue(left, LEASE_MS) : [];
    for (const payment of due) void this.#lookup(payment, 'backlog');
    // Also after a full batch: the next tick is the budget's.
    return 0;
  }

  /** Whole lookups for the backlog, as many in the long run as its share is. */
  #reserved(): number {
    const share = this.perTick * BACKLOG_SHARE;
    this.#ticks += 1;
    return Math.floor(this.#ticks * share) - Math.floor((this.#ticks - 1) * share);
  }

  async #lookup(payment: PaymentSession, urgency: Polled): Promise<void> {
    this.#underWay[urgency] += 1;
    let now: PaymentSession | undefined;
    try {
      const refreshed = await this.statusRefresh.refresh(payment, 'POLL', { urgency });
      if (refreshed.effect !== 'no-response') now = refreshed.payment;
    } catch (error) {
      // The store tells of its failures itself.
      if (!(error instanceof StoreUnavailableError)) this.log.error({ err: error }, 'unexpected error');
    } finally {
      this.#underWay[urgency] -= 1;
      this.watched.note(payment.id, now);
    }
  }
}
