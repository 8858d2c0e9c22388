import { ApolloServer } from '@apollo/server';
import { ApolloServerPluginLandingPageDisabled } from '@apollo/server/plugin/disabled';
import type { GraphQLSchema } from 'graphql';
import type { Logger } from '../../lib/logger.js';
import type { RequestContext } from '../../resolvers/request-context.js';
import { authorize } from './authorize.js';
import type { OnRejection } from '../request/rejection.js';
import { explainInputErrors } from './explain-input-errors.js';
import { formatError } from './format-error.js';
import { delegateSubscriptions } from './delegate-subscriptions.js';
import { limitOperations } from './limits/limit-operations.js';
import { logUnexpectedErrors } from './log-unexpected-errors.js';
import { persistedOperations } from './persisted-operations.js';
import type { PersistedOperations } from './persisted-operations.js';
import { rejectOperations } from './reject-operations.js';
import { apolloConfig, tracing } from './studio.js';
import type { Studio } from './studio.js';

interface Options {
  /** Whether the schema may be explored: without it there is no introspection, and no error suggests a name. */
  readonly explorer: boolean;
  /** Undefined: nothing is reported. */
  readonly studio: Studio | undefined;
  readonly operations: PersistedOperations;
  /** Called with the reason when a request is refused. */
  readonly onRefused: OnRejection;
  /** Where reports go; Apollo's, when absent. */
  readonly reportUrl?: string;
}

/** Enough to mend a document by; each that is found costs time, and so does telling it. */
const MAX_VALIDATION_ERRORS = 5;

/** Apollo Server over the schema. */
export async function createApolloServer(
  schema: GraphQLSchema,
  { explorer, studio, operations, onRefused, reportUrl }: Options,
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
    logger: log,
    apollo: apolloConfig(studio),
    plugins: [
      persistedOperations(operations),
      // Before the rest says anything of an operation.
      authorize(onRefused),
      limitOperations(schema, onRefused),
      rejectOperations,
      delegateSubscriptions,
      explainInputErrors,
      logUnexpectedErrors(log),
      ApolloServerPluginLandingPageDisabled(),
      ...tracing(studio, log, reportUrl),
    ],
  });
  await apollo.start();
  return apollo;
}
