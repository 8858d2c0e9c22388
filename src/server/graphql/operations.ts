import { HeaderMap } from '@apollo/server';
import type { ApolloServer, GraphQLRequest, HTTPGraphQLHead } from '@apollo/server';
import type { FormattedExecutionResult, GraphQLFormattedError } from 'graphql';
import type { ApiClient } from '../../domain/api-client.js';
import type { Logger } from '../../lib/logger.js';
import { unauthenticated } from '../../resolvers/field-access.js';
import type { RequestContext } from '../../resolvers/request-context.js';
import { ConcurrencyQuota } from '../request/concurrency-quota.js';
import { withRequestId } from '../request/error-response.js';
import type { OnRejection } from '../request/request-guard.js';
import type { RequestedOperation } from '../request/requested-operation.js';
import { UNEXPECTED_ERROR, formatError, logUnexpectedError } from './errors.js';
import { startSubscription } from './subscription.js';
import type { ResultStream, StreamingContext, ValidSubscription } from './subscription.js';

/** Creates the context of one operation of a client. */
export type ContextFactory = (client: ApiClient, requestId: string, log: Logger) => RequestContext;

/** `result`: a single result, as for any request. `failed`: the subscription could not start. */
export type SingleResult =
  | { readonly kind: 'result'; readonly result: FormattedExecutionResult; readonly http: HTTPGraphQLHead }
  | { readonly kind: 'failed'; readonly result: FormattedExecutionResult };

/** The outcome of an operation. `results`: the stream of a subscription. */
export type OperationResult = SingleResult | { readonly kind: 'results'; readonly results: ResultStream };

const TOO_MANY_SUBSCRIPTIONS: GraphQLFormattedError = {
  message: 'Too many subscriptions are open, for this client or in total. End some, or subscribe again later.',
  extensions: { code: 'TOO_MANY_SUBSCRIPTIONS' },
};

/** Runs operations of streaming transports. Apollo Server only validates subscriptions, and executes all others. */
export class Operations {
  constructor(
    private readonly apollo: ApolloServer<RequestContext>,
    /** Limits open subscriptions; by default nothing does, for transports that limit them themselves. */
    private readonly quota = new ConcurrencyQuota(Infinity, Infinity),
    private readonly onRejection: OnRejection = () => undefined,
  ) {}

  /** Never rejects: an unexpected error becomes a result, masked as for all requests. `readOnly` rejects mutations. */
  async run(
    operation: RequestedOperation,
    context: RequestContext,
    { readOnly } = { readOnly: false },
  ): Promise<OperationResult> {
    try {
      // Authentication may have happened long ago: when the socket was opened, or on another replica.
      if (!(await context.isClientCurrent())) {
        const error = unauthenticated();
        return rejected(context, 401, formatError(error.toJSON(), error));
      }
      const taken: { subscription?: ValidSubscription } = {};
      const contextValue: StreamingContext = {
        ...context,
        readOnly,
        takeSubscription: (subscription) => (taken.subscription = subscription),
      };
      // Apollo Server treats null as absent, despite its type.
      const { body, http } = await this.apollo.executeOperation(operation as GraphQLRequest, { contextValue });
      if (taken.subscription !== undefined) return await this.#subscribe(taken.subscription, operation, context);
      if (body.kind !== 'single') throw new Error('the response to an operation has several parts');
      return { kind: 'result', result: withRequestId(body.singleResult, context.requestId), http };
    } catch (error) {
      logUnexpectedError(context.log, error);
      return rejected(context, 500, UNEXPECTED_ERROR);
    }
  }

  async #subscribe(
    subscription: ValidSubscription,
    operation: RequestedOperation,
    context: RequestContext,
  ): Promise<OperationResult> {
    const release = this.quota.acquire(context.client.id);
    if (release === undefined) {
      this.onRejection('limit');
      return rejected(context, 503, TOO_MANY_SUBSCRIPTIONS, [['retry-after', '5']]);
    }
    const started = await startSubscription(subscription, operation, context, release).catch((error: unknown) => {
      release();
      throw error;
    });
    if (started.kind === 'failed') release();
    return started;
  }
}

function rejected(
  { requestId }: RequestContext,
  status: number,
  error: GraphQLFormattedError,
  headers: [string, string][] = [],
): OperationResult {
  const result = withRequestId({ errors: [error] }, requestId);
  return { kind: 'result', result, http: { status, headers: new HeaderMap(headers) } };
}
