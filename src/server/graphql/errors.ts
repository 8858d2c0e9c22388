import type { ApolloServerPlugin } from '@apollo/server';
import { ApolloServerErrorCode, ApolloServerValidationErrorCode } from '@apollo/server/errors';
import { GraphQLError } from 'graphql';
import type { GraphQLFormattedError } from 'graphql';
import type { Logger } from '../../lib/logger.js';
import type { RequestContext } from '../../resolvers/request-context.js';
import { explainInputErrors, explanationOf } from './explain-input-errors.js';
import { OPERATION_TOO_LARGE } from './limits/document-limits.js';

/** Codes of errors that are thrown on purpose: request, authentication, unknown payment, unavailable database. */
const DELIBERATE_ERRORS = new Set<unknown>([
  ApolloServerErrorCode.GRAPHQL_PARSE_FAILED,
  ApolloServerErrorCode.GRAPHQL_VALIDATION_FAILED,
  ApolloServerErrorCode.BAD_USER_INPUT,
  ApolloServerErrorCode.OPERATION_RESOLUTION_FAILURE,
  ApolloServerErrorCode.BAD_REQUEST,
  ApolloServerErrorCode.PERSISTED_QUERY_NOT_FOUND,
  'FORBIDDEN',
  'NOT_FOUND',
  OPERATION_TOO_LARGE,
  'QUERY_NOT_IN_SAFELIST',
  'SERVICE_UNAVAILABLE',
  'UNAUTHENTICATED',
]);

/** Shown to clients in place of an unexpected error. */
export const UNEXPECTED_ERROR = {
  message: 'Internal error. It has been logged; quote the requestId when you report it.',
  extensions: { code: ApolloServerErrorCode.INTERNAL_SERVER_ERROR },
} satisfies GraphQLFormattedError;

/** Whether an error was not thrown on purpose, so that its text is for the log only. */
function isUnexpected(error: unknown): boolean {
  if (!(error instanceof GraphQLError)) return true;
  return !DELIBERATE_ERRORS.has(error.extensions.code) && explanationOf(error) === undefined;
}

/**
 * Converts every error to an entry of `errors[]`: describes errors of the request without quoting a value of it, and
 * masks all others. Failures of payments do not come here, since they are typed members of result unions. The request
 * id is added when the response is sent (`finalize-response.ts`).
 */
export function formatError(formatted: GraphQLFormattedError, error: unknown): GraphQLFormattedError {
  const { path } = formatted;
  if (isUnexpected(error)) return { ...UNEXPECTED_ERROR, ...(path && { path }) };
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
  const { message, locations: [place] = [], extensions = {} } = formatted;
  switch (extensions.code) {
    case ApolloServerErrorCode.GRAPHQL_PARSE_FAILED:
      return { message: place ? `Syntax error at line ${place.line}, column ${place.column}.` : 'Syntax error.' };
    case ApolloServerErrorCode.BAD_USER_INPUT:
      // Only `rejectInvalidArgs` sets a path, and it writes a message that quotes no value.
      if (extensions.inputPath === undefined) return { message: 'The variables do not match the schema.' };
      return { message, extensions };
    case ApolloServerErrorCode.OPERATION_RESOLUTION_FAILURE:
      return { message: 'Set operationName to the name of an operation in the document.' };
    default:
      return { message };
  }
}

/** Explains errors about input, and logs every error that is masked for clients, with its stack. */
export function reportErrors(log: Logger): ApolloServerPlugin<RequestContext> {
  return {
    requestDidStart: () =>
      Promise.resolve({
        didEncounterErrors: ({ errors, document, schema, request, contextValue }) => {
          if (document !== undefined) explainInputErrors(errors, { document, schema }, request.variables);
          logMasked(errors, contextValue.log);
          return Promise.resolve();
        },
      }),
    unexpectedErrorProcessingRequest: ({ error }) => {
      logUnexpectedError(log, error);
      return Promise.resolve();
    },
  };
}

/** Logs those errors of an execution that are masked for clients. */
export function logMasked(errors: readonly GraphQLError[], log: Logger): void {
  for (const error of errors.filter(isUnexpected)) logUnexpectedError(log, causeOf(error));
}

/** Logs an unexpected error with its stack. */
export function logUnexpectedError(log: Logger, error: unknown): void {
  log.error({ event: 'unexpected_error', err: error }, 'unexpected error');
}

/** The error that was thrown; of an error of graphql-js itself only the location, as its message may quote values. */
function causeOf(error: GraphQLError): Error {
  const cause = error.originalError ?? error;
  if (!(cause instanceof GraphQLError)) return cause;
  const withoutMessage = new Error(`graphql-js failed at ${error.path?.join('.') ?? 'the operation'}`);
  const frames = (cause.stack ?? '').split('\n').filter((line) => /^ {4}at /.test(line));
  withoutMessage.stack = [withoutMessage.message, ...frames].join('\n');
  return withoutMessage;
}
