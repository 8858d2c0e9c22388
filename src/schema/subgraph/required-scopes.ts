import { Kind } from 'graphql';
import type { ConstDirectiveNode, ConstValueNode, GraphQLField } from 'graphql';

type Field = GraphQLField<unknown, unknown>;

/** Lists of scopes: a client needs all scopes of any one list. */
export type Requirement = readonly (readonly string[])[];

const requirements = new WeakMap<Field, Requirement | undefined>();

/** The scopes that a field requires by the SDL; undefined when any authenticated client may use it. */
export function requirementOf(field: Field): Requirement | undefined {
  if (!requirements.has(field)) requirements.set(field, declaredFor(field));
  return requirements.get(field);
}

function declaredFor({ astNode }: Field): Requirement | undefined {
  const directive = astNode?.directives?.find(({ name }) => name.value === 'requiresScopes');
  return directive && scopesIn(directive);
}

/** The scopes that a directive `@requiresScopes` names. */
export function scopesIn({ arguments: [scopes] = [] }: ConstDirectiveNode): Requirement {
  return scopes === undefined ? [] : itemsOf(scopes.value).map((allOf) => itemsOf(allOf).map(textOf));
}

function itemsOf(value: ConstValueNode): readonly ConstValueNode[] {
  return value.kind === Kind.LIST ? value.values : [value];
}

function textOf(value: ConstValueNode): string {
  if (value.kind === Kind.STRING) return value.value;
  throw new Error('@requiresScopes takes strings');
}
