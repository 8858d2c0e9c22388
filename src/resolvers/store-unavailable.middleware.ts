import { GraphQLError } from 'graphql';
import type { MiddlewareFn } from 'type-graphql';
import { StoreUnavailable } from '../domain/store-unavailable.js';

/** A read that the store did not answer is an error of the field, never a null that could pass for "there is none". */
export const storeUnavailableAsError: MiddlewareFn = async (_data, next) => {
  try {
    return (await next()) as unknown;
  } catch (error) {
    if (!(error instanceof StoreUnavailable)) throw error;
    throw new GraphQLError(
      'The store of this gateway does not answer. Ask again later, a mutation with the same idempotencyKey.',
      {
        extensions: { code: 'STORE_UNAVAILABLE' },
      },
    );
  }
};
