import type { ApolloServerPlugin, GraphQLRequestContextDidResolveOperation } from '@apollo/server';
import { Kind, TypeInfo, isInterfaceType, visit, visitWithTypeInfo } from 'graphql';
import type { ASTNode, DocumentNode, GraphQLField, GraphQLSchema, OperationDefinitionNode } from 'graphql';
import { forbidden, isExpired, unauthenticated, missingScopes } from '../../resolvers/field-access.js';
import type { RequestContext } from '../../resolvers/request-context.js';
import type { OnRejection } from '../request/rejection.js';
import { requirementOf } from '../../schema/subgraph/required-scopes.js';
import type { Requirement } from '../../schema/subgraph/required-scopes.js';

type Field = GraphQLField<unknown, unknown>;
type Resolved = GraphQLRequestContextDidResolveOperation<RequestContext>;

/** By operation: documents are kept, so each is looked through once. */
const known = new WeakMap<OperationDefinitionNode, readonly Requirement[]>();

/**
 * Refuses, before anything of it runs, an operation that has a field for which its caller lacks the scopes, whatever the field
 * is nested in, and skipped or not. What a field needs is what the SDL says.
 */
export function authorize(onRefused: OnRejection): ApolloServerPlugin<RequestContext> {
  return {
    requestDidStart: () =>
      Promise.resolve({
        // Throws, where a promise would let the plugins behind it have their say first.
        didResolveOperation: (resolved) => {
          refuseUnlessPermitted(resolved, onRefused);
          return Promise.resolve();
        },
      }),
  };
}

function refuseUnlessPermitted({ operation, document, schema, contextValue }: Resolved, onRefused: OnRejection): void {
  const { client: caller, log } = contextValue;
  if (isExpired(caller)) {
    onRefused('expired');
    log.info({ reason: 'expired' }, 'refused');
    throw unauthenticated();
  }
  // A document without an operation of the name that was asked for.
  if (operation === undefined) return;
  const unmet = missingScopes(caller, requirementsOf(operation, document, schema));
  if (unmet.length === 0) return;
  onRefused('scope');
  log.info({ reason: 'scope', caller: caller.id }, 'refused');
  throw forbidden(unmet);
}

function requirementsOf(operation: OperationDefinitionNode, document: DocumentNode, schema: GraphQLSchema) {
  const found = known.get(operation) ?? [...fieldsOf(operation, document, schema)].flatMap(toRequirements);
  known.set(operation, found);
  return found;
}

function toRequirements(field: Field): readonly Requirement[] {
  const requirement = requirementOf(field);
  return requirement === undefined ? [] : [requirement];
}

/** All that an operation asks for, the fields of its fragments included. */
function fieldsOf(
  operation: OperationDefinitionNode,
  { definitions }: DocumentNode,
  schema: GraphQLSchema,
): Set<Field> {
  const typeInfo = new TypeInfo(schema);
  const fields = new Set<Field>();
  const spread = new Set<string>();
  const look = (node: ASTNode): unknown =>
    visit(
      node,
      visitWithTypeInfo(typeInfo, {
        Field: () => fieldsAt(typeInfo, schema).forEach((field) => fields.add(field)),
        FragmentSpread: ({ name }) => void spread.add(name.value),
      }),
    );
  look(operation);
  // It grows while it is gone through.
  for (const name of spread)
    definitions.filter((node) => node.kind === Kind.FRAGMENT_DEFINITION && node.name.value === name).forEach(look);
  return fields;
}

/** Of an interface: those of all types that may stand there. */
function fieldsAt(typeInfo: TypeInfo, schema: GraphQLSchema): Field[] {
  const field = typeInfo.getFieldDef();
  const parent = typeInfo.getParentType();
  if (field == null) throw new Error('an operation that is valid has a field that the schema has not');
  if (!isInterfaceType(parent)) return [field];
  return [field, ...schema.getPossibleTypes(parent).flatMap((type) => type.getFields()[field.name] ?? [])];
}
