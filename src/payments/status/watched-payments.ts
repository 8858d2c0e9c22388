import type { PaymentSession } from '../../domain/payment.js';
import { isFinal } from '../../domain/payment-status.js';
import type { DueStore, StatusStore } from '../../store/contracts/status-store.js';
import type { StatusRefresh } from './status-refresh.js';

/** Who watches says so at least this often; afterwards nobody does any more. */
const FORGOTTEN_AFTER_MS = 30_000;
/** When Flinks did not answer, it is asked again after this, or sooner if a status is old sooner. */
const RETRY_MS = 10_000;
/** So many are looked at in one step. */
const BATCH = 200;

interface Watched {
  /** When its status is old, or it is to be found out whether it is. */
  dueMs: number;
  wantedMs: number;
}

/** Payments that somebody watches at this replica, with when to look each of them up. */
export class WatchedPayments {
  readonly #watched = new Map<string, Watched>();

  constructor(
    private readonly payments: Pick<StatusStore, 'find'>,
    private readonly due: Pick<DueStore, 'reserve'>,
    private readonly statusRefresh: Pick<StatusRefresh, 'staleInMs'>,
    private readonly staleAfterMs: number,
  ) {}

  /** Somebody watches these, and goes on to say so. */
  want(ids: readonly string[]): void {
    const nowMs = performance.now();
    for (const id of ids) this.#watched.set(id, { dueMs: nowMs, ...this.#watched.get(id), wantedMs: nowMs });
  }

  /** Takes up to so many whose status is old, for so long, those first that have waited longest. Throws `StoreUnavailable`. */
  async processDue(limit: number, forMs: number): Promise<PaymentSession[]> {
    const due = this.#due();
    if (due.length === 0 || limit <= 0) return [];
    const found = new Map((await this.payments.find(due)).map((payment) => [payment.id, payment]));
    const taken: PaymentSession[] = [];
    for (const id of due) {
      const payment = found.get(id);
      const oldInMs = payment === undefined ? undefined : this.#oldInMs(payment);
      if (payment === undefined || oldInMs === undefined) this.#watched.delete(id);
      else if (oldInMs > 0) this.#next(id, oldInMs);
      else if (taken.length < limit) taken.push(payment);
    }
    if (taken.length === 0) return [];
    const ids = taken.map(({ id }) => id);
    await this.due.reserve(ids, forMs);
    // Until its answer is noted.
    for (const id of ids) this.#next(id, forMs);
    return taken;
  }

  /** Notes what a lookup left; undefined: Flinks did not answer. */
  note(id: string, payment: PaymentSession | undefined): void {
    const soonMs = Math.min(RETRY_MS, this.staleAfterMs);
    if (payment === undefined) this.#next(id, soonMs);
    else this.#next(id, Math.max(0, this.#oldInMs(payment) ?? 0));
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

  /** Undefined when it is over; of one that cannot be looked up, when to see whether it can. */
  #oldInMs(payment: PaymentSession): number | undefined {
    return isFinal(payment.status) ? undefined : (this.statusRefresh.staleInMs(payment) ?? this.staleAfterMs);
  }

  #next(id: string, inMs: number): void {
    const watched = this.#watched.get(id);
    if (watched !== undefined) watched.dueMs = performance.now() + inMs;
  }
}
