import { HeaderMap } from '@apollo/server';
import { GraphQLError } from 'graphql';

export const OPERATION_TOO_LARGE = 'OPERATION_TOO_LARGE';

/** Names the limit that an operation is beyond, and nothing of the operation. */
export function operationTooLarge(limit: string): GraphQLError {
  return new GraphQLError(`An operation may have ${limit}. Ask for less, or in several requests.`, {
    extensions: { code: OPERATION_TOO_LARGE, http: { status: 400, headers: new HeaderMap() } },
  });
}
