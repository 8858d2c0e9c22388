import { Kind } from 'graphql';
import type { ConstValueNode, GraphQLField } from 'graphql';

type Field = GraphQLField<unknown, unknown>;

/** Scopes, all of which are needed; any of the lists will do. */
export type Requirement = readonly (readonly string[])[];

const requirements = new WeakMap<Field, Requirement | undefined>();

/** What the SDL says that a caller needs for a field; undefined: nothing but to be known. */
export function requirementOf(field: Field): Requirement | undefined {
  if (!requirements.has(field)) requirements.set(field, declaredFor(field));
  return requirements.get(field);
}

function declaredFor({ astNode }: Field): Requirement | undefined {
  const directive = astNode?.directives?.find(({ name }) => name.value === 'requiresScopes');
  const scopes = directive?.arguments?.find(({ name }) => name.value === 'scopes');
  return scopes && itemsOf(scopes.value).map((allOf) => itemsOf(allOf).map(textOf));
}

function itemsOf(value: ConstValueNode): readonly ConstValueNode[] {
  return value.kind === Kind.LIST ? value.values : [value];
}

function textOf(value: ConstValueNode): string {
  if (value.kind === Kind.STRING) return value.value;
  throw new Error('@requiresScopes takes texts');
}
