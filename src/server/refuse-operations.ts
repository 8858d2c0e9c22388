import type { ApolloServerPlugin } from '@apollo/server';
import { ApolloServerErrorCode } from '@apollo/server/errors';
import { GraphQLError, Kind, OperationTypeNode } from 'graphql';
import type { DocumentNode, SelectionSetNode } from 'graphql';
import type { RequestContext } from '../resolvers/request-context.js';

/**
 * Refuses, before anything runs, operations without a root type (graphql-js would fail on them as if the fault were ours) and
 * operations with more than one mutation: time limits and draining are counted for one.
 */
export const refuseOperations: ApolloServerPlugin<RequestContext> = {
  requestDidStart: () =>
    Promise.resolve({
      didResolveOperation: ({ operation, schema, document }) => {
        if (operation === undefined) return Promise.resolve();
        if (schema.getRootType(operation.operation) == null) throw refusal('The schema has no such operations.');
        if (operation.operation === OperationTypeNode.MUTATION && countFields(operation.selectionSet, document) > 1)
          throw refusal('Send one mutation a request.');
        return Promise.resolve();
      },
    }),
};

/**
 * Fields of a selection but `__typename`, those of its fragments included; each fragment is counted once, however often it is
 * spread, since the same field twice is executed once.
 */
function countFields(selections: SelectionSetNode, document: DocumentNode, counted = new Set<string>()): number {
  let count = 0;
  for (const selection of selections.selections) {
    if (selection.kind === Kind.FIELD) count += selection.name.value === '__typename' ? 0 : 1;
    else if (selection.kind === Kind.INLINE_FRAGMENT) count += countFields(selection.selectionSet, document, counted);
    else if (!counted.has(selection.name.value)) {
      counted.add(selection.name.value);
      count += countFields(fragmentNamed(selection.name.value, document), document, counted);
    }
  }
  return count;
}

/** Validation has made sure that it exists. */
function fragmentNamed(name: string, document: DocumentNode): SelectionSetNode {
  for (const definition of document.definitions)
    if (definition.kind === Kind.FRAGMENT_DEFINITION && definition.name.value === name) return definition.selectionSet;
  throw new Error('a fragment is missing');
}

function refusal(message: string): GraphQLError {
  return new GraphQLError(message, {
    extensions: { code: ApolloServerErrorCode.BAD_REQUEST, http: { status: 400 } },
  });
}
