import { GraphQLError, subscribe } from 'graphql';
import type { ExecutionResult, FormattedExecutionResult } from 'graphql';
import type { RequestContext } from '../../resolvers/request-context.js';
import { withRequestId } from '../request/error-response.js';
import { explainSubscriptionErrors } from './explain-input-errors.js';
import { formatError } from './format-error.js';
import { logUnexpected } from './log-unexpected-errors.js';
import type { RequestedOperation } from '../request/requested-operation.js';
import type { ValidSubscription } from './streaming-context.js';

/** The results of a subscription, each formatted when it is requested. */
export interface ResultStream extends AsyncIterableIterator<FormattedExecutionResult> {
  /** Ends the subscription, also while a call of `next` is pending. */
  return(): Promise<IteratorResult<FormattedExecutionResult>>;
}

/** Starts a subscription. Its errors are formatted like those of all operations. */
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
  const format = ({ errors, ...result }: ExecutionResult): FormattedExecutionResult => {
    if (errors === undefined) return result;
    explainSubscriptionErrors(errors, subscription, variables);
    logUnexpected(errors, context.log);
    const formatted = errors.map((error) => formatError(error.toJSON(), error));
    return withRequestId({ errors: formatted, ...result }, context.requestId);
  };
  return Symbol.asyncIterator in source
    ? { kind: 'results', results: formatEach(source, format) }
    : { kind: 'failed', result: format(source) };
}

/** Not a generator, because a generator that waits for its next value cannot be ended. */
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
        // The error ended the source.
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

/** Keeps the errors that were thrown for clients to read. */
function asGraphQLError(error: unknown): GraphQLError {
  if (error instanceof GraphQLError) return error;
  return new GraphQLError('The source failed.', { originalError: error as Error });
}

/** The same stream, with `onEnd` called when no further result can come. */
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
