import { GraphQLError, defaultFieldResolver, isObjectType } from 'graphql';
import type { GraphQLFieldResolver, GraphQLSchema } from 'graphql';
import type { ApiClient } from '../domain/api-client.js';
import { requirementOf } from '../schema/subgraph/authorization.js';
import type { Requirement } from '../schema/subgraph/authorization.js';
import type { RequestContext } from './request-context.js';

type Resolve = GraphQLFieldResolver<unknown, RequestContext>;

/** The requirements that a client's scopes do not meet. */
export function missingScopes({ scopes }: ApiClient, requirements: readonly Requirement[]): readonly Requirement[] {
  const has: ReadonlySet<string> = new Set(scopes);
  return requirements.filter((anyOf) => !anyOf.some((allOf) => allOf.every((scope) => has.has(scope))));
}

/** The error for missing scopes. It names them, which reveals nothing: they are in the SDL. */
export function forbidden(missing: readonly Requirement[]): GraphQLError {
  const scopes = new Set(missing.map((anyOf) => anyOf.map((allOf) => allOf.join(' with ')).join(' or ')));
  return new GraphQLError(`Missing scope: ${[...scopes].sort().join(', and ')}.`, {
    extensions: { code: 'FORBIDDEN', http: { status: 403 } },
  });
}

/** Whether the client's credentials have expired, by the clock alone. */
export function isExpired({ expiresAt }: ApiClient): boolean {
  return expiresAt !== undefined && expiresAt.getTime() <= Date.now();
}

/** The error for expired or revoked credentials. `advice` says what to do. */
export function unauthenticated(advice = 'Retry with valid credentials.'): GraphQLError {
  return new GraphQLError(`Your credentials have expired. ${advice}`, {
    extensions: { code: 'UNAUTHENTICATED', http: { status: 401 } },
  });
}

/**
 * Makes each field that declares a requirement reject clients that do not meet it. The server rejects such operations
 * as a whole before they run (`authorize.ts`); this is a second line of defence.
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
    const missing = missingScopes(context.client, [requirement]);
    if (missing.length > 0) throw forbidden(missing);
    return resolve(source, args, context, info);
  };
}
