import { ApolloServerErrorCode } from '@apollo/server/errors';
import { BREAK, Kind, coerceInputValue, isInputType, isValueNode, typeFromAST, visit } from 'graphql';
import type { ASTNode, ExecutionArgs, GraphQLError, GraphQLSchema, VariableDefinitionNode } from 'graphql';

/** What may be said about input that does not match the schema: where it is and what was expected, never its value. */
export interface InputExplanation {
  /** Argument, input fields and list indexes that lead to the value. */
  readonly inputPath: readonly string[];
  /** Completes a sentence that begins with the path. */
  readonly reason: string;
}

type Variables = Readonly<Record<string, unknown>>;

const explanations = new WeakMap<GraphQLError, InputExplanation>();

/** Returns the explanation that `explainInputErrors` found for an error. */
export function explanationOf(error: GraphQLError): InputExplanation | undefined {
  return explanations.get(error);
}

/** Finds path and expectation of errors about input, for `errors.ts`: the messages of graphql-js quote the values. */
export function explainInputErrors(
  errors: readonly GraphQLError[],
  { schema, document }: Pick<ExecutionArgs, 'schema' | 'document'>,
  variables: Variables | null | undefined,
): void {
  explainLiterals(errors, document);
  explainVariables(errors.filter(isOfExecution), schema, variables ?? {});
}

function explainLiterals(errors: readonly GraphQLError[], document: ASTNode): void {
  for (const error of errors) {
    const node = error.nodes?.[0];
    if (node === undefined) continue;
    if (isValueNode(node) || node.kind === Kind.OBJECT_FIELD || MISSING_ARGUMENT.test(error.message))
      explanations.set(error, explanationAt(pathInDocument(document, node), error));
  }
}

/** Argument, input fields and list indexes that lead to a value, without a field that the schema does not define. */
function pathInDocument(document: ASTNode, target: ASTNode): string[] {
  let path: string[] = [];
  visit(document, {
    enter(node, _key, parent, keys, ancestors) {
      if (node !== target) return undefined;
      // `ancestors` excludes the parent; `keys` lead from each of them to the next.
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

function explainVariables(errors: readonly GraphQLError[], schema: GraphQLSchema, variables: Variables): void {
  // An error names its variable definition but no path. Coercing again reports the paths in the same order.
  const pending = new Map<VariableDefinitionNode, InputExplanation[]>();
  for (const error of errors) {
    if (isTooManyProblems(error)) explanations.set(error, TOO_MANY_PROBLEMS);
    const definition = error.nodes?.[0];
    if (definition?.kind !== Kind.VARIABLE_DEFINITION) continue;
    const queue = pending.get(definition) ?? explainVariable(definition, schema, variables, errors.length);
    pending.set(definition, queue);
    const next = queue.shift();
    if (next !== undefined) explanations.set(error, next);
  }
}

function explainVariable(
  definition: VariableDefinitionNode,
  schema: GraphQLSchema,
  variables: Variables,
  limit: number,
): InputExplanation[] {
  const name = definition.variable.name.value;
  const type = typeFromAST(schema, definition.type);
  const value = Object.hasOwn(variables, name) ? variables[name] : undefined;
  if (value == null || !isInputType(type)) return [{ inputPath: [name], reason: 'is required' }];
  const problems: InputExplanation[] = [];
  try {
    coerceInputValue(value, type, (path, _value, error) => {
      problems.push(explanationAt([name, ...path.map(String)], error));
      // graphql-js stopped here as well; a long list may have thousands more.
      if (problems.length === limit) throw new Error('enough');
    });
  } catch {
    // Only ends the coercion.
  }
  return problems;
}

const TOO_MANY_PROBLEMS = { inputPath: [], reason: 'The variables have more problems that are not listed' };

/** Errors of validation name variable definitions as well. Apollo Server gives errors about variables this code. */
function isOfExecution({ extensions: { code } }: GraphQLError): boolean {
  return code === undefined || code === ApolloServerErrorCode.BAD_USER_INPUT;
}

/** graphql-js ends its list with this error after 50 problems, without a code or a location. */
function isTooManyProblems(error: GraphQLError): boolean {
  return error.nodes === undefined && error.message.startsWith('Too many errors processing variables');
}

function explanationAt(path: readonly string[], error: GraphQLError): InputExplanation {
  const { missingField, reason } = explainMessage(error.message);
  return { inputPath: missingField === undefined ? path : [...path, missingField], reason };
}

const MISSING_ARGUMENT =
  /^(?:Field|Directive) "[^"]+" argument "(\w+)" of type "[^"]+" is required, but it was not provided\.$/;
const MISSING_FIELD = /^Field "(?:\w+\.)?(\w+)" of required type "[^"]+" was not provided\.$/;

/**
 * Reduces a message of graphql-js about input to the part that comes from the schema. Each pattern is anchored at the
 * start and matches schema names only; the rest, which may hold the value, is dropped. The patterns for missing fields
 * are anchored at the end as well, because the name of an unknown field may imitate them.
 */
export function explainMessage(message: string): { missingField?: string; reason: string } {
  const missing = MISSING_FIELD.exec(message) ?? MISSING_ARGUMENT.exec(message);
  if (missing?.[1] !== undefined) return { missingField: missing[1], reason: 'is required' };
  if (/^Field "[^]*" is not defined by type /.test(message))
    return { reason: 'has a field that its type does not define' };
  if (/^Expected non-nullable type "[^"]+" not to be null/.test(message)) return { reason: 'must not be null' };
  const type =
    // Greedy: the value comes first and may imitate the rest.
    /^Value "[^]*" does not exist in "(\w+)" enum\./.exec(message)?.[1] ??
    /^Expected (?:value of )?type "([\w![\]]+)"/.exec(message)?.[1] ??
    /^(?:Enum ")?(\w+)"? (?:cannot|must)/.exec(message)?.[1];
  if (type === undefined) return { reason: 'is of the wrong type' };
  return { reason: `must be of type ${type}${/^ID\b/.test(type) ? ': send a string in quotes' : ''}` };
}
