import { Directive, ObjectType } from 'type-graphql';
import type { Scope } from '../../domain/api-client.js';

/** Tag of the contract variant without personal data. */
export const PUBLIC = 'public';
/** Tag of what the other contract variant adds: data for the merchant's staff. */
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

/** A type of the contract `backoffice` only. */
export function BackofficeType(description: string): ClassDecorator {
  return (target) => {
    Backoffice()(target);
    ObjectType({ description })(target);
  };
}
