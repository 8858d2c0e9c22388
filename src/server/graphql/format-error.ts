import { ApolloServerErrorCode, ApolloServerValidationErrorCode } from '@apollo/server/errors';
import { GraphQLError } from 'graphql';
import type { GraphQLFormattedError } from 'graphql';
import { explanationOf } from './explain-input-errors.js';
import { OPERATION_TOO_LARGE } from './limits/document-limits.js';

/**
 * Codes of errors that are thrown on purpose: for the request itself before it is executed, for authentication, for a
 * payment that does not exist, and for an unavailable database.
 */
const DELIBERATE_ERRORS = new Set<unknown>([
  ApolloServerErrorCode.GRAPHQL_PARSE_FAILED,
  ApolloServerErrorCode.GRAPHQL_VALIDATION_FAILED,
  ApolloServerErrorCode.BAD_USER_INPUT,
  ApolloServerErrorCode.OPERATION_RESOLUTION_FAILURE,
  ApolloServerErrorCode.BAD_REQUEST,
  ApolloServerErrorCode.PERSISTED_QUERY_NOT_FOUND,
  ApolloServerErrorCode.PERSISTED_QUERY_NOT_SUPPORTED,
  'FORBIDDEN',
  'INTROSPECTION_DISABLED',
  'NOT_FOUND',
  OPERATION_TOO_LARGE,
  'QUERY_NOT_IN_SAFELIST',
  'SERVICE_UNAVAILABLE',
  'UNAUTHENTICATED',
]);

/** Shown to clients in place of an unexpected error. */
export const UNEXPECTED_ERROR: GraphQLFormattedError = {
  message: 'Internal error. It has been logged; quote the requestId when you report it.',
  extensions: { code: ApolloServerErrorCode.INTERNAL_SERVER_ERROR },
};

/** Whether an error was not thrown on purpose, so that its text is for the log only. */
export function isUnexpected(error: unknown): boolean {
  if (!(error instanceof GraphQLError)) return true;
  return !DELIBERATE_ERRORS.has(error.extensions.code) && explanationOf(error) === undefined;
}

/**
 * Converts every error to an entry of `errors[]`. Errors of the request are described without quoting a value of it, and
 * all others are masked. Failures of payments do not come here, since they are typed members of result unions. The
 * request id is added when the response is sent (`finalize-response.ts`).
 */
export function formatError(formatted: GraphQLFormattedError, error: unknown): GraphQLFormattedError {
  if (isUnexpected(error))
    return { ...UNEXPECTED_ERROR, ...(formatted.path === undefined ? {} : { path: formatted.path }) };
  const { message, extensions } = publicError(formatted, error as GraphQLError);
  const code = (error as GraphQLError).extensions.code ?? ApolloServerErrorCode.BAD_USER_INPUT;
  return { ...formatted, message, extensions: { ...extensions, code } };
}

function publicError(formatted: GraphQLFormattedError, error: GraphQLError): { message: string; extensions?: object } {
  const explanation = explanationOf(error);
  if (explanation !== undefined) {
    const { inputPath, reason } = explanation;
    return { message: `${inputPath.join('.')} ${reason}.`.trimStart(), extensions: { inputPath } };
  }
  if (error.extensions.validationErrorCode === ApolloServerValidationErrorCode.INTROSPECTION_DISABLED)
    return { message: 'Introspection is disabled here. Read the schema in schema.graphql.' };
  switch (formatted.extensions?.code) {
    case ApolloServerErrorCode.GRAPHQL_PARSE_FAILED: {
      const [place] = formatted.locations ?? [];
      return {
        message: place === undefined ? 'Syntax error.' : `Syntax error at line ${place.line}, column ${place.column}.`,
      };
    }
    case ApolloServerErrorCode.BAD_USER_INPUT:
      // Only `rejectInvalidArgs` sets a path, and it writes a message that quotes no value.
      if (formatted.extensions.inputPath === undefined) return { message: 'The variables do not match the schema.' };
      return { message: formatted.message, extensions: formatted.extensions };
    case ApolloServerErrorCode.OPERATION_RESOLUTION_FAILURE:
      return { message: 'Set operationName to the name of an operation in the document.' };
    default:
      return { message: formatted.message };
  }
}
