import type { ApolloServerPlugin, GraphQLRequest } from '@apollo/server';
import type { GraphQLError, GraphQLSchema } from 'graphql';
import { BoundedCache } from '../../../lib/bounded-cache.js';
import type { RequestContext } from '../../../resolvers/request-context.js';
import { recordRejection } from '../../request/request-guard.js';
import type { OnRejection } from '../../request/request-guard.js';
import { rejectBeforeParse } from '../reject-operations.js';
import { OPERATION_TOO_LARGE, documentProblem, operationTooLarge } from './document-limits.js';
import { operationCost } from './operation-cost.js';

/**
 * Limit of `operationCost`. 1,000 entities with all fields of a payment cost 105,000, a page of 100 exceptions with all
 * fields 43,000, and a page of 100 payments 6,400. A response at the limit takes about 0.3 s of CPU.
 */
export const MAX_COST = 200_000;
/** Limit of levels in variables and extensions. Input nests three deep in this schema, entities hardly deeper. */
const MAX_LEVELS = 20;
/** No input of this schema has ten fields. Each undefined field produces an error with a copy of the whole object. */
const MAX_KEYS = 200;
/** Limit of cached documents. Clients send the same few documents again and again. */
const MAX_DOCUMENTS = 1_000;
/** Longer documents are not cached: generated ones are long, and differ each time. */
const MAX_DOCUMENT_CHARACTERS = 10_000;

type Check = (query: string) => GraphQLError | undefined;

/** Rejects operations that would cost too much, each at the earliest possible stage, for all transports. */
export function limitOperations(schema: GraphQLSchema, onRejection: OnRejection): ApolloServerPlugin<RequestContext> {
  const checkDocument = cached((query) => documentProblem(query, schema));
  return {
    requestDidStart: ({ request }) => {
      const problem = requestProblem(request, checkDocument);
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
          if (errors.some(({ extensions }) => extensions.code === OPERATION_TOO_LARGE))
            recordRejection(contextValue.log, { onRejection }, 'limit');
          return Promise.resolve();
        },
      });
    },
  };
}

/** Checks each document once while it is among the most recent ones: a check takes a quarter of a request's time. */
function cached(check: Check): Check {
  const withoutProblem = new BoundedCache<string, true>(MAX_DOCUMENTS);
  return (query) => {
    if (withoutProblem.get(query)) return undefined;
    const problem = check(query);
    if (problem === undefined && query.length <= MAX_DOCUMENT_CHARACTERS) withoutProblem.set(query, true);
    return problem;
  };
}

function requestProblem({ query, variables, extensions }: GraphQLRequest, check: Check): GraphQLError | undefined {
  const problem = jsonProblem(variables) ?? jsonProblem(extensions);
  // A document that is sent by its hash was checked when it was first sent with its text.
  return problem ?? (typeof query === 'string' ? check(query) : undefined);
}

/** Why variables or extensions are too large; undefined when not. Iterative: deep input overflows the stack. */
function jsonProblem(json: unknown): GraphQLError | undefined {
  let level = [json].filter(isObject);
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth === MAX_LEVELS) return operationTooLarge(`${MAX_LEVELS} levels of variables or extensions`);
    if (level.some((value) => !Array.isArray(value) && Object.keys(value).length > MAX_KEYS))
      return operationTooLarge(`${MAX_KEYS} variables, or fields of an object in them`);
    level = level.flatMap((value) => Object.values(value).filter(isObject));
  }
  return undefined;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
