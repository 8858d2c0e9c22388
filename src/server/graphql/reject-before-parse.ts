import type { GraphQLRequest } from '@apollo/server';
import type { GraphQLError } from 'graphql';

/**
 * Refuses a request whose document shall not be read. Apollo Server takes a refusal only of a document that is valid, so the request
 * gets one.
 */
export function rejectBeforeParse(request: GraphQLRequest, error: GraphQLError) {
  request.query = '{ __typename }';
  delete request.extensions;
  delete request.operationName;
  return { didResolveOperation: () => Promise.reject(error) };
}
