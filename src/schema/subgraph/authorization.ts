import { Kind, valueFromASTUntyped, visit } from 'graphql';
import type { ConstDirectiveNode, DocumentNode, FieldDefinitionNode, GraphQLField } from 'graphql';

const AUTHENTICATED = 'authenticated';
const REQUIRES_SCOPES = 'requiresScopes';

/** Lists of scopes: a client needs all scopes of any one list. */
export type Requirement = readonly (readonly string[])[];

/** The scopes that a field requires by the SDL; undefined when any authenticated client may use it. */
export function requirementOf({ astNode }: GraphQLField<unknown, unknown>): Requirement | undefined {
  const directive = astNode?.directives?.find(({ name }) => name.value === REQUIRES_SCOPES);
  return directive && scopesIn(directive);
}

function scopesIn({ arguments: [scopes] = [] }: ConstDirectiveNode): Requirement {
  return scopes === undefined ? [] : (valueFromASTUntyped(scopes.value) as Requirement);
}

/** Appends the required scope to each field's description, for routers and explorers that do not know the directives. */
export function withScopesDescribed(document: DocumentNode): DocumentNode {
  return visit(document, { FieldDefinition: describeScopes });
}

/**
 * Removes the authorization directives from a subgraph's SDL. With them `@apollo/gateway` refuses to start, and Apollo
 * Router requires a licence. The gateway enforces the scopes either way.
 */
export function withoutAuthorization(document: DocumentNode): DocumentNode {
  return visit(document, {
    Directive: ({ name }) => (isAuthorization(name.value) ? null : undefined),
    StringValue: ({ value }, _key, _parent, path) =>
      path.includes('directives') && isAuthorization(value.replace('@', '')) ? null : undefined,
  });
}

function isAuthorization(name: string): boolean {
  return name === AUTHENTICATED || name === REQUIRES_SCOPES;
}

function describeScopes(field: FieldDefinitionNode): FieldDefinitionNode | undefined {
  const directive = field.directives?.find(({ name }) => isAuthorization(name.value));
  if (directive === undefined) return undefined;
  const value = `${field.description?.value ?? ''} ${describe(directive)}`.trim();
  return { ...field, description: { kind: Kind.STRING, value, block: true } };
}

function describe(directive: ConstDirectiveNode): string {
  if (directive.name.value === AUTHENTICATED) return 'Any authenticated client may use it.';
  const lists = scopesIn(directive).map((allOf) => allOf.join(' with '));
  return `Requires the scope ${lists.join(' or ')}.`;
}
