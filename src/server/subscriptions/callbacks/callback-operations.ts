import type { Owner } from '../../../domain/api-client.js';
import type { Logger } from '../../../lib/logger.js';
import type { PaymentStates } from '../../../payments/payment-state.js';
import type { RequestContext } from '../../../resolvers/request-context.js';
import type { ContextFactory, Operations, SingleResult } from '../../graphql/operations.js';
import type { ResultStream } from '../../graphql/subscription.js';
import type { Registration } from './registration.js';
import type { ResumeSubscription, SubscriptionSource } from './subscription-source.js';

/** Runs the operations of callback subscriptions, including those that another replica started. */
export class CallbackOperations {
  constructor(
    private readonly operations: Pick<Operations, 'run'>,
    private readonly contextFactory: ContextFactory,
  ) {}

  /** Starts a subscription: from its current state, or with `afterEvent` from the first event after that one. */
  async start(
    { operation, client, requestId }: Registration,
    log: Logger,
    afterEvent?: number,
  ): Promise<SubscriptionSource | SingleResult> {
    const context = this.contextFactory(client, requestId, log);
    const tracker = new EventTracker(context.paymentUpdates, afterEvent);
    const result = await this.operations.run(operation.reveal(), { ...context, paymentUpdates: tracker });
    return result.kind === 'results' ? toSource(result.results, tracker) : result;
  }

  /** Resumes a stored subscription, for `CallbackSubscriptionManager`. */
  readonly resume: ResumeSubscription = async (registration, afterEvent, log) => {
    const started = await this.start(registration, log, afterEvent);
    return 'next' in started ? started : { errors: started.result.errors ?? [] };
  };
}

function toSource(results: ResultStream, tracker: EventTracker): SubscriptionSource {
  return {
    next: async () => {
      const step = await results.next();
      if (step.done === true) return undefined;
      const { data, errors } = step.value;
      // Errors of single fields come with data, which may be null.
      if (data === undefined && errors !== undefined) return { kind: 'failed', errors };
      return { kind: 'next', payload: step.value, event: tracker.event };
    },
    end: () => results.return(),
  };
}

type PaymentUpdates = RequestContext['paymentUpdates'];

/** Subscribes to a payment after a given event, and remembers which event led to the latest state. */
class EventTracker implements PaymentUpdates {
  /** Number of the latest event; 0 before the first. */
  event = 0;

  constructor(
    private readonly updates: PaymentUpdates,
    private readonly afterEvent: number | undefined,
  ) {}

  async subscribe(owner: Owner, id: string): Promise<PaymentStates | undefined> {
    const states = await this.updates.subscribe(owner, id, this.afterEvent);
    if (states === undefined) return undefined;
    const tracked: PaymentStates = {
      next: async () => {
        const step = await states.next();
        if (step.done !== true) this.event = step.value.event;
        return step;
      },
      return: async () => (await states.return?.()) ?? { done: true, value: undefined },
      [Symbol.asyncIterator]: () => tracked,
    };
    return tracked;
  }
}
