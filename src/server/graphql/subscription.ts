import { GraphQLError, subscribe } from 'graphql';
import type { ExecutionResult, FormattedExecutionResult } from 'graphql';
import type { RequestContext } from '../../resolvers/request-context.js';
import { withRequestId } from '../request/error-response.js';
import { explainSubscriptionErrors } from './explain-input-errors.js';
import { formatError } from './format-error.js';
import { logUnexpected } from './log-unexpected-errors.js';
import type { RequestedOperation } from '../request/requested-operation.js';
import type { ValidSubscription } from './streaming-context.js';

/** Told one at a time, when the next is asked for. */
export interface ResultStream extends AsyncIterableIterator<FormattedExecutionResult> {
  /** Ends the subscription, also while somebody waits for its next result. */
  return(): Promise<IteratorResult<FormattedExecutionResult>>;
}

/** Subscribes, with errors told as those of all operations are. */
export async function startSubscription(
  subscription: ValidSubscription,
  { variables, operationName }: RequestedOperation,
  context: RequestContext,
): Promise<{ kind: 'results'; results: ResultStream } | { kind: 'failed'; result: FormattedExecutionResult }> {
  const source = await subscribe({
    ...subscription,
    contextValue: context,
    variableValues: variables ?? null,
    operationName: operationName ?? null,
  });
  const tell = ({ errors, ...result }: ExecutionResult): FormattedExecutionResult => {
    if (errors === undefined) return result;
    explainSubscriptionErrors(errors, subscription, variables);
    logUnexpected(errors, context.log);
    const told = errors.map((error) => formatError(error.toJSON(), error));
    return withRequestId({ errors: told, ...result }, context.requestId);
  };
  return Symbol.asyncIterator in source
    ? { kind: 'results', results: formatEach(source, tell) }
    : { kind: 'failed', result: tell(source) };
}

/** Not a generator: nobody could end one that waits for its next value. */
function formatEach(
  source: AsyncGenerator<ExecutionResult, void, void>,
  format: (result: ExecutionResult) => FormattedExecutionResult,
): ResultStream {
  return {
    async next() {
      try {
        const step = await source.next();
        return step.done === true ? { done: true, value: undefined } : { done: false, value: format(step.value) };
      } catch (error) {
        // The source has ended with it.
        return { done: false, value: format({ errors: [asGraphQLError(error)] }) };
      }
    },
    async return() {
      await source.return();
      return { done: true, value: undefined };
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}

/** What was thrown for callers to read goes on to them. */
function asGraphQLError(error: unknown): GraphQLError {
  if (error instanceof GraphQLError) return error;
  return new GraphQLError('The source failed.', { originalError: error as Error });
}

/** The same, with something to do when there will be no more of them. */
export function endingWith(results: ResultStream, onEnd: () => void): ResultStream {
  return {
    async next() {
      const step = await results.next();
      if (step.done === true) onEnd();
      return step;
    },
    async return() {
      onEnd();
      return results.return();
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}
