import type { ResumeSubscription, SubscriptionSource } from './subscription-source.js';
import type { ApiClient } from '../../../domain/api-client.js';
import type { Registration } from './registration.js';
import type { Logger } from '../../../lib/logger.js';
import type { RequestContext } from '../../../resolvers/request-context.js';
import type { OperationResult, Operations } from '../../graphql/operations.js';
import type { ResultStream } from '../../graphql/subscription.js';
import { EventTracker } from './event-tracker.js';

/** Everything that belongs to one operation of a caller. */
export type ContextFactory = (client: ApiClient, requestId: string, log: Logger) => RequestContext;

/** Runs subscriptions that are told by callbacks; also such that another replica began. */
export class CallbackOperations {
  constructor(
    private readonly operations: Pick<Operations, 'run'>,
    private readonly contextFactory: ContextFactory,
  ) {}

  /** Without `afterEvent` from the beginning, with it after an event that was told. */
  async start(
    { operation, client: caller, requestId }: Registration,
    log: Logger,
    afterEvent?: number,
  ): Promise<SubscriptionSource | Exclude<OperationResult, { kind: 'results' }>> {
    const context = this.contextFactory(caller, requestId, log);
    const watch = new EventTracker(context.paymentUpdates, afterEvent);
    const answer = await this.operations.run(operation.reveal(), { ...context, paymentUpdates: watch }, false);
    return answer.kind === 'results' ? toSource(answer.results, watch) : answer;
  }

  readonly resume: ResumeSubscription = async (registration, afterEvent, log) => {
    const begun = await this.start(registration, log, afterEvent);
    return 'next' in begun ? begun : { errors: begun.result.errors ?? [] };
  };
}

function toSource(results: ResultStream, watch: EventTracker): SubscriptionSource {
  return {
    next: async () => {
      const step = await results.next();
      if (step.done === true) return undefined;
      const { data, errors } = step.value;
      // Errors of single fields come with data, be it null.
      if (data === undefined && errors !== undefined) return { kind: 'failed', errors };
      return { kind: 'next', payload: step.value, event: watch.event };
    },
    end: () => results.return(),
  };
}
