import { GraphQLError, defaultFieldResolver, isObjectType } from 'graphql';
import type { GraphQLFieldResolver, GraphQLSchema } from 'graphql';
import type { ApiClient } from '../domain/api-client.js';
import { requirementOf } from '../schema/subgraph/required-scopes.js';
import type { Requirement } from '../schema/subgraph/required-scopes.js';
import type { RequestContext } from './request-context.js';

type Resolve = GraphQLFieldResolver<unknown, RequestContext>;

/** Those of the requirements that a caller does not meet. */
export function missingScopes({ scopes }: ApiClient, requirements: readonly Requirement[]): readonly Requirement[] {
  const has: ReadonlySet<string> = new Set(scopes);
  return requirements.filter((anyOf) => !anyOf.some((allOf) => allOf.every((scope) => has.has(scope))));
}

/** Tells which scopes would do: that is no secret, it is in the SDL. */
export function forbidden(unmet: readonly Requirement[]): GraphQLError {
  const needs = new Set(unmet.map((anyOf) => anyOf.map((allOf) => allOf.join(' with ')).join(' or ')));
  return new GraphQLError(`You may not do this. It needs the scope ${[...needs].sort().join(', and ')}.`, {
    extensions: { code: 'FORBIDDEN', http: { status: 403 } },
  });
}

/** Whether what a caller showed has run out, by the clock alone. */
export function isExpired({ expiresAt }: ApiClient): boolean {
  return expiresAt !== undefined && expiresAt.getTime() <= Date.now();
}

/** `advice`: what to do about it. */
export function unauthenticated(advice = 'Ask again with what is valid.'): GraphQLError {
  return new GraphQLError(`What proved who you are has run out. ${advice}`, {
    extensions: { code: 'UNAUTHENTICATED', http: { status: 401 } },
  });
}

/**
 * Has every field that declares a requirement refuse who does not meet it. The server refuses such operations as a whole before
 * anything runs; this is for whatever might get past it.
 */
export function guardFields(schema: GraphQLSchema): void {
  for (const type of Object.values(schema.getTypeMap()).filter(isObjectType))
    for (const field of Object.values(type.getFields())) {
      const requirement = requirementOf(field);
      if (requirement === undefined) continue;
      field.resolve = guarded(field.resolve ?? defaultFieldResolver, requirement);
      if (field.subscribe !== undefined) field.subscribe = guarded(field.subscribe, requirement);
    }
}

function guarded(resolve: Resolve, requirement: Requirement): Resolve {
  return (source, args, context, info): unknown => {
    const unmet = missingScopes(context.client, [requirement]);
    if (unmet.length > 0) throw forbidden(unmet);
    return resolve(source, args, context, info);
  };
}
