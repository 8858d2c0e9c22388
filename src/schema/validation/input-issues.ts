import { validate } from 'class-validator';
import type { ValidationError } from 'class-validator';
import { PaymentInputIssue } from './payment-input-issue.type.js';
import type { RuleContext } from './rule.js';
import { instance } from '../typegraphql.js';

/** Thrown when an argument breaks rules. A middleware converts it to an `InvalidPaymentInputError`. */
export class InvalidInputError extends Error {
  override readonly name = 'InvalidInputError';

  constructor(readonly issues: PaymentInputIssue[]) {
    super('the input breaks validation rules');
  }
}

/** Returns all problems of an input object, each with its path below `path`. */
export async function findInputIssues(input: object, path: readonly string[]): Promise<PaymentInputIssue[]> {
  // forbidUnknownValues is off: GraphQL has checked the shape, and an input without rules is not a mistake.
  const errors = await validate(input, { forbidUnknownValues: false });
  return errors.flatMap((error) => issuesOf(error, path));
}

function issuesOf(error: ValidationError, parent: readonly string[]): PaymentInputIssue[] {
  const path = [...parent, error.property];
  const own = Object.entries(error.constraints ?? {}).flatMap(([rule, message]) => {
    const { code, brokenItems } = error.contexts?.[rule] as RuleContext;
    const paths =
      brokenItems === undefined ? [path] : brokenItems(error.value).map((index) => [...path, String(index)]);
    return paths.map((where) => instance(PaymentInputIssue, { path: where, code, message }));
  });
  return [...own, ...(error.children ?? []).flatMap((child) => issuesOf(child, path))];
}
