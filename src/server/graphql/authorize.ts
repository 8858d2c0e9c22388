import type { ApolloServerPlugin } from '@apollo/server';
import { Kind, TypeInfo, isInterfaceType, visit, visitWithTypeInfo } from 'graphql';
import type { ASTNode, DocumentNode, GraphQLField, GraphQLSchema, OperationDefinitionNode } from 'graphql';
import { forbidden, isExpired, unauthenticated, missingScopes } from '../../resolvers/field-access.js';
import type { RequestContext } from '../../resolvers/request-context.js';
import { recordRejection } from '../request/request-guard.js';
import type { OnRejection } from '../request/request-guard.js';
import { requirementOf } from '../../schema/subgraph/authorization.js';
import type { Requirement } from '../../schema/subgraph/authorization.js';

type Field = GraphQLField<unknown, unknown>;

/** Requirements by operation. Apollo Server caches documents, so each is traversed once. */
const known = new WeakMap<OperationDefinitionNode, readonly Requirement[]>();

/**
 * Rejects an operation before any of it runs if it has a field for which the client lacks a scope, however deep the
 * field is nested and even if it is skipped. The requirements are those of the SDL.
 */
export function authorize(onRejection: OnRejection): ApolloServerPlugin<RequestContext> {
  return {
    requestDidStart: () =>
      Promise.resolve({
        // Throws synchronously: with a rejected promise the plugins behind this one would run first.
        didResolveOperation: ({ operation, document, schema, contextValue: { client, log } }) => {
          if (isExpired(client)) {
            recordRejection(log, { onRejection }, 'expired');
            throw unauthenticated();
          }
          // Undefined when the document has no operation of the requested name; Apollo Server reports that.
          const missing = operation && missingScopes(client, requirementsOf(operation, document, schema));
          if (missing === undefined || missing.length === 0) return Promise.resolve();
          recordRejection(log, { onRejection }, 'scope', { clientId: client.id });
          throw forbidden(missing);
        },
      }),
  };
}

function requirementsOf(operation: OperationDefinitionNode, document: DocumentNode, schema: GraphQLSchema) {
  const found =
    known.get(operation) ??
    fieldsOf(operation, document, schema)
      .map(requirementOf)
      .filter((requirement) => requirement !== undefined);
  known.set(operation, found);
  return found;
}

/** All fields that an operation selects, including those of its fragments. */
function fieldsOf(operation: OperationDefinitionNode, { definitions }: DocumentNode, schema: GraphQLSchema): Field[] {
  const typeInfo = new TypeInfo(schema);
  const fields = new Set<Field>();
  const spread = new Set<string>();
  const collect = (node: ASTNode): unknown =>
    visit(
      node,
      visitWithTypeInfo(typeInfo, {
        Field: () => fieldsAt(typeInfo, schema).forEach((field) => fields.add(field)),
        FragmentSpread: ({ name }) => void spread.add(name.value),
      }),
    );
  collect(operation);
  // The set grows during the iteration.
  for (const name of spread)
    definitions.filter((node) => node.kind === Kind.FRAGMENT_DEFINITION && node.name.value === name).forEach(collect);
  return [...fields];
}

/** The field at this position; for an interface, also the fields of all types that implement it. */
function fieldsAt(typeInfo: TypeInfo, schema: GraphQLSchema): Field[] {
  const field = typeInfo.getFieldDef();
  const parent = typeInfo.getParentType();
  if (field == null) throw new Error('a valid operation selects a field that the schema does not define');
  if (!isInterfaceType(parent)) return [field];
  return [field, ...schema.getPossibleTypes(parent).flatMap((type) => type.getFields()[field.name] ?? [])];
}
