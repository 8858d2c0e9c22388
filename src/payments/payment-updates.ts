import type { Owner } from '../domain/api-client.js';
import type { PaymentSession, PaymentSessionEvent } from '../domain/payment.js';
import { isPaymentId } from '../domain/payment-id.js';
import { isFinal } from '../domain/payment-status.js';
import { StoreUnavailableError } from '../domain/store-unavailable.js';
import type { Logger } from '../lib/logger.js';
import type { Changes } from '../store/contracts/changes.js';
import type { PaymentHistory, PaymentStore } from '../store/contracts/payment-store.js';
import type { Jobs } from './jobs.js';
import { WakeSignal } from '../lib/wake-signal.js';

/** About how often every payment that is watched is compared with the store, for a hint that was lost, and checked. */
const CATCH_UP_MS = 10_000;
/** So many are compared in one query. */
const BATCH = 1_000;

/** A payment as one of its events left it. */
export interface PaymentState extends PaymentSession {
  /** The number of that event. */
  readonly event: number;
}

type PaymentStream = AsyncIterableIterator<PaymentState, void, void>;

/** Somebody who watches a payment. */
interface Watcher {
  readonly signal: WakeSignal;
  /** The last event that was told, or needs no telling. */
  lastEvent: number;
}

/** Tells how payments go on, on whichever replica it happens. Keeps nothing for those who are slow to listen. */
export class PaymentUpdates {
  readonly #watchers = new Map<string, Set<Watcher>>();

  constructor(
    private readonly store: Pick<PaymentStore, 'findHistory' | 'countEvents'>,
    /** Has Flinks asked how these payments stand whenever their status is old; to be told again and again. */
    private readonly want: (ids: readonly string[]) => void,
    subscribe: Pick<Changes, 'subscribe'>,
    jobs: Pick<Jobs, 'every'>,
    log: Logger,
  ) {
    subscribe.subscribe({
      onChange: (id) => this.#notify(id),
      onLost: (problem) => log.warn({ problem }, 'changes on other replicas are told late'),
      onListening: () => {
        log.info('changes on other replicas are told at once');
        void this.#catchUp().catch(rethrowUnlessUnavailable);
      },
    });
    jobs.every(CATCH_UP_MS, () => this.#catchUp());
  }

  /**
   * The payment as it is now, then as it was after each change, until it is final; undefined when the owner has none with this
   * id. With `afterEvent`, a number that a state came with, it goes on after that one instead. Whatever happens to the store
   * meanwhile, no change is left out. Throws `StoreUnavailable`, at the beginning only.
   */
  async subscribe(owner: Owner, id: string, afterEvent?: number): Promise<PaymentStream | undefined> {
    if (!isPaymentId(id)) return undefined;
    const history = await this.store.findHistory(owner, id, afterEvent ?? 0);
    if (history === undefined) return undefined;
    const first = afterEvent === undefined ? [presentIn(history)] : statesIn(history);
    // Rung: it may have changed since it was read.
    const watcher: Watcher = { signal: new WakeSignal(true), lastEvent: history.eventCount };
    this.#add(id, watcher);
    this.want([id]);
    return this.#endable(this.#follow(owner, history.payment, first, watcher), () => {
      watcher.signal.close();
      this.#remove(id, watcher);
    });
  }

  /** A generator that waits cannot be told to return: `onReturn` has to wake it. */
  #endable(states: AsyncGenerator<PaymentState, void, void>, onReturn: () => void): PaymentStream {
    return {
      next: () => states.next(),
      return: () => {
        onReturn();
        return states.return();
      },
      [Symbol.asyncIterator]() {
        return this;
      },
    };
  }

  async *#follow(
    owner: Owner,
    payment: PaymentSession,
    first: readonly PaymentState[],
    watcher: Watcher,
  ): AsyncGenerator<PaymentState, void, void> {
    try {
      yield* first;
      let isOver = isFinal(payment.status);
      while (!isOver && (await watcher.signal.wait())) {
        const history = await this.#read(owner, payment.id, watcher.lastEvent);
        if (history === 'unavailable') continue;
        if (history === undefined) return;
        watcher.lastEvent = history.eventCount;
        yield* statesIn(history);
        isOver = isFinal(history.payment.status);
      }
    } finally {
      this.#remove(payment.id, watcher);
    }
  }

  /** While the store is away there is nothing to tell: who watches is reminded by the next comparison. */
  async #read(owner: Owner, id: string, afterEvent: number): Promise<PaymentHistory | undefined | 'unavailable'> {
    try {
      return await this.store.findHistory(owner, id, afterEvent);
    } catch (error) {
      rethrowUnlessUnavailable(error);
      return 'unavailable';
    }
  }

  async #catchUp(): Promise<number> {
    const watched = [...this.#watchers.keys()];
    this.want(watched);
    while (watched.length > 0) {
      const ids = watched.splice(0, BATCH);
      const counts = await this.store.countEvents(ids);
      for (const id of ids)
        for (const { signal: bell, lastEvent: seen } of this.#watchers.get(id) ?? [])
          if (counts.get(id) !== seen) bell.notify();
    }
    return 0;
  }

  #notify(id: string): void {
    for (const { signal: bell } of this.#watchers.get(id) ?? []) bell.notify();
  }

  #add(id: string, watcher: Watcher): void {
    const watchers = this.#watchers.get(id) ?? new Set();
    this.#watchers.set(id, watchers.add(watcher));
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

function statesIn({ payment, events }: PaymentHistory): PaymentState[] {
  return events.filter(({ applied }) => applied).map((event) => after(event, payment));
}

/** The payment as an event left it: a later one may have moved it on since. */
function after(
  { number, status, message: details, recordedAt: at }: PaymentSessionEvent,
  payment: PaymentSession,
): PaymentState {
  const moved = status === payment.status ? {} : { status, statusDetails: details, updatedAt: at };
  return { ...payment, ...moved, event: number };
}

/** The store tells of its failures itself. */
function rethrowUnlessUnavailable(error: unknown): void {
  if (!(error instanceof StoreUnavailableError)) throw error;
}
