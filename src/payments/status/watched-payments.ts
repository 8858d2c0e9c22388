import type { PaymentSession } from '../../domain/payment.js';
import { isFinal } from '../../domain/payment-status.js';
import type { DueStore, StatusStore } from '../../store/contracts/status-store.js';
import type { StatusRefresh } from './status-refresh.js';

/** Subscriptions renew their interest at least this often; without renewal a payment is no longer watched. */
const FORGOTTEN_AFTER_MS = 30_000;
/** Interval of retries when Flinks did not respond; shorter if a status is stale sooner. */
const RETRY_MS = 10_000;
/** Maximum number of payments that one step examines. */
const BATCH = 200;

interface Watched {
  /** When its status is stale, or has to be checked for that. */
  dueMs: number;
  wantedMs: number;
}

/** Payments that are watched on this replica, and when each has to be looked up next. */
export class WatchedPayments {
  readonly #watched = new Map<string, Watched>();

  constructor(
    private readonly payments: Pick<StatusStore, 'find'>,
    private readonly due: Pick<DueStore, 'reserve'>,
    private readonly statusRefresh: Pick<StatusRefresh, 'staleInMs'>,
    private readonly staleAfterMs: number,
  ) {}

  /** Marks payments as watched. Must be repeated for as long as they are. */
  want(ids: readonly string[]): void {
    const nowMs = performance.now();
    for (const id of ids) this.#watched.set(id, { dueMs: nowMs, ...this.#watched.get(id), wantedMs: nowMs });
  }

  /**
   * Leases up to `limit` watched payments with a stale status for `forMs` milliseconds, those first that have been due
   * longest. Throws `StoreUnavailableError`.
   */
  async processDue(limit: number, forMs: number): Promise<PaymentSession[]> {
    const due = this.#due();
    if (due.length === 0 || limit <= 0) return [];
    const found = new Map((await this.payments.find(due)).map((payment) => [payment.id, payment]));
    const leased: PaymentSession[] = [];
    for (const id of due) {
      const payment = found.get(id);
      const staleInMs = payment === undefined ? undefined : this.#staleInMs(payment);
      if (payment === undefined || staleInMs === undefined) this.#watched.delete(id);
      else if (staleInMs > 0) this.#next(id, staleInMs);
      else if (leased.length < limit) leased.push(payment);
    }
    if (leased.length === 0) return [];
    const ids = leased.map(({ id }) => id);
    await this.due.reserve(ids, forMs);
    // Until `note` records the lookup's result.
    for (const id of ids) this.#next(id, forMs);
    return leased;
  }

  /** Schedules the next lookup. `payment`: the payment after the last one, undefined if Flinks did not respond. */
  note(id: string, payment: PaymentSession | undefined): void {
    const soonMs = Math.min(RETRY_MS, this.staleAfterMs);
    if (payment === undefined) this.#next(id, soonMs);
    else this.#next(id, Math.max(0, this.#staleInMs(payment) ?? 0));
  }

  #due(): string[] {
    const nowMs = performance.now();
    const due: [string, number][] = [];
    for (const [id, { dueMs, wantedMs }] of this.#watched) {
      if (nowMs - wantedMs > FORGOTTEN_AFTER_MS) this.#watched.delete(id);
      else if (dueMs <= nowMs) due.push([id, dueMs]);
    }
    due.sort(([, one], [, other]) => one - other);
    return due.slice(0, BATCH).map(([id]) => id);
  }

  /** Undefined if the payment is final. For one that cannot be looked up: when to check again whether it can. */
  #staleInMs(payment: PaymentSession): number | undefined {
    return isFinal(payment.status) ? undefined : (this.statusRefresh.staleInMs(payment) ?? this.staleAfterMs);
  }

  #next(id: string, inMs: number): void {
    const watched = this.#watched.get(id);
    if (watched !== undefined) watched.dueMs = performance.now() + inMs;
  }
}
