import type { ApolloServerPlugin, GraphQLRequest } from '@apollo/server';
import type { GraphQLError, GraphQLSchema } from 'graphql';
import type { RequestContext } from '../../../resolvers/request-context.js';
import type { OnRejection } from '../../request/rejection.js';
import { rejectBeforeParse } from '../reject-before-parse.js';
import { jsonProblem } from './json-limits.js';
import { operationCost } from './operation-cost.js';
import { OPERATION_TOO_LARGE, operationTooLarge } from './operation-too-large.js';
import { DocumentCheckCache } from './document-check-cache.js';

/**
 * By `operationCost`: 1,000 entities with all that there is of a payment come to 105,000, a page of 100 exceptions with everything
 * to 43,000, and one of 100 payments to 6,400. An answer that comes to the limit takes a third of a second.
 */
export const MAX_COST = 200_000;

/** Refuses what would cost too much, each at the first stage that can tell, over all transports. */
export function limitOperations(schema: GraphQLSchema, onRefused: OnRejection): ApolloServerPlugin<RequestContext> {
  const documents = new DocumentCheckCache(schema);
  return {
    requestDidStart: ({ request }) => {
      const problem = requestProblem(request, documents);
      const refusal = problem && rejectBeforeParse(request, problem);
      return Promise.resolve({
        didResolveOperation: ({ operation, document }) => {
          if (refusal !== undefined) return refusal.didResolveOperation();
          const cost = operation && operationCost(operation, document, schema, request.variables ?? {});
          return cost !== undefined && cost > MAX_COST
            ? Promise.reject(
                operationTooLarge(`a cost of at most ${MAX_COST}: its fields, those of lists as often as asked for`),
              )
            : Promise.resolve();
        },
        didEncounterErrors: ({ contextValue, errors }) => {
          if (errors.some(({ extensions }) => extensions.code === OPERATION_TOO_LARGE)) {
            contextValue.log.info({ reason: 'limit' }, 'refused');
            onRefused('limit');
          }
          return Promise.resolve();
        },
      });
    },
  };
}

function requestProblem(
  { query, variables, extensions }: GraphQLRequest,
  documents: DocumentCheckCache,
): GraphQLError | undefined {
  const problem = jsonProblem(variables) ?? jsonProblem(extensions);
  // Of a document that goes by its hash this was asked when it came with its text.
  return problem ?? (typeof query === 'string' ? documents.problemOf(query) : undefined);
}
