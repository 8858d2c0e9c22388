import type { DocumentNode, GraphQLSchema } from 'graphql';
import type { RequestContext } from '../../resolvers/request-context.js';

/** A subscription that passed validation and authorization. */
export interface ValidSubscription {
  readonly schema: GraphQLSchema;
  readonly document: DocumentNode;
}

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
