import { ApolloServer } from '@apollo/server';
import { ApolloServerPluginLandingPageDisabled } from '@apollo/server/plugin/disabled';
import type { ApolloServerOptions } from '@apollo/server';
import type { GraphQLSchema } from 'graphql';
import type { Logger } from '../../lib/logger.js';
import type { RequestContext } from '../../resolvers/request-context.js';
import { authorize } from './authorize.js';
import type { OnRejection } from '../request/request-guard.js';
import { delegateSubscriptions } from './subscription.js';
import { formatError, reportErrors } from './errors.js';
import { limitOperations } from './limits/limit-operations.js';
import { persistedOperations } from './persisted-operations.js';
import type { PersistedOperations } from './persisted-operations.js';
import { rejectOperations } from './reject-operations.js';
import { apolloConfig, tracing } from './studio.js';
import type { Studio } from './studio.js';

interface Options {
  /** Whether the schema may be explored. When false, introspection is off and error messages suggest no names. */
  readonly explorer: boolean;
  /** Where usage reports go; undefined sends none. */
  readonly studio: Studio | undefined;
  readonly operations: PersistedOperations;
  readonly onRejection: OnRejection;
  /** URL for usage reports; default: Apollo's. */
  readonly reportUrl?: string;
}

/** Enough to correct a document by. Finding and reporting each error costs time. */
const MAX_VALIDATION_ERRORS = 5;

/** Creates and starts Apollo Server with the schema and all plugins. */
export async function createApolloServer(
  schema: GraphQLSchema,
  { explorer, studio, operations, onRejection, reportUrl }: Options,
  log: Logger,
): Promise<ApolloServer<RequestContext>> {
  const apollo = new ApolloServer<RequestContext>({
    schema,
    formatError,
    introspection: explorer,
    includeStacktraceInErrorResponses: false,
    hideSchemaDetailsFromClientErrors: !explorer,
    csrfPrevention: true,
    allowBatchedHttpRequests: false,
    validationOptions: { maxErrors: MAX_VALIDATION_ERRORS },
    // The HTTP server drains (main.ts); Apollo's own signal handlers would end the process under it.
    stopOnTerminationSignals: false,
    logger: apolloLogger(log),
    apollo: apolloConfig(studio),
    plugins: [
      persistedOperations(operations),
      // Before the plugins that reveal anything about an operation.
      authorize(onRejection),
      limitOperations(schema, onRejection),
      rejectOperations,
      delegateSubscriptions,
      reportErrors(log),
      ApolloServerPluginLandingPageDisabled(),
      ...tracing(studio, log, reportUrl),
    ],
  });
  await apollo.start();
  return apollo;
}

/** Apollo Server's own messages, as lines of this log. */
function apolloLogger(log: Logger): NonNullable<ApolloServerOptions<RequestContext>['logger']> {
  const write = (level: keyof Logger) => (message: unknown) => log[level]({ event: 'apollo_server' }, String(message));
  return { debug: write('debug'), info: write('info'), warn: write('warn'), error: write('error') };
}
