import type { GraphQLRequest } from '@apollo/server';
import type { GraphQLError } from 'graphql';

/**
 * Rejects a request without parsing its document. Apollo Server accepts a rejection only for a valid document, so the
 * request gets one in place of its own.
 */
export function rejectBeforeParse(request: GraphQLRequest, error: GraphQLError) {
  request.query = '{ __typename }';
  delete request.extensions;
  delete request.operationName;
  return { didResolveOperation: () => Promise.reject(error) };
}
