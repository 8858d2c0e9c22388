import { ApolloServer } from '@apollo/server';
import type { ApolloServerPlugin } from '@apollo/server';
import { ApolloServerPluginLandingPageDisabled } from '@apollo/server/plugin/disabled';
import { ApolloServerPluginLandingPageLocalDefault } from '@apollo/server/plugin/landingPage/default';
import { ApolloServerErrorCode } from '@apollo/server/errors';
import { GraphQLError } from 'graphql';
import type { GraphQLSchema } from 'graphql';
import type { Logger } from '../log.js';
import type { RequestContext } from '../resolvers/request-context.js';
import { explainInputErrors } from './explain-input-errors.js';
import { formatError, isUnexpected } from './format-error.js';

/** Apollo Server over the schema. In production it shows nothing of itself: no explorer, introspection or suggestions. */
export async function createApolloServer(
  schema: GraphQLSchema,
  production: boolean,
  log: Logger,
): Promise<ApolloServer<RequestContext>> {
  const apollo = new ApolloServer<RequestContext>({
    schema,
    formatError,
    introspection: !production,
    includeStacktraceInErrorResponses: false,
    hideSchemaDetailsFromClientErrors: production,
    csrfPrevention: true,
    persistedQueries: false,
    // The HTTP server drains (main.ts); Apollo's own signal handlers would end the process under it.
    stopOnTerminationSignals: false,
    logger: log,
    plugins: [
      refuseMissingRoots,
      explainInputErrors,
      logUnexpectedErrors(log),
      production
        ? ApolloServerPluginLandingPageDisabled()
        : ApolloServerPluginLandingPageLocalDefault({ footer: false }),
    ],
  });
  await apollo.start();
  return apollo;
}

/** graphql-js would fail on a subscription, which this schema has none of, as if the fault were ours. */
const refuseMissingRoots: ApolloServerPlugin<RequestContext> = {
  requestDidStart: () =>
    Promise.resolve({
      didResolveOperation: ({ operation, schema }) => {
        if (operation === undefined || schema.getRootType(operation.operation) != null) return Promise.resolve();
        throw new GraphQLError('The schema has no such operations.', {
          extensions: { code: ApolloServerErrorCode.OPERATION_RESOLUTION_FAILURE, http: { status: 400 } },
        });
      },
    }),
};

function logUnexpectedErrors(log: Logger): ApolloServerPlugin<RequestContext> {
  return {
    requestDidStart: () =>
      Promise.resolve({
        didEncounterErrors: ({ errors, contextValue }) => {
          for (const error of errors)
            if (isUnexpected(error)) contextValue.log.error({ err: error.originalError ?? error }, 'unexpected error');
          return Promise.resolve();
        },
      }),
    unexpectedErrorProcessingRequest: ({ error }) => {
      log.error({ err: error }, 'unexpected error');
      return Promise.resolve();
    },
  };
}
