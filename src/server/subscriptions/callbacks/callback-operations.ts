import type { ResumeSubscription, SubscriptionSource } from './subscription-source.js';
import type { Registration } from './registration.js';
import type { Logger } from '../../../lib/logger.js';
import type { ContextFactory } from '../../request/context.js';
import type { OperationResult, Operations } from '../../graphql/operations.js';
import type { ResultStream } from '../../graphql/subscription.js';
import { EventTracker } from './event-tracker.js';

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
  ): Promise<SubscriptionSource | Exclude<OperationResult, { kind: 'results' }>> {
    const context = this.contextFactory(client, requestId, log);
    const tracker = new EventTracker(context.paymentUpdates, afterEvent);
    const result = await this.operations.run(operation.reveal(), { ...context, paymentUpdates: tracker }, false);
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
