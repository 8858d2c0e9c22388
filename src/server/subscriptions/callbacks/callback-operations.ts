import type { Begin, Telling } from './subscription-source.js';
import type { ApiClient } from '../../../domain/api-client.js';
import type { Registration } from './registration.js';
import type { Logger } from '../../../lib/logger.js';
import type { RequestContext } from '../../../resolvers/request-context.js';
import type { Answer, Operations } from '../../graphql/operations.js';
import type { Results } from '../../graphql/subscription.js';
import { TrackedWatch } from './event-tracker.js';

/** Everything that belongs to one operation of a caller. */
export type ContextOf = (caller: ApiClient, requestId: string, log: Logger) => RequestContext;

/** Runs subscriptions that are told by callbacks; also such that another replica began. */
export class CallbackOperations {
  constructor(
    private readonly operations: Pick<Operations, 'run'>,
    private readonly contextOf: ContextOf,
  ) {}

  /** Without `afterEvent` from the beginning, with it after an event that was told. */
  async begin(
    { operation, caller, requestId }: Registration,
    log: Logger,
    afterEvent?: number,
  ): Promise<Telling | Exclude<Answer, { kind: 'results' }>> {
    const context = this.contextOf(caller, requestId, log);
    const watch = new TrackedWatch(context.paymentWatch, afterEvent);
    const answer = await this.operations.run(operation.reveal(), { ...context, paymentWatch: watch }, false);
    return answer.kind === 'results' ? toTelling(answer.results, watch) : answer;
  }

  readonly beginAgain: Begin = async (registration, afterEvent, log) => {
    const begun = await this.begin(registration, log, afterEvent);
    return 'next' in begun ? begun : { errors: begun.result.errors ?? [] };
  };
}

function toTelling(results: Results, watch: TrackedWatch): Telling {
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
