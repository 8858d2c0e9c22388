import type { ApolloServerPlugin } from '@apollo/server';
import { OperationTypeNode } from 'graphql';
import type { OperationDefinitionNode } from 'graphql';
import type { RequestContext } from '../../resolvers/request-context.js';
import { isStreaming } from './streaming-context.js';

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
