import { Kind, visit } from 'graphql';
import type { ConstDirectiveNode, DocumentNode, FieldDefinitionNode, StringValueNode } from 'graphql';
import { scopesIn } from './required-scopes.js';

const AUTHENTICATED = 'authenticated';
const REQUIRES_SCOPES = 'requiresScopes';

/**
 * Appends the required scope to the description of each field, for routers and explorers that do not know the
 * directives.
 */
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
  const description: StringValueNode = {
    kind: Kind.STRING,
    value: `${field.description?.value ?? ''} ${describe(directive)}`.trim(),
    block: true,
  };
  return { ...field, description };
}

function describe(directive: ConstDirectiveNode): string {
  if (directive.name.value === AUTHENTICATED) return 'Any authenticated client may use it.';
  return `Requires the scope ${scopesIn(directive)
    .map((allOf) => allOf.join(' with '))
    .join(' or ')}.`;
}
