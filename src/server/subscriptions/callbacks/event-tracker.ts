import type { Owner } from '../../../domain/api-client.js';
import type { RequestContext } from '../../../resolvers/request-context.js';

type PaymentUpdates = RequestContext['paymentUpdates'];
type PaymentStream = Awaited<ReturnType<PaymentUpdates['subscribe']>>;

/** Goes on after an event, if one is given, and knows which event led to what it gave last. */
export class EventTracker implements PaymentUpdates {
  /** 0 while it has given nothing. */
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
