import { GraphQLError } from 'graphql';
import type { MiddlewareFn } from 'type-graphql';
import { StoreUnavailableError } from '../domain/store-unavailable.js';

/** A read that the store did not answer is an error of the field, never a null that could pass for "there is none". */
export const storeUnavailableAsError: MiddlewareFn = async (_data, next) => {
  try {
    return (await next()) as unknown;
  } catch (error) {
    throw toGraphQLError(error);
  }
};

/** What callers are told of this error. */
export function toGraphQLError(error: unknown): unknown {
  if (!(error instanceof StoreUnavailableError)) return error;
  return new GraphQLError(
    'The gateway cannot reach its database. Retry later; retry a mutation with the same idempotencyKey.',
    { extensions: { code: 'SERVICE_UNAVAILABLE' } },
  );
}
