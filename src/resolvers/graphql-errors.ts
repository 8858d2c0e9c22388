import { GraphQLError } from 'graphql';
import type { MiddlewareFn } from 'type-graphql';
import { StoreUnavailableError } from '../domain/store-unavailable.js';
import { invalidInput } from '../schema/payment/payment-error-mapper.js';
import { InvalidInputError, findInputIssues } from '../schema/validation/input-validation.js';
import type { RequestContext } from './request-context.js';

/** Converts broken validation rules to a member of the result union, instead of an error of the operation. */
export const invalidInputAsData: MiddlewareFn<RequestContext> = async ({ context }, next) => {
  try {
    return (await next()) as unknown;
  } catch (error) {
    if (error instanceof InvalidInputError) return invalidInput(error.issues, context.requestId);
    throw error;
  }
};

/**
 * Validates the arguments of a field that has no error types in its result. Broken rules are then an error of the
 * request: `inputPath` names the first problem, `issues` has all of them, and no value is quoted.
 */
export function rejectInvalidArgs(args: object | undefined): void {
  const issues = args === undefined ? [] : findInputIssues(args, []);
  const [first] = issues;
  if (first === undefined) return;
  const message = issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join(' ');
  throw new GraphQLError(message, { extensions: { code: 'BAD_USER_INPUT', inputPath: first.path, issues } });
}

/** Converts an unavailable database to an error of the field, because a null could be mistaken for "there is none". */
export const storeUnavailableAsError: MiddlewareFn = (_data, next): Promise<unknown> => next().catch(rethrow);

/** Throws an error for clients in place of a `StoreUnavailableError`, and any other error unchanged. */
export function rethrow(error: unknown): never {
  if (!(error instanceof StoreUnavailableError)) throw error;
  throw new GraphQLError(
    'The gateway cannot reach its database. Retry later; retry a mutation with the same idempotencyKey.',
    { extensions: { code: 'SERVICE_UNAVAILABLE' } },
  );
}
