import { Directive } from 'type-graphql';
import type { Scope } from '../../domain/api-client.js';

/** The tags of the graph's contracts: `public` has no personal data; `backoffice` adds what the merchant's staff may see. */
export const PUBLIC = 'public';
export const BACKOFFICE = 'backoffice';

type Decorator = ReturnType<typeof Directive>;

/** Makes a type an entity: other subgraphs may refer to it by its id and add fields to it. */
export const Entity = (): Decorator => Directive('@key(fields: "id")');

/** Leaves a type or field out of the contract `public`. */
export const Backoffice = (): Decorator => Directive(`@tag(name: "${BACKOFFICE}")`);

/** Any authenticated client may use the field. */
export const Authenticated = (): Decorator => Directive('@authenticated');

/** Only clients with one of these scopes may use the field. */
export const RequiresScope = (...anyOf: readonly Scope[]): Decorator => Directive(requiresScopes(anyOf));

/** The directive of `RequiresScope` as SDL. */
export function requiresScopes(anyOf: readonly Scope[]): string {
  return `@requiresScopes(scopes: [${anyOf.map((scope) => `["${scope}"]`).join(', ')}])`;
}
