import { HeaderMap } from '@apollo/server';
import type { ApolloServerPlugin, HTTPGraphQLHead } from '@apollo/server';
import { ApolloServerErrorCode } from '@apollo/server/errors';
import { GraphQLError, Kind, OperationTypeNode } from 'graphql';
import type { DocumentNode, SelectionNode, SelectionSetNode } from 'graphql';
import type { RequestContext } from '../../resolvers/request-context.js';
import { isStreaming } from './streaming-context.js';

const BAD_REQUEST = { status: 400, headers: new HeaderMap() };
const METHOD_NOT_ALLOWED = { status: 405, headers: new HeaderMap([['allow', 'POST']]) };

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
  if (isStreaming(context) && context.readOnly) throw badRequest('Send mutations by POST.', METHOD_NOT_ALLOWED);
  if (selections.filter(isMutation).length > 1) throw badRequest('Send one mutation per request.', BAD_REQUEST);
}

function rejectSubscriptions(selections: readonly SelectionNode[], context: RequestContext): void {
  if (!isStreaming(context))
    throw badRequest(
      'Subscriptions need a streaming transport: send accept: text/event-stream, or use a WebSocket with the subprotocol graphql-transport-ws.',
      BAD_REQUEST,
    );
  if (selections.some(({ directives = [] }) => directives.length > 0))
    throw badRequest('Directives are not allowed at the root of a subscription.', BAD_REQUEST);
}

function isMutation(selection: SelectionNode): boolean {
  return selection.kind === Kind.FIELD && selection.name.value !== '__typename';
}

/**
 * The selections at the root of an operation, including those of its fragments. Each fragment is entered once however
 * often it is spread, since the same field is executed once.
 */
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
    return [selection, ...rootSelections(fragmentNamed(name, document), document, entered)];
  });
}

/** Validation has ensured that the fragment exists. */
function fragmentNamed(name: string, document: DocumentNode): SelectionSetNode {
  for (const definition of document.definitions)
    if (definition.kind === Kind.FRAGMENT_DEFINITION && definition.name.value === name) return definition.selectionSet;
  throw new Error('a fragment is missing');
}

function badRequest(message: string, http: HTTPGraphQLHead): GraphQLError {
  return new GraphQLError(message, { extensions: { code: ApolloServerErrorCode.BAD_REQUEST, http } });
}
