import type { ApolloServerPlugin } from '@apollo/server';
import { ApolloServerErrorCode } from '@apollo/server/errors';
import { BREAK, Kind, coerceInputValue, isInputType, isValueNode, typeFromAST, visit } from 'graphql';
import type { ASTNode, DocumentNode, GraphQLError, GraphQLSchema, VariableDefinitionNode } from 'graphql';
import type { RequestContext } from '../../resolvers/request-context.js';
import { explainMessage, isMissingArgument } from './explain-message.js';
import type { ValidSubscription } from './streaming-context.js';

/** What may be said of input that does not fit the schema: where and what is expected, never what was there. */
export interface InputExplanation {
  readonly inputPath: readonly string[];
  readonly reason: string;
}

type Variables = Readonly<Record<string, unknown>> | null | undefined;

const explanations = new WeakMap<GraphQLError, InputExplanation>();

/** The explanation of an error that the plugin below has seen. */
export function explanationOf(error: GraphQLError): InputExplanation | undefined {
  return explanations.get(error);
}

/**
 * graphql-js quotes values in its messages about input. This plugin finds out path and expectation of each such error, for
 * `format-error.ts` to write a message without them.
 */
export const explainInputErrors: ApolloServerPlugin<RequestContext> = {
  requestDidStart: () =>
    Promise.resolve({
      didEncounterErrors: ({ errors, document, schema, request }) => {
        if (document === undefined) return Promise.resolve();
        explainLiterals(errors, document);
        explainVariables(errors.filter(isAboutVariables), schema, request.variables);
        return Promise.resolve();
      },
    }),
};

/** The same for the errors that a valid subscription was answered with. */
export function explainSubscriptionErrors(
  errors: readonly GraphQLError[],
  { schema, document }: ValidSubscription,
  variables: Variables,
): void {
  explainLiterals(errors, document);
  explainVariables(errors, schema, variables);
}

function explainLiterals(errors: readonly GraphQLError[], document: DocumentNode): void {
  for (const error of errors) {
    const node = error.nodes?.[0];
    if (node !== undefined && (isAboutInput(node) || isMissingArgument(error.message)))
      explanations.set(error, explanationAt(pathInDocument(document, node), error));
  }
}

function isAboutInput(node: ASTNode): boolean {
  return isValueNode(node) || node.kind === Kind.OBJECT_FIELD;
}

/** Argument, input fields and list indexes that lead to a value. A field that the schema does not define is not named. */
function pathInDocument(document: DocumentNode, target: ASTNode): string[] {
  let path: string[] = [];
  visit(document, {
    enter(node, _key, parent, keys, ancestors) {
      if (node !== target) return undefined;
      // `ancestors` ends above the parent; `keys` lead from each of them to the next.
      const above = parent === undefined ? ancestors : [...ancestors, parent];
      path = above.flatMap((ancestor, depth) => ('kind' in ancestor ? nameInPath(ancestor, keys[depth + 1]) : []));
      return BREAK;
    },
  });
  return path;
}

function nameInPath(node: ASTNode, index: string | number | undefined): string[] {
  if (node.kind === Kind.ARGUMENT || node.kind === Kind.OBJECT_FIELD) return [node.name.value];
  if (node.kind === Kind.LIST) return [String(index)];
  return node.kind === Kind.VARIABLE_DEFINITION ? [node.variable.name.value] : [];
}

/** Of errors that executing told, not validation, which names variable definitions as well. */
function explainVariables(errors: readonly GraphQLError[], schema: GraphQLSchema, variables: Variables): void {
  // An error names its variable definition but no path. Coercing again tells the paths in the same order.
  const pending = new Map<VariableDefinitionNode, InputExplanation[]>();
  for (const error of errors) {
    if (isTooManyProblems(error)) explanations.set(error, TOO_MANY_PROBLEMS);
    const definition = error.nodes?.[0];
    if (definition?.kind !== Kind.VARIABLE_DEFINITION) continue;
    const left = pending.get(definition) ?? explainVariable(definition, schema, variables ?? {}, errors.length);
    const next = left.shift();
    pending.set(definition, left);
    if (next !== undefined) explanations.set(error, next);
  }
}

function explainVariable(
  definition: VariableDefinitionNode,
  schema: GraphQLSchema,
  variables: NonNullable<Variables>,
  isTruncated: number,
): InputExplanation[] {
  const name = definition.variable.name.value;
  const type = typeFromAST(schema, definition.type);
  const value = Object.hasOwn(variables, name) ? variables[name] : undefined;
  if (value === undefined || value === null || !isInputType(type))
    return [{ inputPath: [name], reason: 'is required' }];
  const problems: InputExplanation[] = [];
  try {
    coerceInputValue(value, type, (path, _value, error) => {
      problems.push(explanationAt([name, ...path.map(String)], error));
      // graphql-js stopped here as well; a long list has thousands more.
      if (problems.length === isTruncated) throw new Error('enough');
    });
  } catch {
    // That there are enough is all it says.
  }
  return problems;
}

const TOO_MANY_PROBLEMS: InputExplanation = { inputPath: [], reason: 'The variables have more problems than these' };

/** As Apollo marks what does not fit, and what graphql-js ends its report with. */
function isAboutVariables(error: GraphQLError): boolean {
  return error.extensions.code === ApolloServerErrorCode.BAD_USER_INPUT || isTooManyProblems(error);
}

/** graphql-js ends its report so after 50 problems, without a code or a place. */
function isTooManyProblems(error: GraphQLError): boolean {
  return error.nodes === undefined && error.message.startsWith('Too many errors processing variables');
}

function explanationAt(path: readonly string[], error: GraphQLError): InputExplanation {
  const { missingField, reason } = explainMessage(error.message);
  return { inputPath: missingField === undefined ? path : [...path, missingField], reason };
}
