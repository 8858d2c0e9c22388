import type { Owner } from '../domain/api-client.js';
import { isFinal } from '../domain/payment-status.js';
import type { PaymentHistory, PaymentStore } from '../store/contracts/payment-store.js';
import { statesIn } from './payment-state.js';
import type { PaymentState } from './payment-state.js';

/** What the store says about a payment after some event. */
export interface PaymentUpdate {
  /** Oldest first. Subscribers that share a read get the same objects. */
  readonly states: readonly PaymentState[];
  /** The number of the last event. */
  readonly eventCount: number;
  readonly isFinal: boolean;
}

interface Read {
  readonly afterEvent: number;
  readonly update: Promise<PaymentUpdate | undefined>;
}

/**
 * One read of a payment for all subscribers that a notification woke. It begins when the first of them needs it, hence
 * after the change, and is kept only for as long as a subscriber has it before it.
 */
export class SharedRead {
  readonly #reads = new Map<Owner, Read>();

  constructor(
    private readonly store: Pick<PaymentStore, 'findHistory'>,
    private readonly id: string,
  ) {}

  /**
   * Resolves to the states after an event, and perhaps earlier ones; to undefined if the owner has no such payment.
   * Throws `StoreUnavailableError`.
   */
  after(owner: Owner, afterEvent: number): Promise<PaymentUpdate | undefined> {
    const known = this.#reads.get(owner);
    if (known !== undefined && known.afterEvent <= afterEvent) return known.update;
    const update = this.store.findHistory(owner, this.id, afterEvent).then((history) => history && toUpdate(history));
    this.#reads.set(owner, { afterEvent, update });
    return update;
  }
}

function toUpdate(history: PaymentHistory): PaymentUpdate {
  return { states: statesIn(history), eventCount: history.eventCount, isFinal: isFinal(history.payment.status) };
}
