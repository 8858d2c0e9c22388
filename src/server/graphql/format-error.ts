import { ApolloServerErrorCode, ApolloServerValidationErrorCode } from '@apollo/server/errors';
import { GraphQLError } from 'graphql';
import type { GraphQLFormattedError } from 'graphql';
import { explanationOf } from './explain-input-errors.js';
import { OPERATION_TOO_LARGE } from './limits/operation-too-large.js';

/** Codes of errors that are thrown on purpose: of the request itself, before anything of ours ran, of who asks, of a payment
 * that is not there, or of a store that is down. */
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

/** What callers are told of an error that nobody threw on purpose. */
export const UNEXPECTED_ERROR: GraphQLFormattedError = {
  message: 'Something went wrong on our side; it has been logged. Quote the requestId when you ask about it.',
  extensions: { code: ApolloServerErrorCode.INTERNAL_SERVER_ERROR },
};

/** True for an error that nobody threw on purpose: its text is for the log only. */
export function isUnexpected(error: unknown): boolean {
  if (!(error instanceof GraphQLError)) return true;
  return !DELIBERATE_ERRORS.has(error.extensions.code) && explanationOf(error) === undefined;
}

/**
 * The one door from errors to `errors[]`. Failures of payments do not come here: they are data. Errors of the request are told
 * without repeating a value of it; everything else is masked. The request id is added when the answer leaves (`http.ts`).
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
    return { message: 'Introspection is switched off here. Read the schema in schema.graphql.' };
  switch (formatted.extensions?.code) {
    case ApolloServerErrorCode.GRAPHQL_PARSE_FAILED: {
      const [place] = formatted.locations ?? [];
      return {
        message: place === undefined ? 'Syntax error.' : `Syntax error at line ${place.line}, column ${place.column}.`,
      };
    }
    case ApolloServerErrorCode.BAD_USER_INPUT:
      // A path comes from `refuseBrokenRules` only, and with words of ours.
      if (formatted.extensions.inputPath === undefined) return { message: 'The variables do not fit the schema.' };
      return { message: formatted.message, extensions: formatted.extensions };
    case ApolloServerErrorCode.OPERATION_RESOLUTION_FAILURE:
      return { message: 'Give the operationName of an operation of the document.' };
    default:
      return { message: formatted.message };
  }
}
