import {
  Kind,
  getNamedType,
  getNullableType,
  isInterfaceType,
  isListType,
  isObjectType,
  valueFromASTUntyped,
} from 'graphql';
import type {
  DocumentNode,
  FieldNode,
  GraphQLField,
  GraphQLNamedType,
  GraphQLSchema,
  OperationDefinitionNode,
  SelectionSetNode,
} from 'graphql';

type Variables = Readonly<Record<string, unknown>>;
type Type = GraphQLNamedType | null | undefined;
type Field = GraphQLField<unknown, unknown> | undefined;

/** A root field queries the database, and some query Flinks. */
const ROOT_FIELD = 100;
/** Resolving one entity, found or not, takes as long as 50 fields. */
const ENTITY = 50;
/** The validation of `first` rejects larger pages, with a better explanation. */
const LARGEST_PAGE = 100;
/** Assumed for lists without a page size, such as a payment's events. */
const DEFAULT_LIST_LENGTH = 5;

/**
 * Estimates the number of fields in the response to an operation of a valid document. Fields of a list count once per
 * item that it may have, by variables and defaults. `@skip` and `@include` are ignored, and all types of a union count.
 * Each fragment is computed once, so the time is linear in the length of the document and cannot be driven higher.
 */
export function operationCost(
  operation: OperationDefinitionNode,
  document: DocumentNode,
  schema: GraphQLSchema,
  variables: Variables,
): number {
  const cost = new OperationCost(document, schema, { ...defaultsOf(operation), ...variables });
  return cost.of(operation.selectionSet, schema.getRootType(operation.operation));
}

function defaultsOf({ variableDefinitions = [] }: OperationDefinitionNode): Variables {
  return Object.fromEntries(
    variableDefinitions.flatMap(({ variable, defaultValue }) =>
      defaultValue === undefined ? [] : [[variable.name.value, valueFromASTUntyped(defaultValue)]],
    ),
  );
}

class OperationCost {
  readonly #fragments = new Map<string, number>();
  readonly #rootTypes: ReadonlySet<Type>;

  constructor(
    private readonly document: DocumentNode,
    private readonly schema: GraphQLSchema,
    private readonly variables: Variables,
  ) {
    this.#rootTypes = new Set([schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()]);
  }

  of({ selections }: SelectionSetNode, type: Type): number {
    let cost = 0;
    for (const selection of selections) {
      if (selection.kind === Kind.FIELD) cost += this.#ofField(selection, type);
      else if (selection.kind === Kind.FRAGMENT_SPREAD) cost += this.#ofFragment(selection.name.value);
      else
        cost += this.of(selection.selectionSet, this.schema.getType(selection.typeCondition?.name.value ?? '') ?? type);
    }
    return cost;
  }

  #ofField(node: FieldNode, type: Type): number {
    const field = isObjectType(type) || isInterfaceType(type) ? type.getFields()[node.name.value] : undefined;
    const own = field !== undefined && this.#rootTypes.has(type) ? ROOT_FIELD : 1;
    if (node.selectionSet === undefined) return own;
    const selected = this.of(node.selectionSet, field && getNamedType(field.type));
    const representations = this.#argument('representations', node, field);
    // At least one: the cost of the selection may be Infinity, and 0 × Infinity is NaN.
    if (Array.isArray(representations)) return own + Math.max(1, representations.length) * (ENTITY + selected);
    return own + this.#size(node, field) * selected;
  }

  /** How many items of a field's selection may be in the response. */
  #size(node: FieldNode, field: Field): number {
    const first = this.#argument('first', node, field);
    if (typeof first === 'number') return Math.max(1, Math.min(first, LARGEST_PAGE));
    // The page size of the connection already counts them.
    if (node.name.value === 'edges') return 1;
    return field !== undefined && isListType(getNullableType(field.type)) ? DEFAULT_LIST_LENGTH : 1;
  }

  #argument(name: string, node: FieldNode, field: Field): unknown {
    const given = node.arguments?.find((argument) => argument.name.value === name);
    const value = given && valueFromASTUntyped(given.value, this.variables);
    return value ?? field?.args.find((argument) => argument.name === name)?.defaultValue;
  }

  #ofFragment(name: string): number {
    const known = this.#fragments.get(name);
    if (known !== undefined) return known;
    for (const node of this.document.definitions)
      if (node.kind === Kind.FRAGMENT_DEFINITION && node.name.value === name)
        this.#fragments.set(name, this.of(node.selectionSet, this.schema.getType(node.typeCondition.name.value)));
    return this.#fragments.get(name) ?? 0;
  }
}
