import { Kind, visit } from 'graphql';
import type { ConstDirectiveNode, DocumentNode, FieldDefinitionNode, StringValueNode } from 'graphql';
import { scopesIn } from './required-scopes.js';

const AUTHENTICATED = 'authenticated';
const REQUIRES_SCOPES = 'requiresScopes';

/** Appends to the description of each field which scope it requires, for routers and explorers that know no such directive. */
export function withScopesDescribed(document: DocumentNode): DocumentNode {
  return visit(document, { FieldDefinition: describeScopes });
}

/**
 * Removes the directives of authorization from a subgraph's SDL. With them, `@apollo/gateway` refuses to start and Apollo's
 * router wants a licence; the gateway enforces the scopes either way.
 */
export function withoutAuthorization(document: DocumentNode): DocumentNode {
  return visit(document, {
    Directive: ({ name }) => (isOfAuthorization(name.value) ? null : undefined),
    StringValue: ({ value }, _key, _parent, path) =>
      path.includes('directives') && isOfAuthorization(value.replace('@', '')) ? null : undefined,
  });
}

function isOfAuthorization(name: string): boolean {
  return name === AUTHENTICATED || name === REQUIRES_SCOPES;
}

function describeScopes(field: FieldDefinitionNode): FieldDefinitionNode | undefined {
  const directive = field.directives?.find(({ name }) => isOfAuthorization(name.value));
  if (directive === undefined) return undefined;
  const description: StringValueNode = {
    kind: Kind.STRING,
    value: `${field.description?.value ?? ''} ${sentenceOf(directive)}`.trim(),
    block: true,
  };
  return { ...field, description };
}

function sentenceOf(directive: ConstDirectiveNode): string {
  if (directive.name.value === AUTHENTICATED) return 'Any authenticated client may use it.';
  return `Requires the scope ${scopesIn(directive)
    .map((allOf) => allOf.join(' with '))
    .join(' or ')}.`;
}
