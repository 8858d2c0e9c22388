import type { Owner } from '../../../domain/api-client.js';
import type { RequestContext } from '../../../resolvers/request-context.js';

type PaymentUpdates = RequestContext['paymentUpdates'];
type PaymentStream = Awaited<ReturnType<PaymentUpdates['subscribe']>>;

/** Subscribes to a payment after a given event, and remembers which event led to the latest state. */
export class EventTracker implements PaymentUpdates {
  /** Number of the latest event; 0 before the first. */
  event = 0;

  constructor(
    private readonly updates: PaymentUpdates,
    private readonly afterEvent: number | undefined,
  ) {}

  async subscribe(owner: Owner, id: string): Promise<PaymentStream> {
    const states = await this.updates.subscribe(owner, id, this.afterEvent);
    if (states === undefined) return undefined;
    const tracked: NonNullable<PaymentStream> = {
      next: async () => {
        const step = await states.next();
        if (step.done !== true) this.event = step.value.event;
        return step;
      },
      return: async () => (await states.return?.()) ?? { done: true, value: undefined },
      [Symbol.asyncIterator]() {
        return tracked;
      },
    };
    return tracked;
  }
}
