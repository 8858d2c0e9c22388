import { HeaderMap } from '@apollo/server';
import type { ApolloServer, GraphQLRequest, HTTPGraphQLHead } from '@apollo/server';
import type { FormattedExecutionResult, GraphQLError } from 'graphql';
import { unauthenticated } from '../../resolvers/field-access.js';
import type { RequestContext } from '../../resolvers/request-context.js';
import { withRequestId } from '../request/error-response.js';
import { UNEXPECTED_ERROR, formatError } from './format-error.js';
import type { ConcurrencyQuota } from '../request/concurrency-quota.js';
import type { OnRejection } from '../request/rejection.js';
import type { RequestedOperation } from '../request/requested-operation.js';
import type { StreamingContext, ValidSubscription } from './streaming-context.js';
import { startSubscription, endingWith } from './subscription.js';
import type { ResultStream } from './subscription.js';

/** What an operation is answered with. RESULT: as any request is. FAILED: by a subscription that did not begin. */
export type OperationResult =
  | { readonly kind: 'result'; readonly result: FormattedExecutionResult; readonly http: HTTPGraphQLHead }
  | { readonly kind: 'failed'; readonly result: FormattedExecutionResult }
  | { readonly kind: 'results'; readonly results: ResultStream };

function unauthorized(error: GraphQLError, { requestId }: RequestContext): OperationResult {
  const result = withRequestId({ errors: [formatError(error.toJSON(), error)] }, requestId);
  return { kind: 'result', result, http: { status: 401, headers: new HeaderMap() } };
}

function tooMany({ requestId }: RequestContext): OperationResult {
  const message = 'Too many subscriptions are open, of yours or of all callers. End some, or subscribe again later.';
  const result = withRequestId({ errors: [{ message, extensions: { code: 'TOO_MANY_SUBSCRIPTIONS' } }] }, requestId);
  return { kind: 'result', result, http: { status: 503, headers: new HeaderMap([['retry-after', '5']]) } };
}

/** Runs the operations of transports that can stream: by Apollo Server, but for subscriptions once it has found them valid. */
export class Operations {
  constructor(
    private readonly apollo: ApolloServer<RequestContext>,
    /** Those of subscriptions; undefined where they are counted by others. */
    private readonly slots?: ConcurrencyQuota,
    private readonly onRefused?: OnRejection,
  ) {}

  /** Never rejects: what goes wrong is in the answer, told as to all requests. `readOnly`: a mutation is refused. */
  async run(operation: RequestedOperation, context: RequestContext, readOnly: boolean): Promise<OperationResult> {
    try {
      return await this.#run(operation, context, readOnly);
    } catch (error) {
      context.log.error({ err: error }, 'unexpected error');
      const result = withRequestId({ errors: [UNEXPECTED_ERROR] }, context.requestId);
      return { kind: 'result', result, http: { status: 500, headers: new HeaderMap() } };
    }
  }

  async #run(operation: RequestedOperation, context: RequestContext, readOnly: boolean): Promise<OperationResult> {
    // It may be long ago that it was told who asks: when a socket was opened, or on another replica.
    if (!(await context.isClientCurrent())) return unauthorized(unauthenticated(), context);
    const taken: { subscription?: ValidSubscription } = {};
    const contextValue: StreamingContext = {
      ...context,
      readOnly,
      takeSubscription: (subscription) => (taken.subscription = subscription),
    };
    // Apollo Server takes null for absent, whatever its type says.
    const { body, http } = await this.apollo.executeOperation(operation as GraphQLRequest, { contextValue });
    if (taken.subscription !== undefined) return this.#subscribe(taken.subscription, operation, context);
    if (body.kind !== 'single') throw new Error('an operation was answered in parts');
    return { kind: 'result', result: withRequestId(body.singleResult, context.requestId), http };
  }

  async #subscribe(
    subscription: ValidSubscription,
    operation: RequestedOperation,
    context: RequestContext,
  ): Promise<OperationResult> {
    const free = this.slots?.acquire(context.client.id);
    if (this.slots !== undefined && free === undefined) {
      this.onRefused?.('limit');
      return tooMany(context);
    }
    const answer = await startSubscription(subscription, operation, context).catch((error: unknown) => {
      free?.();
      throw error;
    });
    if (answer.kind === 'results') return { ...answer, results: endingWith(answer.results, () => free?.()) };
    free?.();
    return answer;
  }
}
