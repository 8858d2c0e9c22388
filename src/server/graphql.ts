import { ApolloServer } from '@apollo/server';
import { ApolloServerPluginLandingPageDisabled } from '@apollo/server/plugin/disabled';
import { ApolloServerPluginLandingPageLocalDefault } from '@apollo/server/plugin/landingPage/default';
import type { GraphQLSchema } from 'graphql';
import type { Logger } from '../log.js';
import type { RequestContext } from '../resolvers/request-context.js';
import { explainInputErrors } from './explain-input-errors.js';
import { formatError } from './format-error.js';
import { handOverSubscriptions } from './hand-over-subscriptions.js';
import { logUnexpectedErrors } from './log-unexpected-errors.js';
import { refuseOperations } from './refuse-operations.js';

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
      refuseOperations,
      handOverSubscriptions,
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
