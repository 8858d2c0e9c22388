import type { ApolloServerPlugin, GraphQLRequest } from '@apollo/server';
import type { GraphQLError, GraphQLSchema } from 'graphql';
import type { RequestContext } from '../../../resolvers/request-context.js';
import type { OnRejection } from '../../request/request-guard.js';
import { rejectBeforeParse } from '../reject-before-parse.js';
import { jsonProblem } from './json-limits.js';
import { operationCost } from './operation-cost.js';
import { OPERATION_TOO_LARGE, operationTooLarge } from './document-limits.js';
import { DocumentCheckCache } from './document-check-cache.js';

/**
 * Limit of `operationCost`. 1,000 entities with all fields of a payment cost 105,000, a page of 100 exceptions with all
 * fields 43,000, and a page of 100 payments 6,400. A response at the limit takes about 0.3 s of CPU.
 */
export const MAX_COST = 200_000;

/** Rejects operations that would cost too much, each at the earliest possible stage, for all transports. */
export function limitOperations(schema: GraphQLSchema, onRejection: OnRejection): ApolloServerPlugin<RequestContext> {
  const documents = new DocumentCheckCache(schema);
  return {
    requestDidStart: ({ request }) => {
      const problem = requestProblem(request, documents);
      const rejection = problem && rejectBeforeParse(request, problem);
      return Promise.resolve({
        didResolveOperation: ({ operation, document }) => {
          if (rejection !== undefined) return rejection.didResolveOperation();
          const cost = operation && operationCost(operation, document, schema, request.variables ?? {});
          return cost !== undefined && cost > MAX_COST
            ? Promise.reject(operationTooLarge(`${MAX_COST} fields, those of a list counted once per requested item`))
            : Promise.resolve();
        },
        didEncounterErrors: ({ contextValue, errors }) => {
          if (errors.some(({ extensions }) => extensions.code === OPERATION_TOO_LARGE)) {
            contextValue.log.info({ event: 'request_rejected', reason: 'limit' }, 'request rejected');
            onRejection('limit');
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
  // A document that is sent by its hash was checked when it was first sent with its text.
  return problem ?? (typeof query === 'string' ? documents.problemOf(query) : undefined);
}
