import type { Owner } from '../domain/api-client.js';
import { isPaymentId } from '../domain/ids.js';
import { isFinal } from '../domain/payment-status.js';
import { orIfUnavailable } from '../domain/store-unavailable.js';
import type { Logger } from '../lib/logger.js';
import type { Changes } from '../store/contracts/changes.js';
import type { PaymentStore } from '../store/contracts/payment-store.js';
import type { Jobs } from './jobs.js';
import { presentIn, statesIn } from './payment-state.js';
import type { PaymentStates } from './payment-state.js';
import { PaymentStream } from './payment-stream.js';
import { SharedRead } from './shared-read.js';

/** Approximate interval at which every watched payment is compared with the store, in case a notification was lost. */
const CATCH_UP_MS = 10_000;
/** Maximum number of payments that one query compares. */
const BATCH = 1_000;

/** Streams status changes from all replicas. Slow subscribers skip nothing: they read from the store, not a buffer. */
export class PaymentUpdates {
  /** By the id of the payment. */
  readonly #streams = new Map<string, Set<PaymentStream>>();
  /** Number of notifications so far. */
  #changes = 0;

  constructor(
    private readonly store: Pick<PaymentStore, 'findHistory' | 'countEvents'>,
    /** Has the status of these payments looked up whenever it is stale; called periodically while they are watched. */
    private readonly want: (ids: readonly string[]) => void,
    changes: Pick<Changes, 'subscribe'>,
    jobs: Pick<Jobs, 'every'>,
    log: Logger,
  ) {
    changes.subscribe({
      onChange: (id) => this.#onChange(id),
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
  async subscribe(owner: Owner, id: string, afterEvent?: number): Promise<PaymentStates | undefined> {
    if (!isPaymentId(id)) return undefined;
    const changesBefore = this.#changes;
    const history = await this.store.findHistory(owner, id, afterEvent ?? 0);
    if (history === undefined) return undefined;
    const states = afterEvent === undefined ? [presentIn(history)] : statesIn(history);
    const first = { states, eventCount: history.eventCount, isFinal: isFinal(history.payment.status) };
    const stream = new PaymentStream(owner, first, (ended) => this.#remove(id, ended));
    this.#add(id, stream);
    // The payment may be the one that changed since it was read.
    if (this.#changes !== changesBefore) stream.notify(new SharedRead(this.store, id));
    this.want([id]);
    return stream;
  }

  async #catchUp(): Promise<number> {
    const watched = [...this.#streams.keys()];
    this.want(watched);
    while (watched.length > 0) {
      const ids = watched.splice(0, BATCH);
      const counts = await this.store.countEvents(ids);
      for (const id of ids) this.#notify(id, ({ lastEvent }) => counts.get(id) !== lastEvent);
    }
    return 0;
  }

  #onChange(id: string): void {
    this.#changes += 1;
    this.#notify(id, () => true);
  }

  #notify(id: string, isBehind: (stream: PaymentStream) => boolean): void {
    const read = new SharedRead(this.store, id);
    for (const stream of this.#streams.get(id) ?? []) if (isBehind(stream)) stream.notify(read);
  }

  #add(id: string, stream: PaymentStream): void {
    this.#streams.set(id, (this.#streams.get(id) ?? new Set()).add(stream));
  }

  #remove(id: string, stream: PaymentStream): void {
    const streams = this.#streams.get(id);
    streams?.delete(stream);
    if (streams?.size === 0) this.#streams.delete(id);
  }
}
