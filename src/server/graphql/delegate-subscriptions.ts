import type { ApolloServerPlugin } from '@apollo/server';
import { OperationTypeNode } from 'graphql';
import type { OperationDefinitionNode } from 'graphql';
import type { RequestContext } from '../../resolvers/request-context.js';
import { isStreaming } from './streaming-context.js';

/**
 * Apollo Server does not run subscriptions. It reads and validates them like all operations, by the same plugins; then this
 * one takes them over for the transport that they came by.
 */
export const delegateSubscriptions: ApolloServerPlugin<RequestContext> = {
  requestDidStart: () =>
    Promise.resolve({
      responseForOperation: ({ operation, schema, document, contextValue, response }) => {
        // Undefined, whatever its type says, when the document has none of the name that was asked for.
        const asked = operation as OperationDefinitionNode | undefined;
        if (asked?.operation !== OperationTypeNode.SUBSCRIPTION || !isStreaming(contextValue))
          return Promise.resolve(null);
        contextValue.takeSubscription({ schema, document });
        return Promise.resolve({ http: response.http, body: { kind: 'single', singleResult: {} } });
      },
    }),
};
