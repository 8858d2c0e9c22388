import type { ApolloServerPlugin } from '@apollo/server';
import { GraphQLError } from 'graphql';
import type { Logger } from '../../lib/logger.js';
import type { RequestContext } from '../../resolvers/request-context.js';
import { isUnexpected } from './format-error.js';

/** Logs every error that is masked for clients, with its stack. */
export function logUnexpectedErrors(log: Logger): ApolloServerPlugin<RequestContext> {
  return {
    requestDidStart: () =>
      Promise.resolve({
        didEncounterErrors: ({ errors, contextValue }) => {
          logUnexpected(errors, contextValue.log);
          return Promise.resolve();
        },
      }),
    unexpectedErrorProcessingRequest: ({ error }) => {
      log.error({ event: 'unexpected_error', err: error }, 'unexpected error');
      return Promise.resolve();
    },
  };
}

/** Logs the unexpected ones among the errors of an execution. */
export function logUnexpected(errors: readonly GraphQLError[], log: Logger): void {
  for (const error of errors)
    if (isUnexpected(error)) log.error({ event: 'unexpected_error', err: causeOf(error) }, 'unexpected error');
}

/**
 * The error that was thrown. For an error of graphql-js itself only its location is kept, as its message may quote
 * values.
 */
function causeOf(error: GraphQLError): Error {
  const cause = error.originalError ?? error;
  if (!(cause instanceof GraphQLError)) return cause;
  const withoutMessage = new Error(`graphql-js failed at ${error.path?.join('.') ?? 'the operation'}`);
  withoutMessage.stack = [withoutMessage.message, ...(cause.stack ?? '').split('\n').filter(isFrame)].join('\n');
  return withoutMessage;
}

function isFrame(line: string): boolean {
  return /^ {4}at /.test(line);
}
