import type { ApolloServerPlugin } from '@apollo/server';
import { GraphQLError, OperationTypeNode, createSourceEventStream } from 'graphql';
import type { ExecutionArgs, ExecutionResult, FormattedExecutionResult, OperationDefinitionNode } from 'graphql';
import type { RequestContext } from '../../resolvers/request-context.js';
import { withRequestId } from '../request/error-response.js';
import type { RequestedOperation } from '../request/requested-operation.js';
import { formatError, logMasked } from './errors.js';
import { EventResults } from './event-results.js';
import { explainInputErrors } from './explain-input-errors.js';

/** A subscription that passed validation and authorization. */
export type ValidSubscription = Pick<ExecutionArgs, 'schema' | 'document'>;

/** The context of an operation that came over a transport that can stream. */
export interface StreamingContext extends RequestContext {
  /** Called in place of the execution when the operation is a subscription. */
  readonly takeSubscription: (subscription: ValidSubscription) => void;
  /** True for an operation sent by GET, which must not be a mutation. */
  readonly readOnly: boolean;
}

/** Whether the operation came over a transport that can stream. */
export function isStreaming(context: RequestContext): context is StreamingContext {
  return 'takeSubscription' in context;
}

/**
 * Hands subscriptions to the transport that they came by. Apollo Server parses and validates them like other
 * operations, with the same plugins, but cannot execute them.
 */
export const delegateSubscriptions: ApolloServerPlugin<RequestContext> = {
  requestDidStart: () =>
    Promise.resolve({
      responseForOperation: ({ operation, schema, document, contextValue, response }) => {
        // Undefined, despite its type, when the document has no operation of the requested name.
        const requested = operation as OperationDefinitionNode | undefined;
        if (requested?.operation !== OperationTypeNode.SUBSCRIPTION || !isStreaming(contextValue))
          return Promise.resolve(null);
        contextValue.takeSubscription({ schema, document });
        return Promise.resolve({ http: response.http, body: { kind: 'single', singleResult: {} } });
      },
    }),
};

/** The results of a subscription, each formatted when it is requested. */
export interface ResultStream extends AsyncIterableIterator<FormattedExecutionResult> {
  /** Ends the subscription, also while a call of `next` is pending. */
  return(): Promise<IteratorResult<FormattedExecutionResult>>;
}

/** Starts a subscription. Its errors are formatted like all others. Calls `onEnd` when no further result can come. */
export async function startSubscription(
  subscription: ValidSubscription,
  operation: RequestedOperation,
  context: RequestContext,
  onEnd: () => void,
): Promise<{ kind: 'results'; results: ResultStream } | { kind: 'failed'; result: FormattedExecutionResult }> {
  // Without the document and the extensions, which would be kept for as long as the subscription.
  const { variables, operationName } = operation;
  const results = new EventResults(subscription, { variables, operationName }, context);
  const source = await createSourceEventStream(results.args);
  const format = (result: ExecutionResult): FormattedExecutionResult => {
    const { errors, ...rest } = result;
    // The same object, so that it is serialized once for all subscriptions that share it.
    if (errors === undefined) return result as FormattedExecutionResult;
    explainInputErrors(errors, subscription, variables);
    logMasked(errors, context.log);
    const formatted = errors.map((error) => formatError(error.toJSON(), error));
    return withRequestId({ errors: formatted, ...rest }, context.requestId);
  };
  if (!(Symbol.asyncIterator in source)) return { kind: 'failed', result: format(source) };
  return { kind: 'results', results: new FormattedResults(source[Symbol.asyncIterator](), results, format, onEnd) };
}

/** Not a generator, because a generator that waits for its next value cannot be ended. */
class FormattedResults implements ResultStream {
  constructor(
    private readonly source: AsyncIterator<unknown>,
    private readonly results: EventResults,
    private readonly format: (result: ExecutionResult) => FormattedExecutionResult,
    private readonly onEnd: () => void,
  ) {}

  async next(): Promise<IteratorResult<FormattedExecutionResult>> {
    try {
      const step = await this.source.next();
      if (step.done !== true) return { done: false, value: this.format(await this.results.of(step.value)) };
    } catch (error) {
      // In case it was not the source that failed.
      await this.source.return?.();
      return { done: false, value: this.format({ errors: [asGraphQLError(error)] }) };
    }
    this.onEnd();
    return { done: true, value: undefined };
  }

  async return(): Promise<IteratorResult<FormattedExecutionResult>> {
    this.onEnd();
    await this.source.return?.();
    return { done: true, value: undefined };
  }

  [Symbol.asyncIterator](): this {
    return this;
  }
}

/** Keeps the errors that were thrown for clients to read. */
function asGraphQLError(error: unknown): GraphQLError {
  if (error instanceof GraphQLError) return error;
  return new GraphQLError('The source failed.', { originalError: error as Error });
}
