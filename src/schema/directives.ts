import { Directive } from 'type-graphql';
import type { Scope } from '../domain/caller.js';

/** The tags by which contracts are made of the graph: `public` has no personal data; `backoffice` is for those who work for the shop, beside the first. */
export const PUBLIC = 'public';
export const BACKOFFICE = 'backoffice';

type Decorator = ReturnType<typeof Directive>;

/** Other subgraphs may look it up by its id, and add fields to it. */
export const Entity = (): Decorator => Directive('@key(fields: "id")');

/** Other subgraphs may have the type as well, with the same fields. */
export const Shareable = (): Decorator => Directive('@shareable');

/** Left out of the contract `public`; what is not marked so is in it. */
export const Backoffice = (): Decorator => Directive(`@tag(name: "${BACKOFFICE}")`);

/** For callers who are known, whatever they may do. */
export const Authenticated = (): Decorator => Directive('@authenticated');

/** For callers who have one of these scopes. */
export const RequiresScope = (...anyOf: readonly Scope[]): Decorator => Directive(requiresScopes(anyOf));

/** The same as it stands in SDL. */
export function requiresScopes(anyOf: readonly Scope[]): string {
  return `@requiresScopes(scopes: [${anyOf.map((scope) => `["${scope}"]`).join(', ')}])`;
}
