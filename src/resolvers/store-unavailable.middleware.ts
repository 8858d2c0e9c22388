import { GraphQLError } from 'graphql';
import type { MiddlewareFn } from 'type-graphql';
import { StoreUnavailableError } from '../domain/store-unavailable.js';

/** Converts an unavailable database to an error of the field, because a null could be mistaken for "there is none". */
export const storeUnavailableAsError: MiddlewareFn = async (_data, next) => {
  try {
    return (await next()) as unknown;
  } catch (error) {
    throw toGraphQLError(error);
  }
};

/** Returns the error for clients in place of a `StoreUnavailableError`, and any other error unchanged. */
export function toGraphQLError(error: unknown): unknown {
  if (!(error instanceof StoreUnavailableError)) return error;
  return new GraphQLError(
    'The gateway cannot reach its database. Retry later; retry a mutation with the same idempotencyKey.',
    { extensions: { code: 'SERVICE_UNAVAILABLE' } },
  );
}
