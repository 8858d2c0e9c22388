import { HeaderMap } from '@apollo/server';
import { GraphQLError } from 'graphql';

/** `extensions.code` of an operation that exceeds a limit. */
export const OPERATION_TOO_LARGE = 'OPERATION_TOO_LARGE';

/** An error that names the exceeded limit, and quotes nothing of the operation. */
export function operationTooLarge(limit: string): GraphQLError {
  return new GraphQLError(`Operation exceeds the limit of ${limit}. Reduce it or split it.`, {
    extensions: { code: OPERATION_TOO_LARGE, http: { status: 400, headers: new HeaderMap() } },
  });
}
