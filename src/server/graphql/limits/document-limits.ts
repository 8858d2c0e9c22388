import { maxAliasesRule } from '@escape.tech/graphql-armor-max-aliases';
import { maxDepthRule } from '@escape.tech/graphql-armor-max-depth';
import { GraphQLError, Kind, parse, validate } from 'graphql';
import type { DocumentNode, GraphQLSchema, SelectionSetNode, ValidationContext, ValidationRule } from 'graphql';
import { operationTooLarge } from './operation-too-large.js';

/** Five times the largest query of our own, of a day's exceptions, and of introspection; twice one with all fields of all types. */
export const MAX_TOKENS = 1_000;
/** Fields go seven deep in this schema. The rest is for fragments, which count here: clients nest them, and so does recursion. */
const MAX_LEVELS = 20;
/** Of all fields, `__typename` too. A gateway that puts many queries into one tells them apart by aliases. */
const MAX_ALIASES = 100;
/** In all of a document. */
const MAX_DIRECTIVES = 50;
/** Of one name beside each other. Each pair of them is compared when the document is validated. */
const MAX_REPEATS = 20;

/**
 * Depth and aliases by GraphQL Armor: it counts per operation of the document, what is in a fragment each time that it is spread (the
 * count is kept, so fragments that double cost no more than their text), and holds in circles. Under `__schema` depth is not counted;
 * graphql-js has a rule of its own for that. Its rule for directives forgets those of a fragment that was spread before, and its cost
 * those of variables, so both are done here, the second in `operation-cost.ts`. A rule of Armor that throws would be
 * answered with 500.
 */
const RULES: readonly ValidationRule[] = [
  maxDepthRule({ n: MAX_LEVELS, ...refusing(`at most ${MAX_LEVELS} levels`) }),
  maxAliasesRule({ n: MAX_ALIASES, allowList: [], ...refusing(`at most ${MAX_ALIASES} aliases`) }),
  maxDirectivesRule,
  maxRepeatsRule,
];

/**
 * Why a document is too large to be validated; undefined when it is not, and when it cannot be read, which is for Apollo Server to tell.
 * It takes a millisecond at most, while validation takes time by the square of what is repeated.
 */
export function documentProblem(query: string, schema: GraphQLSchema): GraphQLError | undefined {
  const document = parsed(query);
  if (document === undefined || document instanceof GraphQLError) return document;
  return validate(schema, document, RULES, { maxErrors: 1 })[0];
}

function parsed(query: string): DocumentNode | GraphQLError | undefined {
  try {
    return parse(query, { noLocation: true, maxTokens: MAX_TOKENS });
  } catch (error) {
    const isTooLong = error instanceof GraphQLError && error.message.endsWith('tokens. Parsing aborted.');
    return isTooLong ? operationTooLarge(`at most ${MAX_TOKENS} tokens`) : undefined;
  }
}

function refusing(limit: string) {
  const report = (context: ValidationContext | null): void => context?.reportError(operationTooLarge(limit));
  return { propagateOnRejection: false, onReject: [report] };
}

function maxDirectivesRule(context: ValidationContext) {
  let count = 0;
  return {
    Directive() {
      count += 1;
      if (count > MAX_DIRECTIVES) context.reportError(operationTooLarge(`at most ${MAX_DIRECTIVES} directives`));
    },
  };
}

function maxRepeatsRule(context: ValidationContext) {
  return {
    SelectionSet(selectionSet: SelectionSetNode) {
      const counts = new Map<string, number>();
      for (const name of responseNames(selectionSet)) counts.set(name, (counts.get(name) ?? 0) + 1);
      if (Math.max(...counts.values()) > MAX_REPEATS)
        context.reportError(operationTooLarge(`at most ${MAX_REPEATS} times the same field`));
    },
  };
}

/** Those of inline fragments are compared with the others. */
function responseNames({ selections }: SelectionSetNode): string[] {
  return selections.flatMap((selection) => {
    if (selection.kind === Kind.FIELD) return [(selection.alias ?? selection.name).value];
    return selection.kind === Kind.INLINE_FRAGMENT ? responseNames(selection.selectionSet) : [];
  });
}
