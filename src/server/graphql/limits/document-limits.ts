import { GraphQLError, Kind, parse, validate } from 'graphql';
import type {
  DocumentNode,
  GraphQLSchema,
  OperationDefinitionNode,
  SelectionSetNode,
  ValidationContext,
  ValidationRule,
} from 'graphql';
import { OperationSizes } from './operation-size.js';

/** Five times the project's largest query (a day's exceptions) and introspection, twice all fields of all types. */
export const MAX_TOKENS = 1_000;
/** Limit of depth. Fields nest seven deep in this schema; the rest is for fragments, nested and recursive. */
const MAX_LEVELS = 20;
/** On all fields, including `__typename`. Gateways that merge many queries into one distinguish them by aliases. */
const MAX_ALIASES = 100;
/** Limit of directives in the whole document. */
const MAX_DIRECTIVES = 50;
/** Limit of fields with one response name in one selection set. Validation compares each pair of them. */
const MAX_REPEATS = 20;

/** These rules report and do not throw, because a rule that throws would cause a response with status 500. */
const RULES: readonly ValidationRule[] = [maxSizeRule, maxDirectivesRule, maxRepeatsRule];

/**
 * Returns why a document is too large to be validated; undefined when it is not, or cannot be parsed, which Apollo
 * Server reports. Takes at most a millisecond; the time of validation grows with the square of what is repeated.
 */
export function documentProblem(query: string, schema: GraphQLSchema): GraphQLError | undefined {
  let document: DocumentNode;
  try {
    document = parse(query, { noLocation: true, maxTokens: MAX_TOKENS });
  } catch (error) {
    const isTooLong = error instanceof GraphQLError && error.message.endsWith('tokens. Parsing aborted.');
    return isTooLong ? operationTooLarge(`${MAX_TOKENS} tokens`) : undefined;
  }
  return validate(schema, document, RULES, { maxErrors: 1 })[0];
}

function maxSizeRule(context: ValidationContext) {
  const sizes = new OperationSizes((name) => context.getFragment(name));
  return {
    OperationDefinition(operation: OperationDefinitionNode) {
      const { levels, aliases } = sizes.of(operation);
      if (levels > MAX_LEVELS) context.reportError(operationTooLarge(`${MAX_LEVELS} levels`));
      if (aliases > MAX_ALIASES) context.reportError(operationTooLarge(`${MAX_ALIASES} aliases`));
    },
  };
}

function maxDirectivesRule(context: ValidationContext) {
  let count = 0;
  return {
    Directive() {
      count += 1;
      if (count > MAX_DIRECTIVES) context.reportError(operationTooLarge(`${MAX_DIRECTIVES} directives`));
    },
  };
}

function maxRepeatsRule(context: ValidationContext) {
  return {
    SelectionSet(selectionSet: SelectionSetNode) {
      const counts = new Map<string, number>();
      for (const name of responseNames(selectionSet)) counts.set(name, (counts.get(name) ?? 0) + 1);
      if (Math.max(...counts.values()) > MAX_REPEATS)
        context.reportError(operationTooLarge(`${MAX_REPEATS} selections of the same field`));
    },
  };
}

/** Includes the fields of inline fragments, which validation compares with the others. */
function responseNames({ selections }: SelectionSetNode): string[] {
  return selections.flatMap((selection) => {
    if (selection.kind === Kind.FIELD) return [(selection.alias ?? selection.name).value];
    return selection.kind === Kind.INLINE_FRAGMENT ? responseNames(selection.selectionSet) : [];
  });
}

/** `extensions.code` of an operation that exceeds a limit. */
export const OPERATION_TOO_LARGE = 'OPERATION_TOO_LARGE';

/** An error that names the exceeded limit, and quotes nothing of the operation. */
export function operationTooLarge(limit: string): GraphQLError {
  return new GraphQLError(`Operation exceeds the limit of ${limit}. Reduce it or split it.`, {
    extensions: { code: OPERATION_TOO_LARGE, http: { status: 400 } },
  });
}
