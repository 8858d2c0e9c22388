import { HeaderMap } from '@apollo/server';
import type { ApolloServer, GraphQLRequest, HTTPGraphQLHead } from '@apollo/server';
import type { FormattedExecutionResult, GraphQLError } from 'graphql';
import { unauthenticated } from '../../resolvers/field-access.js';
import type { RequestContext } from '../../resolvers/request-context.js';
import { withRequestId } from '../request/error-response.js';
import { UNEXPECTED_ERROR, formatError } from './format-error.js';
import type { ConcurrencyQuota } from '../request/concurrency-quota.js';
import type { OnRejection } from '../request/request-guard.js';
import type { RequestedOperation } from '../request/requested-operation.js';
import type { StreamingContext, ValidSubscription } from './streaming-context.js';
import { startSubscription, endingWith } from './subscription.js';
import type { ResultStream } from './subscription.js';

/**
 * The outcome of an operation. `result`: a single result, as for any request. `failed`: the subscription could not
 * start. `results`: the stream of a subscription.
 */
export type OperationResult =
  | { readonly kind: 'result'; readonly result: FormattedExecutionResult; readonly http: HTTPGraphQLHead }
  | { readonly kind: 'failed'; readonly result: FormattedExecutionResult }
  | { readonly kind: 'results'; readonly results: ResultStream };

function unauthorized(error: GraphQLError, { requestId }: RequestContext): OperationResult {
  const result = withRequestId({ errors: [formatError(error.toJSON(), error)] }, requestId);
  return { kind: 'result', result, http: { status: 401, headers: new HeaderMap() } };
}

function tooMany({ requestId }: RequestContext): OperationResult {
  const message = 'Too many subscriptions are open, for this client or in total. End some, or subscribe again later.';
  const result = withRequestId({ errors: [{ message, extensions: { code: 'TOO_MANY_SUBSCRIPTIONS' } }] }, requestId);
  return { kind: 'result', result, http: { status: 503, headers: new HeaderMap([['retry-after', '5']]) } };
}

/**
 * Runs the operations of transports that can stream. Apollo Server executes all of them but subscriptions, which it
 * only validates.
 */
export class Operations {
  constructor(
    private readonly apollo: ApolloServer<RequestContext>,
    /** Limits open subscriptions; undefined where the transport limits them itself. */
    private readonly slots?: ConcurrencyQuota,
    private readonly onRejection?: OnRejection,
  ) {}

  /**
   * Never rejects: an unexpected error becomes a result, masked as for all requests. With `readOnly`, a mutation is
   * rejected.
   */
  async run(operation: RequestedOperation, context: RequestContext, readOnly: boolean): Promise<OperationResult> {
    try {
      return await this.#run(operation, context, readOnly);
    } catch (error) {
      context.log.error({ event: 'unexpected_error', err: error }, 'unexpected error');
      const result = withRequestId({ errors: [UNEXPECTED_ERROR] }, context.requestId);
      return { kind: 'result', result, http: { status: 500, headers: new HeaderMap() } };
    }
  }

  async #run(operation: RequestedOperation, context: RequestContext, readOnly: boolean): Promise<OperationResult> {
    // Authentication may have happened long ago: when the socket was opened, or on another replica.
    if (!(await context.isClientCurrent())) return unauthorized(unauthenticated(), context);
    const taken: { subscription?: ValidSubscription } = {};
    const contextValue: StreamingContext = {
      ...context,
      readOnly,
      takeSubscription: (subscription) => (taken.subscription = subscription),
    };
    // Apollo Server treats null as absent, despite its type.
    const { body, http } = await this.apollo.executeOperation(operation as GraphQLRequest, { contextValue });
    if (taken.subscription !== undefined) return this.#subscribe(taken.subscription, operation, context);
    if (body.kind !== 'single') throw new Error('the response to an operation has several parts');
    return { kind: 'result', result: withRequestId(body.singleResult, context.requestId), http };
  }

  async #subscribe(
    subscription: ValidSubscription,
    operation: RequestedOperation,
    context: RequestContext,
  ): Promise<OperationResult> {
    const release = this.slots?.acquire(context.client.id);
    if (this.slots !== undefined && release === undefined) {
      this.onRejection?.('limit');
      return tooMany(context);
    }
    const result = await startSubscription(subscription, operation, context).catch((error: unknown) => {
      release?.();
      throw error;
    });
    if (result.kind === 'results') return { ...result, results: endingWith(result.results, () => release?.()) };
    release?.();
    return result;
  }
}
