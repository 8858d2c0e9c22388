import { HeaderMap } from '@apollo/server';
import type { ApolloServerPlugin, GraphQLRequest, HTTPGraphQLHead } from '@apollo/server';
import { ApolloServerErrorCode } from '@apollo/server/errors';
import { GraphQLError, Kind, OperationTypeNode } from 'graphql';
import type { DocumentNode, SelectionNode, SelectionSetNode } from 'graphql';
import type { RequestContext } from '../../resolvers/request-context.js';
import { isStreaming } from './subscription.js';

/**
 * Rejects before execution: operations with more than one mutation (time limits and draining assume one per request),
 * mutations sent by GET, and subscriptions that cannot be streamed or that would make graphql-js report an internal
 * error.
 */
export const rejectOperations: ApolloServerPlugin<RequestContext> = {
  requestDidStart: () =>
    Promise.resolve({
      didResolveOperation: ({ operation, document, contextValue }) => {
        if (operation?.operation === OperationTypeNode.MUTATION)
          rejectMutations(rootSelections(operation.selectionSet, document), contextValue);
        if (operation?.operation === OperationTypeNode.SUBSCRIPTION)
          rejectSubscriptions(rootSelections(operation.selectionSet, document), contextValue);
        return Promise.resolve();
      },
    }),
};

function rejectMutations(selections: readonly SelectionNode[], context: RequestContext): void {
  if (isStreaming(context) && context.readOnly)
    throw badRequest('Send mutations by POST.', { status: 405, headers: new HeaderMap([['allow', 'POST']]) });
  const mutations = selections.filter((node) => node.kind === Kind.FIELD && node.name.value !== '__typename');
  if (mutations.length > 1) throw badRequest('Send one mutation per request.');
}

function rejectSubscriptions(selections: readonly SelectionNode[], context: RequestContext): void {
  if (!isStreaming(context))
    throw badRequest(
      'Subscriptions need a streaming transport: send accept: text/event-stream, or use a WebSocket with the subprotocol graphql-transport-ws.',
    );
  if (selections.some(({ directives = [] }) => directives.length > 0))
    throw badRequest('Directives are not allowed at the root of a subscription.');
}

/** Selections at the root, also of fragments. Each fragment is entered once, as the same field is executed once. */
function rootSelections(
  { selections }: SelectionSetNode,
  document: DocumentNode,
  entered = new Set<string>(),
): SelectionNode[] {
  return selections.flatMap((selection) => {
    if (selection.kind === Kind.FIELD) return [selection];
    if (selection.kind === Kind.INLINE_FRAGMENT)
      return [selection, ...rootSelections(selection.selectionSet, document, entered)];
    const name = selection.name.value;
    if (entered.has(name)) return [selection];
    entered.add(name);
    const fragments = document.definitions.filter((node) => node.kind === Kind.FRAGMENT_DEFINITION);
    const spread = fragments.filter((fragment) => fragment.name.value === name);
    return [selection, ...spread.flatMap(({ selectionSet }) => rootSelections(selectionSet, document, entered))];
  });
}

/** Rejects without parsing the document. Apollo Server rejects only valid documents, so the request gets one. */
export function rejectBeforeParse(request: GraphQLRequest, error: GraphQLError) {
  request.query = '{ __typename }';
  delete request.extensions;
  delete request.operationName;
  return { didResolveOperation: () => Promise.reject(error) };
}

/** An error for the client about its request. `http` goes into the head of the response. */
export function badRequest(message: string, http: Partial<HTTPGraphQLHead> = { status: 400 }): GraphQLError {
  return new GraphQLError(message, { extensions: { code: ApolloServerErrorCode.BAD_REQUEST, http } });
}
