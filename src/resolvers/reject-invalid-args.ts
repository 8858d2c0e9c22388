import { GraphQLError } from 'graphql';
import { findInputIssues } from '../schema/validation/input-issues.js';

/**
 * Validates the arguments of a field that has no error types in its result. Broken rules are then an error of the
 * request: `inputPath` names the first problem, `issues` has all of them, and no value is quoted.
 */
export async function rejectInvalidArgs(args: object | undefined): Promise<void> {
  const issues = args === undefined ? [] : await findInputIssues(args, []);
  const [first] = issues;
  if (first === undefined) return;
  const message = issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join(' ');
  throw new GraphQLError(message, { extensions: { code: 'BAD_USER_INPUT', inputPath: first.path, issues } });
}
