import type { ApolloServerPlugin } from '@apollo/server';
import { GraphQLError } from 'graphql';
import type { Logger } from '../../lib/logger.js';
import type { RequestContext } from '../../resolvers/request-context.js';
import { isUnexpected } from './format-error.js';

/** Logs, with its stack, every error that callers are told nothing of. */
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
      log.error({ err: error }, 'unexpected error');
      return Promise.resolve();
    },
  };
}

export function logUnexpected(errors: readonly GraphQLError[], log: Logger): void {
  for (const error of errors) if (isUnexpected(error)) log.error({ err: causeOf(error) }, 'unexpected error');
}

/** The error that was thrown. graphql-js quotes values in its own messages, so of those only the place is kept. */
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
