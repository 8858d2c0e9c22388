import type { Owner } from '../domain/api-client.js';
import { isPaymentId } from '../domain/ids.js';
import type { PaymentSession } from '../domain/payment.js';
import { isFinal } from '../domain/payment-status.js';
import { orIfUnavailable } from '../domain/store-unavailable.js';
import type { Logger } from '../lib/logger.js';
import { WakeSignal } from '../lib/wake-signal.js';
import type { Changes } from '../store/contracts/changes.js';
import type { PaymentHistory, PaymentStore } from '../store/contracts/payment-store.js';
import type { Jobs } from './jobs.js';

/** Approximate interval at which every watched payment is compared with the store, in case a notification was lost. */
const CATCH_UP_MS = 10_000;
/** Maximum number of payments that one query compares. */
const BATCH = 1_000;

/** A payment as one of its events left it. */
export interface PaymentState extends PaymentSession {
  /** The number of that event, from 1; 0 before the first one. */
  readonly event: number;
}

type PaymentStream = AsyncIterableIterator<PaymentState, void, void>;

/** A subscriber to one payment. */
interface Watcher {
  readonly signal: WakeSignal;
  /** The last event that was sent, or that need not be sent. */
  lastEvent: number;
}

/** Streams status changes from all replicas. Slow subscribers skip nothing: they read from the store, not a buffer. */
export class PaymentUpdates {
  readonly #watchers = new Map<string, Set<Watcher>>();

  constructor(
    private readonly store: Pick<PaymentStore, 'findHistory' | 'countEvents'>,
    /** Has the status of these payments looked up whenever it is stale; called periodically while they are watched. */
    private readonly want: (ids: readonly string[]) => void,
    changes: Pick<Changes, 'subscribe'>,
    jobs: Pick<Jobs, 'every'>,
    log: Logger,
  ) {
    changes.subscribe({
      onChange: (id) => this.#notify(id),
      onLost: (problem) =>
        log.warn({ event: 'change_notifications_degraded', problem }, 'change notifications degraded'),
      onListening: () => {
        log.info({ event: 'change_notifications_active' }, 'change notifications active');
        void orIfUnavailable(this.#catchUp(), 0);
      },
    });
    jobs.every(CATCH_UP_MS, () => this.#catchUp());
  }

  /**
   * Subscribes to a payment of `owner`: yields its current state, then its state after each change, and completes once
   * it is final. Resolves to undefined if the owner has no payment with this id. With `afterEvent`, the number of an
   * event that an earlier subscription yielded, it yields the states after that event instead. No change is left out,
   * even if the store is unavailable for a while. Only this method, not the stream, throws `StoreUnavailableError`.
   */
  async subscribe(owner: Owner, id: string, afterEvent?: number): Promise<PaymentStream | undefined> {
    if (!isPaymentId(id)) return undefined;
    const history = await this.store.findHistory(owner, id, afterEvent ?? 0);
    if (history === undefined) return undefined;
    const first = afterEvent === undefined ? [presentIn(history)] : statesIn(history);
    // Initially notified, because the payment may have changed since it was read.
    const watcher: Watcher = { signal: new WakeSignal(true), lastEvent: history.eventCount };
    this.#add(id, watcher);
    this.want([id]);
    const states = this.#follow(owner, history.payment, first, watcher);
    const stream: PaymentStream = {
      next: () => states.next(),
      return: () => {
        // `return()` has no effect on a generator that waits, so it has to be woken.
        watcher.signal.close();
        this.#remove(id, watcher);
        return states.return();
      },
      [Symbol.asyncIterator]: () => stream,
    };
    return stream;
  }

  async *#follow(
    owner: Owner,
    payment: PaymentSession,
    first: readonly PaymentState[],
    watcher: Watcher,
  ): AsyncGenerator<PaymentState, void, void> {
    try {
      yield* first;
      let isDone = isFinal(payment.status);
      while (!isDone && (await watcher.signal.wait())) {
        const found = this.store.findHistory(owner, payment.id, watcher.lastEvent);
        const history = await orIfUnavailable(found, 'unavailable');
        // The next periodic comparison wakes the subscriber again.
        if (history === 'unavailable') continue;
        if (history === undefined) return;
        watcher.lastEvent = history.eventCount;
        yield* statesIn(history);
        isDone = isFinal(history.payment.status);
      }
    } finally {
      this.#remove(payment.id, watcher);
    }
  }

  async #catchUp(): Promise<number> {
    const watched = [...this.#watchers.keys()];
    this.want(watched);
    while (watched.length > 0) {
      const ids = watched.splice(0, BATCH);
      const counts = await this.store.countEvents(ids);
      for (const id of ids)
        for (const { signal, lastEvent } of this.#watchers.get(id) ?? [])
          if (counts.get(id) !== lastEvent) signal.notify();
    }
    return 0;
  }

  #notify(id: string): void {
    for (const { signal } of this.#watchers.get(id) ?? []) signal.notify();
  }

  #add(id: string, watcher: Watcher): void {
    this.#watchers.set(id, (this.#watchers.get(id) ?? new Set()).add(watcher));
  }

  #remove(id: string, watcher: Watcher): void {
    const watchers = this.#watchers.get(id);
    watchers?.delete(watcher);
    if (watchers?.size === 0) this.#watchers.delete(id);
  }
}

function presentIn({ payment, events }: PaymentHistory): PaymentState {
  return { ...payment, event: events.findLast(({ applied }) => applied)?.number ?? 0 };
}

/** The payment as each event left it; later events may have changed it since. */
function statesIn({ payment, events }: PaymentHistory): PaymentState[] {
  return events
    .filter(({ applied }) => applied)
    .map(({ number: event, status, message: statusDetails, recordedAt: updatedAt }) => {
      const changes = status === payment.status ? {} : { status, statusDetails, updatedAt };
      return { ...payment, ...changes, event };
    });
}
