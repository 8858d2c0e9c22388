import type { DocumentNode, GraphQLSchema } from 'graphql';
import type { RequestContext } from '../../resolvers/request-context.js';

/** A subscription that may run. */
export interface ValidSubscription {
  readonly schema: GraphQLSchema;
  readonly document: DocumentNode;
}

/** The context of an operation that came over a transport which can stream. */
export interface StreamingContext extends RequestContext {
  /** Called instead of the execution when the operation is a subscription. */
  readonly takeSubscription: (subscription: ValidSubscription) => void;
  /** True for an operation in an address: no mutation may come this way. */
  readonly readOnly: boolean;
}

export function isStreaming(context: RequestContext): context is StreamingContext {
  return 'takeSubscription' in context;
}
