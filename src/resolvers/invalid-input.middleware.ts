import type { MiddlewareFn } from 'type-graphql';
import { invalidInput } from '../schema/payment/payment-error-mapper.js';
import { InvalidInputError } from '../schema/validation/input-issues.js';
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
